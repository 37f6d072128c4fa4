import { beforeAll, describe, expect, test } from '@jest/globals';
import type { EnvironmentConfiguration } from '../../../lib/environment/parse.ts';
import type { EnvironmentName } from './configurations.ts';
import { creationWaves, type DeployedResource, deployedResources, neededBy, stackOrder } from './emulated-stack.ts';
import { silentNeeds, stays } from './silent-needs.ts';
import { type Resource, type Synthesised, synthesise } from './synthesise.ts';
import { certificate, existingAurora, existingInstance } from './variants.ts';

type Change = (configuration: EnvironmentConfiguration) => EnvironmentConfiguration;

const VARIANTS: readonly (readonly [string, EnvironmentName, Change | undefined])[] = [
  ['dev', 'dev', undefined],
  ['staging', 'staging', undefined],
  ['perf', 'perf', undefined],
  ['staging with a certificate', 'staging', certificate],
  ['what goes around an instance of RDS that is there', 'dev', existingInstance],
  ['what goes around a cluster of Aurora that is there', 'dev', existingAurora],
];

type All = ReadonlyMap<string, DeployedResource>;

/** What a reference does not say, and CloudFormation was not told either. */
const untold = (all: All): string[] =>
  silentNeeds.flatMap(({ type, because, needs }) =>
    [...all.values()].flatMap((it) => {
      if (it.resource.Type !== type) return [];
      const before = neededBy(all, it.id);
      return needs(it, all).flatMap((id) => (before.has(id) ? [] : [`${it.id} before ${id}: ${because}`]));
    }),
  );

/** Resources are removed the other way round; what stays must not need what went. */
const strandedIn = (all: All): string[] =>
  [...all.values()]
    .filter(({ resource }) => stays(resource))
    .flatMap(({ id }) =>
      Array.from(neededBy(all, id, 'refersTo')).flatMap((needed) => {
        const resource = all.get(needed)?.resource;
        return resource === undefined || stays(resource) ? [] : [`${id} outlives ${needed}`];
      }),
    );

/** Images that are there already, by a tag. */
const withTag =
  (change: Change, tag: string): Change =>
  (configuration) => {
    const { environment, scaling } = change(configuration);
    const image = { ecr: 'shop', tag };
    const { staging, loadTest } = environment;
    return {
      scaling,
      environment: {
        ...environment,
        ...(staging && { staging: { ...staging, service: { ...staging.service, image } } }),
        ...(loadTest && { loadTest: { ...loadTest, image } }),
      },
    };
  };

const text = (value: unknown): string => JSON.stringify(value);

describe.each(VARIANTS)('a first deployment of %s', (_, name, change) => {
  let built: Synthesised;

  beforeAll(() => {
    built = change === undefined ? synthesise(name) : synthesise(name, withTag(change, '1'));
  });

  test('takes each stack after those whose outputs it reads, and each resource after all that it needs', () => {
    const all = deployedResources(built);
    expect(all.size).toBe(built.resources.size);
    const order = stackOrder(built);
    const later = [...all.values()].flatMap(({ id, needs }) =>
      [...needs].filter((each) => order.indexOf(each.split('/')[0] ?? '') > order.indexOf(id.split('/')[0] ?? '')),
    );
    expect(later).toEqual([]);
    expect(creationWaves(all).flat()).toHaveLength(all.size);
    expect(untold(all)).toEqual([]);
  });

  test('goes back to nothing but what is there to stay, which needs nothing that went', () => {
    const all = deployedResources(built);
    expect(strandedIn(all)).toEqual([]);
    const left = (policy: string): string[] =>
      [...all.values()].flatMap(({ resource }) => (resource['DeletionPolicy'] === policy ? [resource.Type] : []));
    const builds = built.templates.has(`plimsoll-${name}-staging`);
    // Logs of the system that is built, and results of load tests.
    expect(left('Retain')).toEqual(Array.from({ length: builds ? 2 : 1 }, () => 'AWS::S3::Bucket'));
    expect(left('Snapshot')).toEqual(name === 'dev' ? [] : ['AWS::RDS::DBInstance']);
  });

  test('is updated with another image by new definitions of its tasks alone', () => {
    const other = change === undefined ? rebuilt(built) : synthesise(name, withTag(change, '2')).resources;
    const changed = [...built.resources].filter(([id, resource]) => text(resource) !== text(other.get(id)));
    expect([...other.keys()]).toEqual([...built.resources.keys()]);
    expect(changed.length).toBeGreaterThanOrEqual(2);
    expect(new Set(changed.map(([, { Type }]) => Type))).toEqual(new Set(['AWS::ECS::TaskDefinition']));
  });
});

/** As after a change of code: what is built from it has another hash for a tag, wherever that stands. */
function rebuilt({ resources }: Synthesised): ReadonlyMap<string, Resource> {
  const hashes = Array.from(
    text([...resources.values()]).matchAll(/container-assets-[^"]*?:([0-9a-f]{64})/g),
    ([, hash = '']) => hash,
  );
  expect(hashes.length).toBeGreaterThanOrEqual(2);
  const withOthers = (resource: Resource): Resource =>
    JSON.parse(hashes.reduce((written, hash) => written.replaceAll(hash, '0'.repeat(64)), text(resource))) as Resource;
  return new Map(Array.from(resources, ([id, resource]) => [id, withOthers(resource)]));
}

test('every order that no reference says is asked for somewhere', () => {
  const built = (['dev', 'staging', 'perf'] as const).map((name) => deployedResources(synthesise(name)));
  const idle = silentNeeds.filter(({ type, needs }) =>
    built.every((all) => [...all.values()].every((it) => it.resource.Type !== type || needs(it, all).length === 0)),
  );
  expect(idle.map(({ because }) => because)).toEqual([]);
});

describe('the walk finds', () => {
  const made = (resources: Readonly<Record<string, object>>): All =>
    deployedResources({ templates: new Map([['s', { toJSON: () => ({ Resources: resources }) }]]) as never });

  test.each<readonly [string, Record<string, object>, RegExp]>([
    [
      'a name that is nowhere',
      { A: { Type: 'T', Properties: { X: { Ref: 'Gone' } } } },
      /names Gone, which is nowhere/,
    ],
    [
      'an output that is nowhere',
      { A: { Type: 'T', X: { 'Fn::GetStackOutput': { StackName: 'o', OutputName: 'P' } } } },
      /nowhere/,
    ],
    [
      'a circle',
      { A: { Type: 'T', DependsOn: 'B' }, B: { Type: 'T', X: { 'Fn::Sub': '${A.Arn}' } } },
      /wait for one another: s\/A, s\/B/,
    ],
  ])('%s', (_, resources, says) => {
    expect(() => creationWaves(made(resources))).toThrow(says);
  });

  test('a role without its policy, and a bucket that outlives its key', () => {
    const Role = { Type: 'AWS::IAM::Role' };
    const Policy = { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'Role' }] } };
    const Machine = {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    };
    expect(untold(made({ Role, Policy, Machine }))).toHaveLength(1);
    expect(untold(made({ Role, Policy, Machine: { ...Machine, DependsOn: ['Policy'] } }))).toEqual([]);
    const Bucket = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { Key: { Ref: 'Key' } } };
    expect(strandedIn(made({ Key: { Type: 'AWS::KMS::Key' }, Bucket }))).toEqual(['s/Bucket outlives s/Key']);
  });
});
