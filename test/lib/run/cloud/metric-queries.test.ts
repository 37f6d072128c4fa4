import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import * as fc from 'fast-check';
import { metricFor, shownLimit } from '../../../../lib/infra/metric.ts';
import { queriesOf, seriesOf } from '../../../../lib/run/cloud/metric-queries.ts';
import type { MetricQuery } from '../../../../lib/run/cloud/ports.ts';
import { signals } from '../../../../lib/signals/index.ts';

const system = {
  resources: {
    loadBalancer: [{ LoadBalancer: 'app/a/1' }],
    targetGroup: [{ LoadBalancer: 'app/a/1', TargetGroup: 'targetgroup/t/2' }],
    service: [{ ClusterName: 'c', ServiceName: 's' }],
    insights: [{ ClusterName: 'c', ServiceName: 's' }],
    capacityProvider: [{ ClusterName: 'c', CapacityProviderName: 'p' }],
    autoScalingGroup: [{ AutoScalingGroupName: 'g' }],
    spotInterruption: [{ RuleName: 'spot' }],
    crash: [{ RuleName: 'crash' }],
    database: [{ DBInstanceIdentifier: 'd' }],
    replica: [{ DBInstanceIdentifier: 'r' }],
    cache: [{ CacheClusterId: 'v-001' }, { CacheClusterId: 'v-002' }],
    loadTest: [{ Environment: 'dev' }],
  },
  quantities: {
    capacityPerSecond: 900,
    maxTasks: 12,
    maxInstances: 6,
    maxConnections: 200,
    databaseStorageBytes: 2 ** 34,
  },
};

/** Metric math is JavaScript but for its functions; of the series one point is enough. */
const FUNCTIONS = {
  AVG: (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0) / all.length,
  SUM: (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0),
  MIN: (all: readonly number[]) => Math.min(...all),
  MAX: (all: readonly number[]) => Math.max(...all),
  IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
  FILL: (series: number) => series,
  PERIOD: () => 60,
};
const evaluate = (expression: string, values: Record<string, number>): number =>
  runInNewContext(expression, { ...FUNCTIONS, ...values }) as number;

/** A number for each metric, the same wherever it is asked for. */
type Reading = (of: { namespace: string; metric: string; dimensions: object; statistic: string }) => number;
const readingOf =
  (seed: number): Reading =>
  (of) =>
    1 + (Array.from(JSON.stringify(of)).reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 99_991, seed) % 5000);

const ours = ({ expression, parts }: MetricQuery, reading: Reading): number =>
  evaluate(expression, Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, reading(ordered(part))])));

const ordered = ({ namespace, metric, dimensions, statistic }: Parameters<Reading>[0]) => ({
  namespace,
  metric,
  dimensions: Object.fromEntries(Object.entries(dimensions).toSorted(([a], [b]) => a.localeCompare(b))),
  statistic,
});

/** The value of what alarms and dashboards are given. */
function theirs(metric: IMetric, reading: Reading): number {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (metricStat !== undefined) {
    const dimensions = Object.fromEntries(
      (metricStat.dimensions ?? []).map(({ name, value }) => [name, value as string]),
    );
    const { namespace, metricName, statistic } = metricStat;
    return reading(ordered({ namespace, metric: metricName, dimensions, statistic }));
  }
  const { expression = '', usingMetrics = {} } = mathExpression ?? {};
  return evaluate(
    expression,
    Object.fromEntries(Object.entries(usingMetrics).map(([name, part]) => [name, theirs(part, reading)])),
  );
}

const queries = queriesOf(signals, system);
const asked = signals.flatMap((signal) => {
  const query = queries.find(({ id }) => id === signal.id.replaceAll(/\W/g, '_'));
  return query === undefined ? [] : [{ ...signal, signal, query }];
});

test('every signal that has a metric is asked for, and no other', () => {
  const drawn = signals.filter((signal) => metricFor(signal, system) !== undefined).map(({ id }) => id);
  expect(asked.map(({ id }) => id)).toEqual(drawn);
  expect(asked.length).toBeGreaterThan(35);
});

describe.each(asked)('$id', ({ signal, query }) => {
  test('has the value that its graph shows, in µs for ms and as a ratio for %', () => {
    const shownFactor = shownLimit({ above: 1 }, signal.unit);
    fc.assert(
      fc.property(fc.nat(99_990), (seed) => {
        const metric = metricFor(signal, system);
        const shown = metric && theirs(metric, readingOf(seed));
        expect(ours(query, readingOf(seed)) * shownFactor).toBeCloseTo(shown ?? Number.NaN, 6);
      }),
      { numRuns: 20 },
    );
  });

  test('is metric math that CloudWatch takes: proper names, numbers without exponents, PERIOD of a metric', () => {
    expect(Object.keys(query.parts).filter((name) => !/^[a-z]\w*$/.test(name))).toEqual([]);
    expect(query.expression).not.toMatch(/\de[+-]?\d/);
    const periods = Array.from(query.expression.matchAll(/PERIOD\((.*?)\)/g), ([, of = '']) => of);
    expect(periods.filter((name) => !(name in query.parts))).toEqual([]);
  });
});

test('no name is used twice in one request', () => {
  const names = queries.flatMap(({ id, parts }) => [id, ...Object.keys(parts)]);
  expect(new Set(names).size).toBe(names.length);
});

test('what the system lacks is not asked for', () => {
  expect(queriesOf(signals, { resources: {}, quantities: system.quantities })).toEqual([]);
  const without = new Set(queriesOf(signals, { resources: system.resources, quantities: {} }).map(({ id }) => id));
  const missing = queries.map(({ id }) => id).filter((id) => !without.has(id));
  expect(missing.toSorted()).toEqual([
    'balancer_capacity_use',
    'database_connection_use',
    'database_storage',
    'instances_headroom',
    'service_task_headroom',
  ]);
});

test('a reading stands in the middle of its minute, seconds after the start of the run; silence has no series', () => {
  const [runStartMs, minuteMs] = [1_800_000_030_000, 1_800_000_000_000];
  const points = new Map([
    [
      'service_cpu',
      [[minuteMs, 0.5] as const, [minuteMs + 60_000, Number.NaN] as const, [minuteMs + 120_000, 0.7] as const],
    ],
    ['service_memory', []],
  ]);
  const [cpu, ...others] = seriesOf(signals, { points, periodSeconds: 60, doubts: [] }, runStartMs);
  expect(others).toEqual([]);
  const { title, unit, kind, limit } = signals.find(({ id }) => id === 'service.cpu') ?? {};
  // Its minute began 30 s before the run, so its middle is the run's start.
  expect(cpu).toEqual({
    id: 'service.cpu',
    title,
    unit,
    kind,
    limit,
    points: [
      [0, 0.5],
      [120, 0.7],
    ],
  });
});
