import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Stack, Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addStacks } from '../../../bin/app.ts';
import { arrowsOf } from './arrows.ts';
import { statementsOf } from './statements.ts';
import { configurationOf, environments } from './configurations.ts';
import { mismatchOf, newApp, type Synthesised, synthesise } from './synthesise.ts';

const built = new Map<string, Synthesised>();
const of = (name: string): Synthesised => {
  const found = built.get(name);
  if (found === undefined) throw new Error(`${name} was not synthesised`);
  return found;
};

beforeAll(() => {
  for (const name of environments) built.set(name, synthesise(name));
});

/** Wildcards behind a name that is the system's own, each with its row in docs/security.md. */
const OWN = [
  /"\/(?:flow|balancer)\/AWSLogs\/",\{"Ref":"AWS::AccountId"\},"\/\*"\]/,
  /:(?:container-instance|task)\/",\{"Ref":"\w+"\},"\/\*"\]/,
  /:task\/",\{"Fn::GetAtt":\["NamesClusterName\w+","Value"\]\},"\/\*"\]/,
  /\["LoadTestResults\w+","Arn"\]\},"\/(?:runs|executions|plans|captures)\/\*"\]/,
  /\["LoadTest\w+StepFunction\w+","Arn"\]\},":\*"\]/,
  /:execution:plimsoll-\w+-load-test:\*"\]/,
  /:task-definition\/plimsoll\w+(?:StagingServiceTasksTask|LoadTest(?:Generator|Collector)Task)\w+:\*"\]/,
  /:snapshot:\*"\]/,
  /:log-group:",\{"Fn::GetAtt":\["NamesLogGroup\w+","Value"\]\},":\*"\]/,
  /:autoScalingGroup:\*:autoScalingGroupName\/",\{"Ref":"\w+"\}\]/,
];

describe.each(environments)('%s', (name) => {
  test('cdk-nag AwsSolutions and the template checks find nothing that is not acknowledged', () => {
    const { app, dispose } = newApp();
    addStacks(app, name, configurationOf(name));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
    dispose();
  });

  test('logical ids stay what they are: a change here replaces or removes what runs (npm test -- test/lib/infra -u, once it is meant)', () => {
    const ids = [...of(name).resources].map(([id, { Type }]) => `${id} ${Type}`);
    expect(ids.toSorted()).toMatchSnapshot();
  });

  test('the same configuration gives the same templates', () => {
    const again = synthesise(name, (configuration) => ({ ...configuration }));
    for (const [stack, template] of of(name).templates)
      expect(again.templates.get(stack)?.toJSON()).toEqual(template.toJSON());
  });

  test('security groups allow the arrows of docs/architecture.md and no other, at both ends', () => {
    const { incoming, outgoing } = arrowsOf(of(name).resources);
    const drawn = documentedArrows(name);
    expect(drawn.length).toBeGreaterThan(8);
    expect([...new Set(outgoing)]).toEqual(drawn.filter((arrow) => !arrow.startsWith('10.')).toSorted());
    expect([...new Set(incoming)]).toEqual(drawn.filter((arrow) => !arrow.includes('0.0.0.0/0')).toSorted());
  });

  test('nothing is reachable from the Internet', () => {
    const { incoming } = arrowsOf(of(name).resources);
    expect(incoming.filter((arrow) => arrow.startsWith('0.0.0.0/0') || arrow.startsWith('::/0'))).toEqual([]);
    expect(
      mismatchOf(of(name).of('staging'), 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }),
    ).toBe('');
  });

  test('no policy allows a wildcard action; wildcard resources are those of docs/security.md', () => {
    const page = readFileSync('docs/security.md', 'utf8');
    const allowed = [...of(name).resources]
      .flatMap(([id, resource]) => statementsOf(id, resource))
      .filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.length).toBeGreaterThan(10);
    // A key's own policy must give the account its rights, or nobody could ever change it: KMS Developer Guide, "Default key policy".
    const wild = allowed.filter(
      ({ actions, isKeyPolicy }) => !isKeyPolicy && actions.some((action) => action.includes('*')),
    );
    expect(wild).toEqual([]);
    const open = allowed.filter(
      ({ isKeyPolicy, resources }) => !isKeyPolicy && resources.some((each) => each.includes('*')),
    );
    const actions = open.flatMap((statement) => statement.actions);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !page.includes(`\`${action}\``))).toEqual([]);
    // A wildcard within a resource stands behind a name that is the system's own.
    const within = open.flatMap(({ resources }) => resources.filter((each) => each !== '*' && each.includes('*')));
    expect(within.filter((each) => !OWN.some((pattern) => pattern.test(each)))).toEqual([]);
  });

  test('everything that can be encrypted is', () => {
    const { resources } = of(name);
    const all = (type: string) =>
      [...resources.values()].filter(({ Type }) => Type === type).map(({ Properties = {} }) => Properties);
    expect(
      all('AWS::RDS::DBInstance').filter(
        (db) => db['StorageEncrypted'] !== true && db['SourceDBInstanceIdentifier'] === undefined,
      ),
    ).toEqual([]);
    expect(all('AWS::S3::Bucket').filter((bucket) => bucket['BucketEncryption'] === undefined)).toEqual([]);
    expect(all('AWS::SNS::Topic').filter((topic) => topic['KmsMasterKeyId'] === undefined)).toEqual([]);
    expect(all('AWS::ElastiCache::ReplicationGroup')).toEqual([
      expect.objectContaining({
        AtRestEncryptionEnabled: true,
        TransitEncryptionEnabled: true,
        TransitEncryptionMode: 'required',
      }),
    ]);
  });

  test('what is written for later goes after a month, and what keeps nothing goes with the stack', () => {
    const whole = of(name);
    expect(
      mismatchOf(whole.of('staging'), 'AWS::S3::Bucket', {
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 30, Status: 'Enabled' })] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      }),
    ).toBe('');
    const kept = [...whole.resources.values()].filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    // Logs, and results of load tests.
    expect(kept.map(({ Type }) => Type)).toEqual(['AWS::S3::Bucket', 'AWS::S3::Bucket']);
  });

  test('every log has an end', () => {
    const logs = [...of(name).resources.values()].filter(({ Type }) => Type === 'AWS::Logs::LogGroup');
    expect(logs.length).toBeGreaterThanOrEqual(3);
    expect(logs.filter(({ Properties }) => typeof Properties?.['RetentionInDays'] !== 'number')).toEqual([]);
  });

  test('every resource that takes tags carries the environment', () => {
    const { resources } = of(name);
    const tagged = [...resources].filter(([, { Properties }]) => Properties?.['Tags'] !== undefined);
    expect(tagged.length).toBeGreaterThan(40);
    const told = new RegExp(`"plimsoll:environment"[^}]*"plimsoll-${name}"|"plimsoll:environment":"plimsoll-${name}"`);
    expect(tagged.filter(([, { Properties }]) => !told.test(JSON.stringify(Properties?.['Tags'])))).toEqual([]);
    const types = new Set(tagged.map(([, { Type }]) => Type));
    const billed = [
      'ECS::Service',
      'RDS::DBInstance',
      'ElastiCache::ReplicationGroup',
      'EC2::NatGateway',
      'SNS::Topic',
    ];
    const untagged = billed.filter((type) => typesOf(name).has(`AWS::${type}`) && !types.has(`AWS::${type}`));
    expect(untagged).toEqual([]);
  });
});

