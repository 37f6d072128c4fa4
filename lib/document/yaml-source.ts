import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair, YAMLError, YAMLMap } from 'yaml';
import { codeOf, messageOf } from '../errors.ts';
import type { Path, Position, Problem } from './problems.ts';

/** Keeps an alias of a large anchor from being read a thousand times over. */
const MOST_ALIASES = 100;

/** A problem of the syntax, which has a place but no path. */
interface Located extends Problem {
  readonly at: Position;
}

/** A plan's text as a value, with the way back from a path in the value to a place in the text. */
export interface YamlSource {
  readonly value: unknown;
  /** Of the syntax; where there are any, the value is undefined. */
  readonly problems: readonly Located[];
  positionOf(problem: Problem): Position;
  /** The letters of a number, true, false or null that stands there, where its value would be written otherwise: 00017, 1.10, True, ~, or none at all. */
  readonly writtenAt: (path: Path) => string | undefined;
}

/**
 * Reads YAML 1.2 (JSON is YAML too). Never throws: everything wrong is in `problems`, all at once. `merge`: the key `<<` takes in the
 * keys of another map, as in YAML 1.1.
 */
export function readYaml(text: string, { merge = false } = {}): YamlSource {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, merge });
    const problems = withoutEchoes([...document.errors, ...document.warnings]).map((error) =>
      syntaxProblem(error, text, at),
    );
    nameKeysAsWritten(document);
    if (problems.length === 0) problems.push(...structureProblems(document, { at, merge }));
    const value: unknown = problems.length === 0 ? document.toJS({ maxAliasCount: MOST_ALIASES }) : undefined;
    const pairsOf = pairIndex(document, merge);
    return {
      value,
      problems,
      positionOf: (problem) => at(offsetOf(document, problem, pairsOf)),
      writtenAt: (path) => writtenAt(document, path, pairsOf),
    };
  } catch (error) {
    const problem = { path: [], text: unreadable(error), at: { line: 1, column: 1 } };
    return { value: undefined, problems: [problem], positionOf: () => problem.at, writtenAt: () => undefined };
  }
}

/** Some of the library's messages quote what they are about, however long. */
const LONGEST_MESSAGE = 200;

const TOO_DEEP = 'is nested too deeply; nothing that is read here goes so deep';

/** Own words where the library's would not say what to do. */
const SYNTAX: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab cannot indent YAML; use spaces',
  MULTIPLE_DOCS: 'there must be one YAML document; remove the --- line',
};

/**
 * Where a document ends early, the library reports every later token again: of those only the first is news, and it is not
 * where there was another error before.
 */
function withoutEchoes(errors: readonly YAMLError[]): readonly YAMLError[] {
  const own = errors.filter(({ message }) => !message.includes('token in YAML stream'));
  const sorted = (own.length > 0 ? own : errors.slice(0, 1)).toSorted((a, b) => a.pos[0] - b.pos[0]);
  return sorted.filter((error, i) => i === 0 || error.code !== sorted[i - 1]?.code);
}

function syntaxProblem(error: YAMLError, text: string, at: (offset: number) => Position): Located {
  const place = at(error.pos[0]);
  const line = text.slice(error.pos[0] - place.column + 1).split('\n', 1)[0] ?? '';
  const remedy = line.includes('{{') ? '; put a text with {{ }} in quotes' : '';
  const own = /stack/i.test(error.message) ? TOO_DEEP : (SYNTAX[error.code] ?? unclosed(error));
  return { path: [], text: own ?? `is no YAML: ${error.message.slice(0, LONGEST_MESSAGE)}${remedy}`, at: place };
}

/** Reported where the text ends, which is far from the quote that opened it. */
const unclosed = ({ message }: YAMLError): string | undefined =>
  /^Missing closing .quote/.test(message) ? 'a text in quotes begins above and never ends; close its quote' : undefined;

const YAML_ORG = 'tag:yaml.org,2002:';
/** Those of YAML's core schema; bytes, sets and moments are nothing that a document here can hold. */
const READ_TAGS = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq|merge)$/;

