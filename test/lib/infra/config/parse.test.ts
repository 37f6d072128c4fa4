import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { PlimsollError } from '../../../../lib/errors.ts';
import { configurationSchemas } from '../../../../lib/infra/config/json-schema.ts';
import { parseConfiguration } from '../../../../lib/infra/config/parse.ts';
import { configurationOf, environments } from '../configurations.ts';

const STAGING = readFileSync('config/staging.yaml', 'utf8');
const SCALING = readFileSync('config/scaling/staging.yaml', 'utf8');

function detailsOf(environment: string, scaling: string): readonly string[] {
  try {
    parseConfiguration(
      { path: 'config/staging.yaml', text: environment },
      { path: 'config/scaling/staging.yaml', text: scaling },
    );
  } catch (error) {
    if (error instanceof PlimsollError) return [error.code, ...error.details];
    throw error;
  }
  return [];
}

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

test.each(environments)('config/%s.yaml is valid', (name) => {
  expect(configurationOf(name).environment.region).toBe('us-east-1');
});

interface Wrong {
  readonly from: string;
  readonly to: string;
  readonly field: string;
  readonly remedy: string;
  /** What stands in the line that is told, where it is not the one that was changed. */
  readonly at?: string;
}

/** Files with one wrong value each: what is written, and what the message must hold. */
const wrong: readonly Wrong[] = [
  { from: 'region: us-east-1\n', to: 'region: Virginia\n', field: 'region', remedy: 'write it as us-east-1' },
  {
    from: '[us-east-1a, us-east-1b]',
    to: '[eu-west-1a, us-east-1b]',
    field: 'availabilityZones[0]',
    remedy: 'write it as us-east-1a',
  },
  { from: '[us-east-1a, us-east-1b]', to: '[us-east-1a]', field: 'availabilityZones', remedy: 'at least 2' },
  { from: '10.20.0.0/16', to: '10.20.0.0/19', field: 'staging.network.cidr', remedy: 'mask of 16 or 17' },
  { from: '10.20.0.0/16', to: '10.20.0.300/16', field: 'staging.network.cidr', remedy: 'write it as 10.20.0.0/16' },
  { from: 'egress: nat', to: 'egress: nate', field: 'staging.network.egress', remedy: 'did you mean nat?' },
  { from: 'natGateways: 2', to: 'natGateways: 3', field: 'staging.network.natGateways', remedy: 'there are 2' },
  { from: 'egress: nat,', to: 'egress: endpoints,', field: 'staging.network.natGateways', remedy: 'remove it' },
  { from: 'port: 8080', to: 'prot: 8080', field: 'staging.service.prot', remedy: 'did you mean port?' },
  { from: 'port: 8080', to: 'port: 80800', field: 'staging.service.port', remedy: '65535 is the most' },
  {
    from: 'healthPath: /health',
    to: 'healthPath: health',
    field: 'staging.service.healthPath',
    remedy: 'must begin with /',
  },
  {
    from: 'architecture: arm64',
    to: 'architecture: x86_64',
    field: 'staging.service.capacity.ec2.instanceTypes[0]',
    remedy: 'does not run x86_64',
    at: 'instanceTypes:',
  },
  { from: 'cpu: 1024', to: 'cpu: one', field: 'staging.service.cpu', remedy: 'a number' },
  { from: 'poolSize: 20', to: 'poolSize: 30', field: 'staging.service.poolSize', remedy: 'write at most 22' },
  {
    from: 'spotShare: 1',
    to: 'spotShare: 100',
    field: 'staging.service.capacity.ec2.spotShare',
    remedy: '1 is the most',
  },
  { from: 'ec2:', to: 'lambda:', field: 'staging.service.capacity.lambda', remedy: 'there are fargate and ec2' },
  {
    from: 'logRetentionDays: 7',
    to: 'logRetentionDays: 8',
    field: 'staging.service.logRetentionDays',
    remedy: 'none of 1, 3, 5, 7',
  },
  { from: '"17.6"', to: '"9.6"', field: 'staging.database.engineVersion', remedy: 'write it as "17.6"' },
  { from: 'class: m7g.large', to: 'class: db.m7g.large', field: 'staging.database.class', remedy: 'without db.' },
  {
    from: 'maxStorageGiB: 200',
    to: 'maxStorageGiB: 50',
    field: 'staging.database.maxStorageGiB',
    remedy: 'at least 110',
  },
  { from: 'multiAz: true', to: 'multiAz: "yes"', field: 'staging.database.multiAz', remedy: 'true or false' },
  {
    from: 'nodeType: t4g.small',
    to: 'nodeType: cache.t4g.small',
    field: 'staging.cache.nodeType',
    remedy: 'without cache.',
  },
  { from: 'page: []', to: 'page: [on-call]', field: 'notifications.page[0]', remedy: 'write name@host' },
  { from: '# runbooks: https', to: 'runbooks: ftp', field: 'runbooks', remedy: 'leave it out' },
  { from: 'allow: ["', to: 'allow: [1, "', field: 'allow[0]', remedy: 'text' },
  { from: '{ environment: staging }', to: '{ "aws:name": x }', field: 'tags', remedy: 'no name of a tag' },
  { from: '[TOKEN_SECRET]', to: '[token-secret]', field: 'generatedSecrets[0]', remedy: 'write it as TOKEN_SECRET' },
  { from: 'monthlyUsd: 900', to: 'monthlyUsd: 0', field: 'budget.monthlyUsd', remedy: 'more than 0' },
];

