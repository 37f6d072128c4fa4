import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { detailsOf, lackOf, lineOf, SCALING, STAGING, type Wrong } from './wrong.ts';

/** What CloudFormation takes and AWS refuses, each by its own documentation (lib/environment/refused.ts). */
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
    to: 'certificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/abc\n    hostName: a.example.org\n    logRetentionDays: 7 ',
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
  test.each(refused)('$from → $to', (each) => expect(lackOf(each)).toEqual([]));

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
  logGroupName: /ecs/shop-api
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
    // In a right it would stand for every log of the account.
    ['/ecs/shop-api', '/ecs/*', 'existing.logGroupName', 'is no name of a log group'],
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

test('a password in the address of a target is refused, and not repeated', () => {
  const existing = `existing: { target: "https://ann:s3cret@shop.test", healthPath: /, vpcId: vpc-0a1b2c3d4e5f60718, subnetIds: [subnet-0a1b2c3d4e5f60718], clientsGroupId: sg-0a1b2c3d4e5f60718 }`;
  const details = detailsOf(STAGING.replace('loadTest:\n', `loadTest:\n  ${existing}\n`), SCALING).join('\n');
  expect(details).toContain('loadTest.existing.target: ');
  expect(details).toContain('holds a user name');
  expect(details).not.toContain('s3cret');
});