/** What the library lets through, or would find in time that grows with the square of the keys: bad aliases and double keys. */
function structureProblems(
  document: Document,
  { at, merge }: { at: (offset: number) => Position; merge: boolean },
): Located[] {
  const problems: Located[] = [];
  const report = (node: Node, text: string): void => {
    problems.push({ path: [], text, at: at(node.range?.[0] ?? 0) });
  };
  const tagged = (node: Node & { readonly tag?: string }): void => {
    if (node.tag !== undefined && !READ_TAGS.test(node.tag))
      report(node, `has the tag ${node.tag.replace(YAML_ORG, '!!')}, which is not read; leave it out`);
  };
  let aliases = 0;
  visit(document, {
    Alias(_, alias) {
      aliases += 1;
      if (aliases > MOST_ALIASES) {
        report(alias, `more than ${MOST_ALIASES} aliases; write the values out`);
        return visit.BREAK;
      }
      if (alias.resolve(document) === undefined) report(alias, `*${alias.source} has no &${alias.source} before it`);
    },
    Value: (_, node) => tagged(node),
    Map(_, map) {
      tagged(map);
      for (const { node, key } of doubleKeys(map)) report(node, `${key} stands in this map twice; keep one`);
      for (const { key, value } of map.items) {
        if (isMap(key) || isSeq(key)) report(key, 'a map or a list can be no key; write a text');
        if (isScalar(key) && key.value === '<<' && key.type === 'PLAIN' && merge && !takesIn(value, document))
          report(key, '<< takes in the keys of another map; write <<: *name, or quotes round it');
        // JavaScript's name for an object's prototype: it would get lost on the way.
        if (isScalar(key) && key.value === '__proto__') report(key, '__proto__ can be no key here; write it in a body');
      }
    },
  });
  return problems;
}

/** A map, or a list of maps, by their anchors or as they stand. */
function takesIn(value: unknown, document: Document): boolean {
  const taken = resolved(value, document);
  return isMap(taken) || (isSeq(taken) && taken.items.every((each) => isMap(resolved(each, document))));
}

/** Keys are texts in all that is read here: `007:` is no 7. */
function nameKeysAsWritten(document: Document): void {
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && typeof key.value !== 'string' && key.source !== undefined) key.value = key.source;
    },
  });
}

function doubleKeys(map: YAMLMap): { node: Node; key: string }[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const isDouble = seen.has(name);
    seen.add(name);
    return isDouble ? { node: key, key: name } : [];
  });
}

/** Too deep a nesting ends the stack (RangeError); aliases that multiply end in a ReferenceError. */
function unreadable(error: unknown): string {
  if (error instanceof RangeError) return TOO_DEEP;
  if (error instanceof ReferenceError) return 'aliases inside aliases multiply too far; write the values out';
  return `is no YAML: ${messageOf(error)} ${codeOf(error)}`.trim();
}

interface Step {
  readonly key?: Node;
  readonly value?: Node;
}

/** Start of the deepest node on the problem's path that stands in the text. */
function offsetOf(document: Document, problem: Problem, pairsOf: PairsOf): number {
  let offset = document.contents?.range?.[0] ?? 0;
  let node: Node | undefined = document.contents ?? undefined;
  for (const [depth, part] of problem.path.entries()) {
    const step: Step = child(resolved(node, document), part, pairsOf);
    if (step.key === undefined && step.value === undefined) break;
    const isKey = problem.onKey === true && depth === problem.path.length - 1;
    offset = (isKey ? step.key : (step.value ?? step.key))?.range?.[0] ?? offset;
    node = step.value;
  }
  return offset;
}

function writtenAt(document: Document, path: Path, pairsOf: PairsOf): string | undefined {
  let node: unknown = document.contents;
  for (const part of path) node = child(resolved(node, document), part, pairsOf).value;
  const scalar = resolved(node, document);
  if (!isScalar(scalar) || !(scalar.value === null || ['number', 'boolean'].includes(typeof scalar.value)))
    return undefined;
  return scalar.source === String(scalar.value) ? undefined : scalar.source;
}

const resolved = (node: unknown, document: Document): unknown => (isAlias(node) ? node.resolve(document) : node);

function child(parent: unknown, part: Path[number], pairsOf: PairsOf): Step {
  if (isSeq<Node>(parent)) {
    const value = parent.items[Number(part)];
    return value === undefined ? {} : { value };
  }
  const pair = isMap<Node, Node | null>(parent) ? pairsOf(parent).get(String(part)) : undefined;
  return { ...(pair && { key: pair.key }), ...(pair?.value && { value: pair.value }) };
}

type NodeMap = YAMLMap<Node, Node | null>;
type PairsOf = (map: NodeMap) => ReadonlyMap<string, Pair<Node, Node | null>>;

/** A map's pairs by key, with those that it takes in, indexed once: a plan may have as many problems as keys. */
function pairIndex(document: Document, merge: boolean): PairsOf {
  const index = new WeakMap<NodeMap, Map<string, Pair<Node, Node | null>>>();
  return function pairsOf(map) {
    const known = index.get(map);
    if (known !== undefined) return known;
    const pairs = new Map(map.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
    index.set(map, pairs);
    const taken = merge ? resolved(pairs.get('<<')?.value, document) : undefined;
    for (const each of isSeq<Node>(taken) ? taken.items : [taken]) {
      const other = resolved(each, document);
      if (isMap<Node, Node | null>(other))
        for (const [key, pair] of pairsOf(other)) if (!pairs.has(key)) pairs.set(key, pair);
    }
    return pairs;
  };
}
