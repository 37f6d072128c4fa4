import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EcmaScriptModule, parseSync } from 'oxc-parser';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** How IAM calls the services (Service Authorization Reference). */
const PREFIX: Readonly<Record<string, string>> = {
  '@aws-sdk/client-cloudwatch': 'cloudwatch',
  '@aws-sdk/client-cloudwatch-logs': 'logs',
  '@aws-sdk/client-ecs': 'ecs',
  '@aws-sdk/client-elastic-load-balancing-v2': 'elasticloadbalancing',
  '@aws-sdk/client-rds': 'rds',
  '@aws-sdk/client-s3': 's3',
  '@aws-sdk/client-service-quotas': 'servicequotas',
  '@aws-sdk/client-sfn': 'states',
  '@aws-sdk/client-sns': 'sns',
};

/** Operations whose permission has another name ("Actions, resources, and condition keys for Amazon S3"). */
const RENAMED: Readonly<Record<string, string>> = { 's3:ListObjectsV2': 's3:ListBucket' };

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** One call of AWS that a file makes, and the permissions that `callAws` names wherever it is sent. */
export interface MadeCall {
  /** The permission that its operation needs. */
  readonly action: string;
  readonly told: readonly string[];
}

export interface Adapter {
  /** Its file, without the ending. */
  readonly name: string;
  readonly calls: readonly MadeCall[];
  readonly problems: readonly string[];
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

/** A file's tree, with the way up from each node. */
class Tree {
  readonly nodes: Node[] = [];
  readonly #parents = new Map<Node, Node>();

  constructor(program: unknown) {
    if (isNode(program)) this.#add(program);
  }

  #add(node: Node): void {
    this.nodes.push(node);
    for (const child of childrenOf(node)) {
      this.#parents.set(child, node);
      this.#add(child);
    }
  }

  above(node: Node): Node[] {
    const parent = this.#parents.get(node);
    return parent === undefined ? [] : [parent, ...this.above(parent)];
  }

  /** The call's arguments, or undefined for what is no call of `name`, bare or as a member. */
  argumentsOf(node: Node, name: RegExp): readonly Node[] | undefined {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
    const callee = node['callee'] as Node;
    const named = callee.type === 'MemberExpression' ? (callee['property'] as Node) : callee;
    return name.test(String(named['name'])) ? (node['arguments'] as Node[]) : undefined;
  }

  /** The permissions named by the calls of `callAws` that the node stands in. */
  told(node: Node): string[] {
    return this.above(node).flatMap((above) => {
      const [action] = this.argumentsOf(above, /^callAws$/) ?? [];
      return typeof action?.['value'] === 'string' ? [action['value']] : [];
    });
  }

  /** Where the constant that the node is assigned to is read, within the function that it stands in. */
  readings(node: Node): Node[] {
    const above = this.above(node);
    const declarator = above.find(({ type }) => type === 'VariableDeclarator');
    const scope = above.find(({ type }) => /Function/.test(type));
    if (declarator === undefined || scope === undefined) return [];
    const target = declarator['id'] as Node;
    return this.nodes.filter(
      (each) => each.type === 'Identifier' && each !== target && each['name'] === target['name'] && within(each, scope),
    );
  }
}

const within = (inner: Node, outer: Node): boolean => inner.start >= outer.start && inner.end <= outer.end;

/** Where an operation is really sent: the node itself, or where the constant that holds it is read. */
function sentAt(tree: Tree, node: Node, seen = new Set<Node>()): Node[] {
  if (seen.has(node)) return [];
  seen.add(node);
  if (tree.told(node).length > 0) return [node];
  const readings = tree.readings(node);
  return readings.length === 0 ? [node] : readings.flatMap((reading) => sentAt(tree, reading, seen));
}

/** The permissions under which an operation is sent, wherever that is. */
const judgedPoints = (tree: Tree, node: Node): string[] =>
  sentAt(tree, node).flatMap((each) => {
    const told = tree.told(each);
    return told.length === 0 ? ['no permission'] : told;
  });

const COMMAND = /^(\w+)Command$/;
const PAGES = /^paginate(\w+)$/;

/** What a source has of the SDK, but for types and clients. */
const importedBy = (module: EcmaScriptModule): { from: string; what: string }[] =>
  module.staticImports
    .filter(({ moduleRequest }) => moduleRequest.value.startsWith('@aws-sdk/'))
    .flatMap(({ moduleRequest: { value: from }, entries }) =>
      entries.filter(({ isType }) => !isType).map(({ localName }) => ({ from, what: localName.value })),
    )
    // A signer asks nothing of AWS: what it makes is for the database to judge.
    .filter(({ what }) => !/^\w+Client$|^Signer$/.test(what));

/** What a source asks of AWS, and what of that nobody could know the permission of. */
export function readAdapter(name: string, source: string): Adapter {
  const { program, module } = parseSync(`${name}.ts`, source);
  const tree = new Tree(program);
  const problems: string[] = [];
  const calls: MadeCall[] = [];
  for (const { from, what } of importedBy(module)) {
    const operation = (COMMAND.exec(what) ?? PAGES.exec(what))?.[1];
    const plain = `${PREFIX[from]}:${operation}`;
    const made = tree.nodes.filter((node) => tree.argumentsOf(node, new RegExp(`^${what}$`)) !== undefined);
    for (const node of made) calls.push({ action: RENAMED[plain] ?? plain, told: judgedPoints(tree, node) });
    if (operation === undefined) problems.push(`${what} is no command, no paginator and no client`);
    else if (made.length === 0) problems.push(`${what} is not called by its name`);
  }
  return { name, calls, problems: [...problems, ...wrong(calls), ...bareSends(tree)] };
}

const wrong = (calls: readonly MadeCall[]): string[] =>
  calls
    .filter(({ action, told }) => told.some((each) => each !== action))
    .map(({ action, told }) => `${action} is sent under ${told.join(', ')}`);

const bareSends = (tree: Tree): string[] =>
  tree.nodes
    .filter((node) => tree.argumentsOf(node, /^send$/) !== undefined && tree.told(node).length === 0)
    .map(() => 'something is sent outside of callAws');

const readFolder = (folder: string): Adapter[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readAdapter(file.replace(/\.ts$/, ''), readFileSync(join(ROOT, folder, file), 'utf8')))
    .filter(({ calls, problems }) => calls.length + problems.length > 0);

/** The adapters that ask something of AWS. */
export const readAdapters = (): Adapter[] => readFolder('lib/adapters/aws');

/** The functions that do so past the adapters. */
export const readFunctions = (): Adapter[] => readFolder('lambda');
