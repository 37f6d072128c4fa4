import { describe, expect, test } from '@jest/globals';
import { estimate } from '../../../lib/environment/cost/estimate.ts';
import { prices } from '../../../lib/environment/cost/prices.ts';
import { describeMonthlyCost } from '../../../lib/environment/cost/describe.ts';
import { meanLeastTasks } from '../../../lib/environment/cost/week.ts';
import type { EnvironmentConfiguration } from '../../../lib/environment/parse.ts';
import { configurationOf, environments } from '../infra/configurations.ts';
import { synthesise } from '../infra/synthesise.ts';

const usdOf = (configuration: EnvironmentConfiguration, item: string): number | undefined => {
  const line = estimate(configuration, prices).lines.find((each) => each.item === item);
  return line && line.usdEach && Number((line.usdEach * line.least).toFixed(2));
};

describe('staging, by hand', () => {
  const staging = configurationOf('staging');
  test.each([
    // 2 · 0.045 · 730
    ['NAT gateway', 65.7],
    // With its standby: 2 · 0.168 · 730
    ['RDS PostgreSQL db.m7g.large', 245.28],
    // 2 · 100 GiB · 0.115
    ['GiB of its storage', 23],
    // Primary and replica: 2 · 0.0256 · 730
    ['Valkey cache.t4g.small', 37.38],
    // Two instances filled and one that stands by: 3 · 0.0816 · 730
    ['EC2 m7g.large', 178.7],
  ])('%s costs %f a month', (item, usd) => expect(usdOf(staging, item)).toBe(usd));

  test('at full scale 8 tasks of one vCPU and two of a quarter fill 5 machines of two, and a tenth stands by', () => {
    const line = estimate(staging, prices).lines.find(({ item }) => item === 'EC2 m7g.large');
    expect(line?.most).toBe(Math.ceil(Math.ceil((8 * 1 + 2 * 0.25) / 2) / 0.9));
  });

  test('the sums are those of the lines', () => {
    const { lines, leastUsd, mostUsd } = estimate(staging, prices);
    expect(leastUsd).toBeCloseTo(lines.reduce((sum, { least, usdEach }) => sum + least * (usdEach ?? 0), 0));
    expect(mostUsd).toBeGreaterThan(leastUsd);
  });

  test('Spot, Graviton and the schedule each save', () => {
    const { savings } = estimate(staging, prices);
    const saved = (start: string) => savings.find(({ what }) => what.startsWith(start))?.usd ?? Number.NaN;
    // 6 machines, 2 on demand: 4 · 0.0816 · 730 · 0.9
    expect(saved('Spot')).toBeCloseTo(4 * 0.0816 * 730 * 0.9);
    // m7i.large for m7g.large: 3 · (0.1008 − 0.0816) · 730
    expect(saved('Graviton: EC2')).toBeCloseTo(3 * (0.1008 - 0.0816) * 730);
    expect(saved('the schedule')).toBeGreaterThan(0);
  });
});

test('capacity of the balancer is paid while it is reserved: 200 · 0.008 · 730', () => {
  const { environment, scaling } = configurationOf('dev');
  if (environment.staging === undefined) throw new Error('dev builds a system');
  const service = { ...environment.staging.service, reservedCapacityUnits: 200 };
  const reserved = { scaling, environment: { ...environment, staging: { ...environment.staging, service } } };
  expect(usdOf(reserved, 'reserved capacity unit of the balancer')).toBe(1168);
  expect(usdOf(configurationOf('dev'), 'reserved capacity unit of the balancer')).toBeUndefined();
});

test('dev on Fargate: half a vCPU and 1 GiB on Graviton', () => {
  expect(usdOf(configurationOf('dev'), 'Fargate task, 0.5 vCPU 1 GiB')).toBe(
    Number(((0.5 * 0.03238 + 1 * 0.00356) * 730).toFixed(2)),
  );
});

test('each environment costs more than the one before', () => {
  const [dev = 0, staging = 0, perf = 0] = environments.map((name) => estimate(configurationOf(name), prices).leastUsd);
  expect(dev).toBeLessThan(staging);
  expect(staging).toBeLessThan(perf);
});

test.each(environments)('%s stays within its own budget at the least', (name) => {
  const configuration = configurationOf(name);
  expect(estimate(configuration, prices).leastUsd).toBeLessThan(configuration.environment.budget?.monthlyUsd ?? 0);
});

