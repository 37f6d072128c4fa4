import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { messageOf, PlimsollError } from '../../errors.ts';
import type { LocatedDocument } from './located-json.ts';

/** The reader takes a second for each, and more memory than a script is worth. */
const LONGEST = 8_000_000;
/** Each value comes with two kilobytes of the reader’s tree, and each line with a quarter of one; a document of 3 MB has 80,000. */
const MOST_VALUES = 180_000;
const LINES_A_VALUE = 8;
/** What stands before a value, opens a list or a map, or gives a value a name or a type. */
const MARKS = /[:?-]\s|[,[{]|[&!]\S/g;
/** Keeps aliases inside aliases from multiplying. */
const MOST_ALIASES = 200;

/**
 * YAML with the lines of its maps and lists. Of a key that stands twice the last one counts.
 * @throws PlimsollError E-SCRIPT-REFUSED
 */
export function parseLocatedYaml(text: string): LocatedDocument {
  if (opensTooMany(text)) refuse('It is nested too deep');
  const excess = yamlExcess(text);
  if (excess !== undefined) refuse(`It ${excess}, or give it as JSON`);
  const counter = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false, merge: true });
    // JSON within YAML, whose last brace stands at the left, is read all the same.
    const error = document.errors.find(({ code }) => code !== 'BAD_INDENT');
    if (error !== undefined)
      refuse(`Line ${counter.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]?.slice(0, 150)}`);
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    const lines = linesOf(document, value, (offset) => counter.linePos(offset).line);
    return { value, lineOf: (node) => (typeof node === 'object' && node !== null ? lines.get(node) : undefined) };
  } catch (thrown) {
    if (thrown instanceof PlimsollError) throw thrown;
    return refuse(
      thrown instanceof RangeError ? 'It is nested too deep' : `It is no YAML: ${messageOf(thrown).slice(0, 150)}`,
    );
  }
}

/** Why a text is too much for the reader, as the end of a sentence. */
export function yamlExcess(text: string): string | undefined {
  if (text.length > LONGEST) return `has ${text.length} letters of YAML; ${LONGEST} are the most`;
  const count = (pattern: RegExp): number => text.matchAll(pattern).reduce((sum) => sum + 1, 0);
  const values = count(MARKS) + Math.floor(count(/\n/g) / LINES_A_VALUE);
  return values > MOST_VALUES
    ? `is YAML of ${values} values, lines counted as well; ${MOST_VALUES} are the most`
    : undefined;
}

/** The reader takes a kilobyte for each bracket that is open, before it says that they are too many. */
const MOST_OPEN = 1000;

/** More brackets are open at once than any script has. */
export function opensTooMany(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + ('[{'.includes(bracket) ? 1 : -1));
    if (open > MOST_OPEN) return true;
  }
  return false;
}

function refuse(why: string): never {
  throw new PlimsollError('E-SCRIPT-REFUSED', `${why}.`);
}

/** Goes through the text's tree and the value's side by side. */
function linesOf(document: Document, root: unknown, lineAt: (offset: number) => number): WeakMap<object, number> {
  const lines = new WeakMap<object, number>();
  const open: [unknown, unknown][] = [[document.contents, root]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, value] = next;
    if (isAlias(node) || typeof value !== 'object' || value === null || lines.has(value)) continue;
    const children: ReadonlyMap<string, unknown> = new Map(Object.entries(value));
    if (isMap(node) || isSeq(node)) lines.set(value, lineAt(node.range?.[0] ?? 0));
    if (isMap(node))
      for (const { key, value: inner } of node.items)
        open.push([inner, children.get(isScalar(key) ? String(key.value) : '')]);
    if (isSeq(node)) for (const [at, inner] of node.items.entries()) open.push([inner, children.get(String(at))]);
  }
  return lines;
}