describe('a wrong environment is told with file, line, field and remedy, and nothing comes of it', () => {
  test('there are 20 at least', () => expect(wrong.length).toBeGreaterThanOrEqual(20));
  test.each(wrong)('$from → $to', tellsOf);
});

/** The first message is about the field, stands at its line, and says what to do. */
function tellsOf({ from, to, field, remedy, at }: Wrong): void {
  expect(STAGING).toContain(from);
  const text = STAGING.replace(from, to);
  const [code, first = ''] = detailsOf(text, SCALING);
  expect(code).toBe('E-CONFIGURATION-INVALID');
  expect(first).toContain(field);
  expect(first).toContain(remedy);
  expect(first).toMatch(new RegExp(`^config/staging\\.yaml:${lineOf(text, at ?? to)}:\\d+ `));
}

/** What CloudFormation takes and AWS refuses, each by its own documentation (lib/infra/config/refused.ts). */
const refused: readonly Wrong[] = [
  {
    from: 'maxStorageGiB: 200',
    to: 'maxStorageGiB: 105',
    field: 'staging.database.maxStorageGiB',
    remedy: 'write at least 110',
  },
  { from: 'cpu: 1024', to: 'cpu: 4096', field: 'staging.service.cpu', remedy: 'more than a m7g.large has' },
  { from: 'memoryMiB: 2048', to: 'memoryMiB: 8192', field: 'staging.service.memoryMiB', remedy: 'some 7680' },
  {
    from: 'logRetentionDays: 7 ',
    to: 'certificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/abc\n    logRetentionDays: 7 ',
    field: 'staging.service.certificateArn',
    remedy: 'take one of us-east-1',
    at: 'certificateArn',
  },
  {
    from: 'logRetentionDays: 7 ',
    to: 'environment: { PGUSER: me }\n    logRetentionDays: 7 ',
    field: 'staging.service.environment.PGUSER',
    remedy: 'remove it here',
    at: 'PGUSER: me',
  },
  { from: 't4g.small, replicas: 1', to: 't4g.small, replicas: 5', field: 'cache.replicas', remedy: '4 is the most' },
  { from: 'engineVersion: "8.0"', to: 'engineVersion: "7.0"', field: 'cache.engineVersion', remedy: 'write "7.2"' },
];

describe('what AWS would refuse in the middle of a deployment is refused before', () => {
  test.each(refused)('$from → $to', tellsOf);

  test('an image of another registry, where no way leads out', () => {
    const text = STAGING.replace('egress: nat, natGateways: 2', 'egress: endpoints').replace(
      '{ build: ., dockerfile: target/service/Dockerfile }',
      '{ registry: "public.ecr.aws/docker/library/nginx:1.29" }',
    );
    expect(detailsOf(text, SCALING).join()).toContain('staging.service.image: cannot be pulled with egress: endpoints');
  });

  test('the downstream service on Fargate, in a size that is not sold', () => {
    const dev = readFileSync('config/dev.yaml', 'utf8').replace(
      /cpu: 256\n( *)memoryMiB: 512/,
      'cpu: 256\n$1memoryMiB: 1536',
    );
    expect(detailsOf(dev, readFileSync('config/scaling/dev.yaml', 'utf8')).join()).toContain(
      'staging.downstream.memoryMiB: 1536 does not fit: with cpu 256 Fargate has 512 to 2048 MiB in steps of 512, but not 1536',
    );
  });
});

const EXISTING = `region: us-east-1
availabilityZones: [us-east-1a, us-east-1b]
existing:
  loadBalancerArn: arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188
  targetGroupArn: arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/shop/73e2d6bc24d8a067
  serviceArn: arn:aws:ecs:us-east-1:111122223333:service/shop/api
  databaseArn: arn:aws:rds:us-east-1:111122223333:db:shop
  cache: { arn: "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:shop", nodes: 2 }
notifications: { page: [], notice: [] }
allow: []
tags: {}
`;

