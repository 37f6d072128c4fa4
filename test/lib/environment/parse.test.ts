import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { configurationOf, environments } from '../infra/configurations.ts';
import { detailsOf, lackOf, lineOf, SCALING, STAGING, type Wrong } from './wrong.ts';

test.each(environments)('config/%s.yaml is valid', (name) => {
  expect(configurationOf(name).environment.region).toBe('us-east-1');
});

/** Files with one wrong value each: what is written, and what the message must hold. */
const wrong: readonly Wrong[] = [
  { from: 'workers: 4', to: 'workers: 41', field: 'loadTest.workers', remedy: '40 is the most' },
  {
    from: 'memoryMiB: 2048\n  spot',
    to: 'memoryMiB: 1024\n  spot',
    field: 'loadTest.memoryMiB',
    remedy: 'with cpu 1024 Fargate has 2048 to 8192 MiB',
  },
  { from: 'desiredTasks: 8', to: 'desiredTasks: 10', field: 'loadTest.mitigation.desiredTasks', remedy: 'which is 8' },
  { from: '"0 3 ? * SUN *"', to: 'Sundays', field: 'loadTest.schedule[1].cron', remedy: 'write six fields' },
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
  {
    from: 'engineVersion: "17"',
    to: 'engineVersion: "9.6"',
    field: 'staging.database.engineVersion',
    remedy: '14, 15, 16, 17 or 18',
  },
  {
    from: 'engineVersion: "17"',
    to: 'engineVersion: "19"',
    field: 'staging.database.engineVersion',
    remedy: 'a major alone',
  },
  {
    from: 'engineVersion: "8.0"',
    to: 'engineVersion: "9"',
    field: 'staging.cache.engineVersion',
    remedy: '"9.0" and later',
  },
  {
    from: '[database-storage]',
    to: '[database-storag]',
    field: 'loadTest.stopOnAlarms[0]',
    remedy: 'did you mean database-storage?',
  },
  {
    from: 'livePath: /health/live',
    to: 'livePath: live',
    field: 'staging.service.livePath',
    remedy: 'must begin with /',
  },
  {
    from: 'logRetentionDays: 7 ',
    to: 'certificateArn: arn:aws:acm:us-east-1:111122223333:certificate/abc\n    logRetentionDays: 7 ',
    field: 'staging.service.certificateArn',
    remedy: 'needs service.hostName',
    at: 'certificateArn',
  },
  {
    from: 'logRetentionDays: 7 ',
    to: 'hostName: shop.example.org\n    logRetentionDays: 7 ',
    field: 'staging.service.hostName',
    remedy: 'no meaning without certificateArn',
    at: 'hostName',
  },
  {
    from: 'backupDays: 7',
    to: 'readReplica: true\n    backupDays: 7',
    field: 'staging.database.readReplica',
    remedy: 'no such key here',
    at: 'readReplica',
  },
  {
    from: 'allow: []',
    to: 'allow: ["https://shop.example.org"]',
    field: 'allow[0]',
    remedy: 'without scheme and port',
  },
  {
    from: 'allow: []',
    to: 'allow: ["*.elb.amazonaws.com"]',
    field: 'allow[0]',
    remedy: 'anybody may register below amazonaws.com',
  },
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
  { from: 'allow: []', to: 'allow: [1]', field: 'allow[0]', remedy: 'text' },
  { from: '{ environment: staging }', to: '{ "aws:name": x }', field: 'tags', remedy: 'no name of a tag' },
  { from: '[TOKEN_SECRET]', to: '[token-secret]', field: 'generatedSecrets[0]', remedy: 'write it as TOKEN_SECRET' },
  { from: 'monthlyUsd: 900', to: 'monthlyUsd: 0', field: 'budget.monthlyUsd', remedy: 'more than 0' },
];

describe('a wrong environment is told with file, line, field and remedy, and nothing comes of it', () => {
  test('there are 20 at least', () => expect(wrong.length).toBeGreaterThanOrEqual(20));
  test.each(wrong)('$from → $to', (each) => expect(lackOf(each)).toEqual([]));
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

test('the pools of all tasks must fit the database, unless a proxy stands between', () => {
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
