import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import * as fc from 'fast-check';
import { metricFor } from '../../../../lib/infra/observability/metric.ts';
import type { CloudReading, Statistic } from '../../../../lib/signals/cloudwatch/cloud.ts';
import {
  type CloudSystem,
  type MetricPart,
  type MetricQuery,
  queryOf,
} from '../../../../lib/signals/cloudwatch/query.ts';
import { signals } from '../../../../lib/signals/index.ts';
import { shownFactor } from '../../../../lib/signals/shown.ts';

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
    proxy: [{ ProxyName: 'x' }],
    rotator: [{ FunctionName: 'f' }],
    renewal: [{ StateMachineArn: 'm' }],
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
  FILL: (series: number | undefined, otherwise: number) => series ?? otherwise,
  PERIOD: () => 60,
};
const evaluate = (expression: string, values: Record<string, number>): number =>
  runInNewContext(expression, { ...FUNCTIONS, ...values }) as number;

/** A number for each metric, the same wherever it is asked for. */
type Reading = (of: Omit<MetricPart, 'dimensions'> & { readonly dimensions: object }) => number;
const readingOf =
  (seed: number): Reading =>
  ({ namespace, metric, dimensions, statistic }) => {
    const named = Object.entries(dimensions).toSorted(([a], [b]) => a.localeCompare(b));
    const text = JSON.stringify([namespace, metric, named, statistic]);
    return 1 + (Array.from(text).reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 99_991, seed) % 5000);
  };

const valuesOf = <Each>(all: Readonly<Record<string, Each>>, value: (each: Each) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(all).map(([name, each]) => [name, value(each)]));

const asked = ({ expression, parts }: MetricQuery, reading: Reading): number =>
  evaluate(expression, valuesOf(parts, reading));

/** What a reading is, by its declaration alone. Percentiles of parts are the worst one's. */
const WHOLE: Readonly<Record<Statistic, (all: readonly number[]) => number>> = {
  Average: FUNCTIONS.AVG,
  Sum: FUNCTIONS.SUM,
  Minimum: FUNCTIONS.MIN,
  Maximum: FUNCTIONS.MAX,
  p50: FUNCTIONS.MAX,
  p95: FUNCTIONS.MAX,
  p99: FUNCTIONS.MAX,
};
function declared(of: CloudReading, reading: Reading): number {
  if ('quantity' in of) return system.quantities[of.quantity];
  if ('math' in of)
    return evaluate(
      of.math,
      valuesOf(of.using, (each) => declared(each, reading)),
    );
  return WHOLE[of.statistic](system.resources[of.of].map((dimensions) => reading({ ...of, dimensions }))) * of.scale;
}

/** The value of what alarms and dashboards are given. */
function drawn(metric: IMetric, reading: Reading): number {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (metricStat !== undefined) {
    const { namespace, metricName, statistic, dimensions = [] } = metricStat;
    const named = Object.fromEntries(dimensions.map(({ name, value }) => [name, value as string]));
    return reading({ namespace, metric: metricName, dimensions: named, statistic: statistic as Statistic });
  }
  const { expression = '', usingMetrics = {} } = mathExpression ?? {};
  return evaluate(
    expression,
    valuesOf(usingMetrics, (part) => drawn(part, reading)),
  );
}

const read = signals.flatMap((signal) => {
  const query = queryOf(signal, system);
  const { reading } = signal.cloud ?? {};
  return query === undefined || reading === undefined ? [] : [{ id: signal.id, signal, query, reading }];
});

test('every signal that has a metric is asked for and drawn', () => {
  expect(read.map(({ id }) => id)).toEqual(signals.flatMap(({ id, cloud }) => (cloud === undefined ? [] : [id])));
  expect(read.length).toBeGreaterThan(35);
});

describe.each(read)('$id', ({ signal, query, reading }) => {
  test('has the value that is declared, and its graph the same in its own unit', () => {
    const factor = shownFactor(signal.unit);
    fc.assert(
      fc.property(fc.nat(99_990), (seed) => {
        const value = declared(reading, readingOf(seed));
        const metric = metricFor(signal, system);
        expect(asked(query, readingOf(seed))).toBeCloseTo(value, 6);
        expect(metric && drawn(metric, readingOf(seed))).toBeCloseTo(value * factor, 6);
      }),
      { numRuns: 20 },
    );
  });

  test('is metric math that CloudWatch takes: proper names, numbers without exponents, PERIOD of a metric', () => {
    const shown = metricFor(signal, system)?.toMetricConfig().mathExpression?.expression ?? '';
    expect(Object.keys(query.parts).filter((name) => !/^[a-z]\w*$/.test(name))).toEqual([]);
    for (const expression of [query.expression, shown]) {
      expect(expression).not.toMatch(/\de[+-]?\d/);
      const periods = Array.from(expression.matchAll(/PERIOD\((.*?)\)/g), ([, of = '']) => of);
      expect(periods.filter((name) => !(name in query.parts))).toEqual([]);
    }
  });
});

/** The value of a signal where CloudWatch has these metrics, and no points of any other. */
function valueOf(id: string, points: Readonly<Record<string, number>>): number {
  const found = read.find((each) => each.id === id);
  if (found === undefined) throw new Error(`${id} is no signal with a metric`);
  const { expression, parts } = found.query;
  const values = Object.entries(parts).map(([name, { metric }]) => [name, points[metric]]);
  return runInNewContext(expression, { ...FUNCTIONS, ...Object.fromEntries(values) }) as number;
}

describe('the error ratio', () => {
  test.each([
    [
      'no target at all: RequestCount is silent, and every request is turned away',
      1,
      { HTTPCode_ELB_5XX_Count: 300, HTTPCode_ELB_503_Count: 300 },
    ],
    [
      'half of the minute without a target',
      0.5,
      { RequestCount: 150, HTTPCode_ELB_5XX_Count: 150, HTTPCode_ELB_503_Count: 150 },
    ],
    [
      'a target that breaks connections off: counted as a request already',
      0.1,
      { RequestCount: 200, HTTPCode_ELB_5XX_Count: 20 },
    ],
    ['errors of the service', 0.05, { RequestCount: 200, HTTPCode_Target_5XX_Count: 10 }],
    ['too few requests to judge', 0, { RequestCount: 10, HTTPCode_Target_5XX_Count: 10 }],
    ['all well', 0, { RequestCount: 200 }],
  ])('%s', (_, ratio, points) => expect(valueOf('balancer.errors', points)).toBe(ratio));
});

test('storage that has grown is never more than all of it, and its limit stays what it was', () => {
  const allocated = system.quantities.databaseStorageBytes;
  const free = (share: number): number => valueOf('database.storage', { FreeStorageSpace: share * allocated });
  expect([free(0.5), free(1), free(1.8), free(0.1)]).toEqual([0.5, 1, 1, 0.1]);
});

test('no name is used twice in one request', () => {
  const names = read.flatMap(({ query }) => [query.id, ...Object.keys(query.parts)]);
  expect(new Set(names).size).toBe(names.length);
});

test('what the system lacks is not asked for', () => {
  const idsIn = (of: CloudSystem): string[] => signals.flatMap((signal) => queryOf(signal, of)?.id ?? []);
  expect(idsIn({ resources: {}, quantities: system.quantities })).toEqual([]);
  const without = new Set(idsIn({ resources: system.resources, quantities: {} }));
  expect(
    idsIn(system)
      .filter((id) => !without.has(id))
      .toSorted(),
  ).toEqual([
    'balancer_capacity_use',
    'database_connection_use',
    'database_storage',
    'instances_headroom',
    'service_task_headroom',
  ]);
});