describe('an unknown price is said to be unknown, never zero', () => {
  test('of another region none is known', () => {
    const { environment, scaling } = configurationOf('staging');
    const abroad = { environment: { ...environment, region: 'eu-west-1' }, scaling };
    const found = estimate(abroad, prices);
    expect(found.unknown).toHaveLength(found.lines.length);
    expect(describeMonthlyCost('staging', 'eu-west-1', found, prices)).toMatch(
      /RDS PostgreSQL db\.m7g\.large +2 +unknown/,
    );
  });

  test('of a type that the table lacks', () => {
    const { environment, scaling } = configurationOf('dev');
    const { staging } = environment;
    if (staging === undefined) throw new Error('dev builds a system');
    const database = { ...staging.database, class: 'x2g.large' };
    const found = estimate({ environment: { ...environment, staging: { ...staging, database } }, scaling }, prices);
    expect(found.unknown).toContain('RDS PostgreSQL db.x2g.large');
  });

  test('the text names the table, its date, and what the sum lacks', () => {
    const text = describeMonthlyCost('dev', 'us-east-1', estimate(configurationOf('dev'), prices), prices);
    expect(text).toContain(`${prices.region}, ${prices.asOf}: ${prices.source}`);
    expect(prices.source).toContain('from memory');
    expect(text).toContain('Without a price, so not in the sum: Container Insights.');
  });
});

const at = (name: string, cron: string, min: number) => ({ name, cron, min, max: 8, timezone: 'UTC' });

describe('the schedule over a week', () => {
  const base = configurationOf('staging').scaling;
  test.each([
    ['none', [], 2],
    // 4 tasks 12 of 24 hours, every day: (4 + 2) / 2
    ['half of each day', [at('up', '0 8 ? * * *', 4), at('down', '0 20 ? * * *', 2)], 3],
    // 10 hours on 5 days at 4, the rest at 1: (50 · 4 + 118 · 1) / 168
    ['working hours', [at('up', '0 8 ? * MON-FRI *', 4), at('down', '0 18 ? * MON-FRI *', 1)], (50 * 4 + 118) / 168],
    ['only once a year: not the same every week', [at('up', '0 8 1 1 ? *', 4)], undefined],
  ])('%s', (_, schedule, expected) => {
    const mean = meanLeastTasks({ ...base, schedule });
    expect(mean === undefined ? undefined : Number(mean.toFixed(6))).toBe(expected && Number(expected.toFixed(6)));
  });
});

/** Types that cost nothing by themselves, or only by use, which the estimate lists apart. */
const FREE =
  /^AWS::(IAM|ApplicationAutoScaling|Scheduler|Budgets|Events|Lambda|SNS|Logs|S3|SSM|Serverless|StepFunctions)::|^AWS::EC2::(VPC|Subnet|Route|SecurityGroup|InternetGateway|VPCGateway|FlowLog|LaunchTemplate)|^AWS::ECS::(Cluster|CapacityProvider|TaskDefinition)|^AWS::(RDS|ElastiCache)::\w*(ParameterGroup|SubnetGroup|TargetGroup)$|ElasticLoadBalancingV2::(Listener|TargetGroup)|SecretsManager::(ResourcePolicy|RotationSchedule|SecretTargetAttachment)|ServiceDiscovery::Service/;

/** Types that a line is for. */
const PAID: Readonly<Record<string, string>> = {
  'AWS::AutoScaling::AutoScalingGroup': 'EC2 ',
  'AWS::ECS::Service': '',
  'AWS::EC2::NatGateway': 'NAT gateway',
  'AWS::EC2::EIP': 'public IPv4 address',
  'AWS::EC2::VPCEndpoint': '',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'load balancer',
  'AWS::RDS::DBInstance': 'RDS PostgreSQL',
  'AWS::RDS::DBProxy': 'vCPU behind RDS Proxy',
  'AWS::ElastiCache::ReplicationGroup': 'Valkey',
  'AWS::SecretsManager::Secret': 'secret',
  'AWS::KMS::Key': 'encryption key',
  'AWS::CloudWatch::Alarm': 'alarm',
  'AWS::CloudWatch::CompositeAlarm': 'composite alarm',
  'AWS::CloudWatch::Dashboard': 'dashboard',
  'AWS::ServiceDiscovery::PrivateDnsNamespace': 'private DNS zone',
};

test.each(environments)('%s: every type in the templates is free by itself or has its line', (name) => {
  const types = [...new Set([...synthesise(name).resources.values()].map(({ Type }) => Type))].filter(
    (type) => !FREE.test(type),
  );
  const items = estimate(configurationOf(name), prices).lines.map(({ item }) => item);
  expect(types.length).toBeGreaterThan(8);
  expect(types.filter((type) => !items.some((item) => item.startsWith(PAID[type] ?? '\0')))).toEqual([]);
});
