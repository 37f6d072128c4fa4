import type { Template } from 'aws-cdk-lib/assertions';
import type { Resource, Synthesised } from './synthesise.ts';

/** A resource of a deployment, with all that has to be there while it is. */
export interface DeployedResource {
  /** `stack/logicalId`. */
  readonly id: string;
  readonly resource: Resource;
  /** By `Ref`, `Fn::GetAtt`, `Fn::Sub`, `DependsOn` and `Fn::GetStackOutput`, of its own stack and of others; not by way of others. */
  readonly needs: ReadonlySet<string>;
  /** What it names itself; the rest it only waits for. */
  readonly refersTo: ReadonlySet<string>;
}

const text = (value: unknown): string => JSON.stringify(value) ?? '';

/** Everything that functions of CloudFormation name within a value: logical ids, and outputs as `stack:output`. */
function named(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(named);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String((Array.isArray(inner) ? inner : String(inner).split('.'))[0])];
    if (key === 'Fn::GetStackOutput') {
      const { StackName, OutputName } = inner as { readonly StackName: string; readonly OutputName: string };
      return [`${StackName}:${OutputName}`];
    }
    if (key !== 'Fn::Sub') return named(inner);
    const [written, values] = Array.isArray(inner) ? (inner as [string, object]) : [String(inner), {}];
    const own = new Set(Object.keys(values));
    const marks = Array.from(written.matchAll(/\$\{([\w:]+)(?:\.[\w.]+)?\}/g), ([, name = '']) => name);
    return [...marks.filter((name) => !own.has(name)), ...named(values)];
  });
}

/** What CloudFormation knows without being told. */
const isPseudo = (name: string): boolean => name.startsWith('AWS::');

type Parts = Readonly<Record<'Resources' | 'Outputs' | 'Parameters', Record<string, Record<string, unknown>>>>;

const partsOf = (template: Template): Parts => ({ Resources: {}, Outputs: {}, Parameters: {}, ...template.toJSON() });

/**
 * Every resource of an environment's stacks, with what it needs.
 * @throws Error where something is named that is nowhere: CloudFormation would refuse the template, or the update that reads the output
 */
export function deployedResources({
  templates,
}: Pick<Synthesised, 'templates'>): ReadonlyMap<string, DeployedResource> {
  const stacks = new Map(Array.from(templates, ([stack, template]) => [stack, partsOf(template)] as const));
  const resolve = (stack: string, name: string): string[] => {
    const [other, output = ''] = name.split(':', 2);
    if (isPseudo(name)) return [];
    const { Resources = {}, Parameters = {} } = stacks.get(stack) ?? {};
    if (name in Resources) return [`${stack}/${name}`];
    if (name in Parameters) return [];
    const found = stacks.get(other ?? '')?.Outputs[output];
    if (found === undefined) throw new Error(`${stack} names ${name}, which is nowhere`);
    return named(found['Value']).flatMap((each) => resolve(other ?? '', each));
  };
  return new Map(
    Array.from(stacks, ([stack, { Resources }]) =>
      Object.entries(Resources).map(([logicalId, written]): [string, DeployedResource] => {
        const { DependsOn = [], ...rest } = written;
        const refersTo = new Set(named(rest).flatMap((name) => resolve(stack, name)));
        const awaited = [DependsOn].flat().flatMap((name) => resolve(stack, String(name)));
        const id = `${stack}/${logicalId}`;
        const resource = written as unknown as Resource;
        return [id, { id, resource, needs: new Set([...awaited, ...refersTo]), refersTo }];
      }),
    ).flat(),
  );
}

/** By way of others too, and itself. */
export function neededBy(
  all: ReadonlyMap<string, DeployedResource>,
  id: string,
  by: 'needs' | 'refersTo' = 'needs',
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (each: string): void => {
    if (found.has(each)) return;
    found.add(each);
    all.get(each)?.[by].forEach(visit);
  };
  visit(id);
  return found;
}

/**
 * As CloudFormation makes them: all at once that have what they need, then the next.
 * @throws Error where some wait for one another
 */
export function creationWaves(all: ReadonlyMap<string, DeployedResource>): readonly (readonly string[])[] {
  const there = new Set<string>();
  const waves: string[][] = [];
  while (there.size < all.size) {
    const ready = [...all.values()].filter(
      ({ id, needs }) => !there.has(id) && [...needs].every((each) => there.has(each)),
    );
    if (ready.length === 0)
      throw new Error(`these wait for one another: ${[...all.keys()].filter((id) => !there.has(id)).join(', ')}`);
    const wave = ready.map(({ id }) => id);
    waves.push(wave);
    for (const id of wave) there.add(id);
  }
  return waves;
}

/** The stacks in the order in which `cdk deploy --all` takes them; it deploys none before those whose outputs it reads. */
export function stackOrder({ templates }: Pick<Synthesised, 'templates'>): string[] {
  const reads = new Map(
    Array.from(templates, ([stack, template]) => {
      const others = Array.from(text(template.toJSON()).matchAll(/"StackName":"([\w-]+)"/g), ([, other = '']) => other);
      return [stack, new Set(others)] as const;
    }),
  );
  const order: string[] = [];
  while (order.length < reads.size) {
    const next = [...reads].find(
      ([stack, others]) => !order.includes(stack) && [...others].every((each) => order.includes(each)),
    );
    if (next === undefined) throw new Error('stacks read one another in a circle');
    order.push(next[0]);
  }
  return order;
}
