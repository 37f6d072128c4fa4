import {
  Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { PlanInput } from '../plan/schema.ts';
import type { ScriptDifference } from './converter.ts';

/** A line of a plan that people read. */
const WIDTH = 110;

/** The first line of every converted plan: what it was made of. */
export interface Origin {
  /** `Artillery script shop.yml`. */
  readonly from: string;
  readonly sha256: string;
}

/**
 * A plan as a person would write it: small maps on one line, a comment where the script said something else. The same input gives the
 * same bytes.
 */
export function planText(plan: PlanInput, differences: readonly ScriptDifference[], { from, sha256 }: Origin): string {
  const document = new Document(plan, { aliasDuplicateObjects: false });
  for (const { at, ...difference } of differences) if (at !== undefined) comment(document, at, difference);
  narrow(document);
  const gap = (key: string): void => spaceBefore(document, key);
  for (const key of ['setup', 'teardown', 'scenarios', 'phases']) gap(key);
  const head = `# Converted from the ${oneLine(from)}\n# (sha256 ${sha256}).\n`;
  return head + document.toString({ lineWidth: 0, flowCollectionPadding: true, singleQuote: false });
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Cc}/gu, '\u{FFFD}');

function comment(document: Document, at: ScriptDifference['at'], { line, what }: ScriptDifference): void {
  const node = nodeFor(document, at ?? []);
  if (node === undefined) return;
  const text = ` ${line === undefined ? '' : `line ${line}: `}${oneLine(what)}`;
  node.commentBefore =
    node.commentBefore === null || node.commentBefore === undefined ? text : `${node.commentBefore}\n${text}`;
}

/** The node that begins the line of what stands at `path`: a list's item, or a map's key. */
function nodeFor(document: Document, path: NonNullable<ScriptDifference['at']>): Node | undefined {
  const [last] = path.slice(-1);
  const parent = path.length < 2 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isSeq(parent)) return parent.items[Number(last)] as Node | undefined;
  if (!isMap(parent)) return undefined;
  return parent.items
    .map(({ key }) => key)
    .find((key): key is Node & { value: unknown } => isScalar(key) && key.value === last);
}

/** Maps and lists that fit into a line are written in one, from the inside out; lists of steps, scenarios and phases stay lists. */
const depthOf = (path: readonly unknown[]): number => path.filter(isCollection).length;

function narrow(document: Document): void {
  visit(document, {
    Map: (_, node, path) => {
      flow(node, depthOf(path));
    },
    Seq: (_, node, path) => {
      const parent = path.at(-1);
      const name = isPair(parent) && isScalar(parent.key) ? String(parent.key.value) : '';
      if (!LISTS.has(name)) flow(node, depthOf(path));
    },
  });
}

/** Lists of which each item has its own line. */
const LISTS: ReadonlySet<string> = new Set([
  'steps',
  'scenarios',
  'phases',
  'setup',
  'teardown',
  'onStart',
  'else',
  'choose',
]);

function flow(node: YAMLMap | YAMLSeq, depth: number): void {
  if (depth < 2 && isMap(node)) return;
  if (holdsComment(node)) return;
  const text = JSON.stringify(node);
  const holdsSteps = /"(?:steps|else)":/.test(text);
  node.flow = !holdsSteps && text.length + depth * 2 <= WIDTH && !text.includes('\\n');
}

function holdsComment(node: Node): boolean {
  let found = false;
  visit(node, (_, each) => {
    if (each !== node && 'commentBefore' in (each as object) && (each as Node).commentBefore) {
      found = true;
      return visit.BREAK;
    }
    return undefined;
  });
  return found;
}

function spaceBefore(document: Document, name: string): void {
  if (!isMap(document.contents)) return;
  const key = document.contents.items.map((pair) => pair.key).find((each) => isScalar(each) && each.value === name);
  if (isScalar(key)) key.spaceBefore = true;
}