test('where the database may not be deleted, neither may the stack it stands in, by mistake', () => {
  const protectedStacks = environments.map((name) => {
    const { app, dispose } = newApp();
    addStacks(app, name, configurationOf(name));
    const stacks = app.node.children.filter((child) => child instanceof Stack && child.terminationProtection);
    dispose();
    return stacks.map(({ node }) => node.id);
  });
  expect(protectedStacks).toEqual([[], ['plimsoll-staging-staging'], ['plimsoll-perf-staging']]);
});

test('the check is alive: a topic without encryption and TLS is a finding', () => {
  const { app, dispose } = newApp();
  const topic = new Topic(new Stack(app, 'Careless'), 'Topic');
  expect(topic.node.path).toBe('Careless/Topic');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).toThrow(/./);
  dispose();
});

const typesOf = (name: string) => new Set([...of(name).resources.values()].map(({ Type }) => Type));

test('dev is the cheap one and perf the large one by data alone: the same constructs, other numbers', () => {
  const missing = [...typesOf('dev')].filter((type) => !typesOf('staging').has(type));
  expect(missing).toEqual([]);
});

test('the picture of docs/architecture.md has the arrows of its table, and no other', () => {
  const [, picture = ''] = /```mermaid\n([\s\S]*?)```/.exec(readFileSync('docs/architecture.md', 'utf8')) ?? [];
  const names = new Map(Array.from(picture.matchAll(/(\w+)\["([^"]+)"\]/g), ([, id = '', label = '']) => [id, label]));
  const lines = Array.from(picture.matchAll(/^ *(\w+) -->\|(\d+)\| (\w+)$/gm));
  const drawn = lines.map(([, from = '', port, to = '']) => `${names.get(from)} → ${names.get(to)}: ${port}/tcp`);
  expect(drawn.toSorted()).toEqual(documentedArrows('').toSorted());
  expect(picture.match(/-->/g)).toHaveLength(lines.length);
});

/** The table "Every arrow" of docs/architecture.md, as far as it is about an environment; all of it for ''. */
function documentedArrows(name: string): string[] {
  const table = readFileSync('docs/architecture.md', 'utf8').split('## Every arrow')[1]?.split('\n## ')[0] ?? '';
  return table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, , , port, where = '']) => /^\d+$/.test(port ?? '') && (where.startsWith('all') || where.includes(name)))
    .map(([, from, to, port]) => `${from} → ${to}: ${port}/tcp`);
}
