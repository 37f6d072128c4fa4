import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { supportWarnings } from '../../../bin/app.ts';
import { lifecycleOf, type UsedVersion } from '../../../lib/environment/end-of-support.ts';
import { MOST_NODES } from '../../../lib/environment/quotas.ts';
import { versionsUsed } from '../../../lib/environment/environment.ts';
import { wantedQuotas } from '../../../lib/environment/cost/wanted-quotas.ts';
import { configurationOf, environments } from './configurations.ts';
import { type Resource, synthesise } from './synthesise.ts';

const text = (value: unknown): string => JSON.stringify(value) ?? '';

/** All that a resource is made after, by way of others too. */
function madeAfter(template: Template, id: string): ReadonlySet<string> {
  const resources = template.toJSON()['Resources'] as Record<string, Resource>;
  const found = new Set<string>();
  const visit = (each: string): void => {
    const resource = resources[each];
    if (resource === undefined || found.has(each)) return;
    found.add(each);
    const { DependsOn = [], ...rest } = resource;
    [DependsOn].flat().forEach((dependency) => visit(String(dependency)));
    const named = text(rest).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g);
    for (const [, reference = ''] of named) visit(reference);
  };
  visit(id);
  return found;
}

describe('what works is made after its way out, and so removed before it: in a rollback too', () => {
  const LEADS = [
    'AWS::EC2::Route',
    'AWS::EC2::SubnetRouteTableAssociation',
    'AWS::EC2::VPCEndpoint',
    'AWS::EC2::NatGateway',
  ];
  // The rotation's function is tried when its schedule is made.
  const WORKS = [
    'AWS::ECS::Service',
    'AWS::AutoScaling::AutoScalingGroup',
    'AWS::Serverless::Application',
    'AWS::SecretsManager::RotationSchedule',
  ];

  test.each(['dev', 'staging', 'perf'] as const)('%s', (name) => {
    const template = synthesise(name).of('staging');
    const ids = (types: readonly string[]): string[] =>
      types.flatMap((type) => Object.keys(template.findResources(type)));
    const ways = ids(LEADS);
    expect(ways.length).toBeGreaterThanOrEqual(8);
    expect(ids(WORKS).length).toBeGreaterThanOrEqual(4);
    const early = ids(WORKS).flatMap((id) => {
      const before = madeAfter(template, id);
      return ways.filter((way) => !before.has(way)).map((way) => `${id} before ${way}`);
    });
    expect(early).toEqual([]);
  });

  test('tasks are made after the proxy knows its database, since it refuses every connection until then', () => {
    const template = synthesise('perf').of('staging');
    const services = Object.keys(template.findResources('AWS::ECS::Service'));
    const service = services.find((id) => id.includes('ServiceTasksService')) ?? '';
    const [targets = 'none'] = Object.keys(template.findResources('AWS::RDS::DBProxyTargetGroup'));
    expect(madeAfter(template, service)).toContain(targets);
  });
});