describe('a system that is there already', () => {
  test('is valid by its ARNs', () => expect(detailsOf(EXISTING, SCALING)).toEqual([]));

  test.each([
    ['loadbalancer/app/', 'loadbalancer/net/', 'existing.loadBalancerArn', 'loadbalancer/app/NAME/ID'],
    ['service/shop/api', 'service/api', 'existing.serviceArn', 'service/CLUSTER/NAME'],
    ['db:shop', 'cluster:shop', 'existing.databaseArn', 'db:NAME'],
    ['replicationgroup:shop', 'cluster:shop', 'existing.cache.arn', 'replicationgroup:NAME'],
    ['nodes: 2', 'nodes: 6', 'existing.cache.nodes', '5 is the most'],
    ['rds:us-east-1', 'rds:eu-west-1', 'existing.databaseArn', 'take one of us-east-1'],
  ])('%s → %s', (from, to, field, remedy) => {
    const text = EXISTING.replace(from, to);
    const [, first = ''] = detailsOf(text, SCALING);
    expect(first).toContain(`config/staging.yaml:${lineOf(text, to)}:`);
    expect(first).toContain(field);
    expect(first).toContain(remedy);
  });

  test('the example of docs/deploy.md is valid', () => {
    const [, example = ''] =
      /## Around a system[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/deploy.md', 'utf8')) ?? [];
    expect(example).toContain('loadBalancerArn');
    expect(detailsOf(example, SCALING)).toEqual([]);
  });
});

const wrongScaling: readonly Wrong[] = [
  { from: 'min: 2, max: 8 }', to: 'min: 9, max: 8 }', field: 'tasks.min', remedy: 'more than max' },
  {
    from: 'cpu: { targetRatio: 0.6 }',
    to: 'cpu: { targetRatio: 60 }',
    field: 'cpu.targetRatio',
    remedy: '1 is the most',
  },
  {
    from: 'cpuRatio: 0.75',
    to: 'cpuRatio: 0.5',
    field: 'jump.steps[0].cpuRatio',
    remedy: 'not above cpu.targetRatio 0.6',
  },
  { from: '45 7 ? * MON-FRI *', to: '45 7 * * 1-5', field: 'schedule[0].cron', remedy: 'six fields' },
  { from: '45 7 ? * MON-FRI *', to: '45 7 * * MON-FRI *', field: 'schedule[0].cron', remedy: '? for day or weekday' },
  { from: 'Europe/London', to: 'Europe/Londn', field: 'schedule[0].timezone', remedy: 'IANA name' },
  { from: 'name: after-hours', to: 'name: business-hours', field: 'schedule[1].name', remedy: 'another name' },
  { from: 'cpuRatio: 0.9', to: 'cpuRatio: 0.75', field: 'jump.steps[1].cpuRatio', remedy: 'write a higher one' },
  { from: 'plimsoll.scaling.v1', to: 'plimsoll.scaling.v2', field: 'format', remedy: 'plimsoll.scaling.v1' },
];

test.each(wrongScaling)('a wrong scaling policy: $from → $to', ({ from, to, field, remedy }) => {
  expect(SCALING).toContain(from);
  const [code, first = ''] = detailsOf(STAGING, SCALING.replace(from, to));
  expect(code).toBe('E-CONFIGURATION-INVALID');
  expect(first).toContain(`config/scaling/staging.yaml:${lineOf(SCALING, from)}:`);
  expect(first).toContain(field);
  expect(first).toContain(remedy);
});

test('line and column are those of the wrong value, and the line is shown', () => {
  const [, first = ''] = detailsOf(STAGING.replace('poolSize: 20', 'poolSize: 0'), SCALING);
  const line = lineOf(STAGING, 'poolSize');
  expect(first).toBe(
    `config/staging.yaml:${line}:15 staging.service.poolSize: 0 is too small; it must be at least 1\n` +
      `  ${line} |     poolSize: 0\n     |               ^`,
  );
});

test('both files are told of at once', () => {
  const details = detailsOf(
    STAGING.replace('port: 8080', 'port: 0'),
    SCALING.replace('outSeconds: 60', 'outSeconds: -1'),
  );
  expect(details.join('\n')).toMatch(/config\/staging\.yaml:\d+/);
  expect(details.join('\n')).toMatch(/config\/scaling\/staging\.yaml:\d+/);
});

test('what is built and what is there already exclude each other', () => {
  const text = STAGING.replace(/^staging:\n(?: .*\n)+/m, '');
  expect(detailsOf(text, SCALING).join()).toContain('exactly one of staging');
});

test('the pools of all tasks must fit the database, unless a proxy stands between (R20)', () => {
  // 8 tasks of 30 are 240, more than 90 % of 200.
  const text = STAGING.replace('poolSize: 20', 'poolSize: 30').replace('proxy: false', 'proxy: true');
  expect(detailsOf(text, SCALING)).toEqual([]);
});

test('sizes that Fargate does not sell are refused', () => {
  const dev = readFileSync('config/dev.yaml', 'utf8').replace('memoryMiB: 1024', 'memoryMiB: 1000');
  expect(detailsOf(dev, readFileSync('config/scaling/dev.yaml', 'utf8')).join()).toContain(
    '1024 to 4096 MiB in steps of 1024',
  );
});

test.each(Object.entries(configurationSchemas()))(
  'config/%s is fresh; npm run schema writes it anew',
  (name, schema) => {
    expect(readFileSync(`config/${name}`, 'utf8')).toBe(schema);
  },
);