test.each(['dev', 'staging', 'perf'] as const)(
  'of %s each stack reads a name of another at the most once for each node of a cache, and 40 times in all: CloudFormation throttled itself at 75',
  (name) => {
    for (const [stack, template] of synthesise(name).templates) {
      const read = Array.from(
        text(template.toJSON()).matchAll(/"Fn::GetStackOutput":\{.*?"OutputName":"(\w+)"/g),
        ([, output]) => output,
      );
      const most = Math.max(
        0,
        ...Map.groupBy(read, (output) => output)
          .values()
          .map((each) => each.length),
      );
      expect([stack, most <= MOST_NODES, read.length <= 40]).toEqual([stack, true, true]);
    }
  },
);

/** Versions as the templates have them, by the resource's type. */
const VERSIONS: readonly (readonly [
  type: string,
  versionOf: (properties: Record<string, unknown>) => UsedVersion | undefined,
])[] = [
  ['AWS::RDS::DBInstance', ({ EngineVersion }) => ({ product: 'postgresql', version: String(EngineVersion) })],
  [
    'AWS::ElastiCache::ReplicationGroup',
    ({ EngineVersion }) => ({ product: 'valkey', version: String(EngineVersion) }),
  ],
  [
    'AWS::Lambda::Function',
    ({ Runtime }) => ({
      product: 'lambda-node',
      version: /^nodejs(\d+)\.x$/.exec(String(Runtime))?.[1] ?? String(Runtime),
    }),
  ],
  // LATEST, the default, is what BUILT_WITH says.
  [
    'AWS::ECS::Service',
    ({ PlatformVersion: version }) => (typeof version === 'string' ? { product: 'fargate', version } : undefined),
  ],
  [
    'AWS::EC2::LaunchTemplate',
    ({ LaunchTemplateData }) => ({
      product: 'amazon-linux',
      version: /amazon-linux-(\d+)/.exec(text(LaunchTemplateData))?.[1] ?? 'none',
    }),
  ],
];

test.each(['dev', 'staging', 'perf'] as const)(
  'every version in the templates of %s has its row in the table of what ends',
  (name) => {
    const parameters = text([...synthesise(name).templates.values()].map((each) => each.toJSON()['Parameters']));
    const found = VERSIONS.flatMap(([type, versionOf]) =>
      [...synthesise(name).resources.values()].flatMap(({ Type, Properties = {} }) => {
        if (Type !== type) return [];
        const whole =
          type === 'AWS::EC2::LaunchTemplate' ? { LaunchTemplateData: [Properties, parameters] } : Properties;
        return versionOf(whole) ?? [];
      }),
    );
    const expected = name === 'dev' ? 6 : 7;
    expect(found.length).toBeGreaterThanOrEqual(expected);
    expect(found.filter((each) => lifecycleOf(each) === undefined)).toEqual([]);
    // What the checklist is asked about is what the templates have.
    const asked = new Set(versionsUsed(configurationOf(name).environment).map((each) => text(each)));
    expect(found.filter((each) => !asked.has(text(each)))).toEqual([]);
  },
);

test('synthesis warns of what ends, by the date that it is given', () => {
  const warned = (day: string): string[] => supportWarnings(configurationOf('staging'), Date.parse(day));
  expect(warned('2026-11-29')).toEqual([]);
  expect(warned('2028-04-01').join('\n')).toMatch(
    /Node\.js on AWS Lambda 24 is supported until 2028-04-30.*\n.*\n.*were read on/,
  );
});

describe('docs/deploy.md, for a first deployment', () => {
  const page = readFileSync('docs/deploy.md', 'utf8');
  const [, recipe = ''] = page.split('## Where a first deployment does not succeed');
  const undo = recipe.split('\n## ')[0] ?? '';

  test('keeps what it has made', () =>
    expect(page).toMatch(/^4\. `npx cdk deploy --all -c env=staging --no-rollback`/m));

  /** What CloudFormation can't delete, and the command that lets it. */
  const HELD: Readonly<Record<string, { held: (properties: string) => boolean; by: string }>> = {
    'AWS::RDS::DBInstance': {
      held: (all) => all.includes('"DeletionProtection":true'),
      by: '--no-deletion-protection',
    },
    'AWS::ElasticLoadBalancingV2::LoadBalancer': {
      held: (all) => all.includes('"deletion_protection.enabled","Value":"true"'),
      by: 'Key=deletion_protection.enabled,Value=false',
    },
    'AWS::AutoScaling::AutoScalingGroup': {
      held: (all) => all.includes('"NewInstancesProtectedFromScaleIn":true'),
      by: 'delete-auto-scaling-group --force-delete',
    },
  };

  test('undoes every protection that the templates have', () => {
    const resources = [...synthesise('perf').resources.values(), ...synthesise('staging').resources.values()];
    const guarded = resources.filter(({ Properties }) =>
      /protect\w*"?:true|_protection.enabled","Value":"true"/i.test(text(Properties)),
    );
    expect(new Set(guarded.map(({ Type }) => Type))).toEqual(new Set(Object.keys(HELD)));
    for (const { Type, Properties } of guarded) {
      expect(HELD[Type]?.held(text(Properties))).toBe(true);
      expect(undo).toContain(`in $(made ${Type})`);
      expect(undo).toContain(HELD[Type]?.by ?? Type);
    }
  });

  test('names the quotas that each environment wants', () => {
    const rows = page.matchAll(/^ *\| .+ \| (L-\w+) \| (.+) \| (.+) \| (.+) \|$/gm);
    const written = Array.from(rows, ([, code, ...counts]) => [code, ...counts]);
    const wanted = environments.map(
      (name) => new Map(wantedQuotas(configurationOf(name)).map((each) => [each.code, String(each.wanted)])),
    );
    expect(written).toHaveLength(5);
    expect(written).toEqual(written.map(([code = '']) => [code, ...wanted.map((each) => each.get(code) ?? '–')]));
    expect(new Set(wanted.flatMap((each) => [...each.keys()]))).toEqual(new Set(written.map(([code]) => code)));
  });
});
