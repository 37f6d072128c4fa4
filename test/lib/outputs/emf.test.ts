import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { emfLine } from '../../../lib/outputs/emf.ts';
import { emptyHistogram, record, valueAt } from '../../../lib/measure/histogram.ts';
import { emptyInterval, stepOf, type Interval } from '../../../lib/measure/interval.ts';
import type { CloudMetric, CloudReading } from '../../../lib/signals/cloudwatch/cloud.ts';
import { signals } from '../../../lib/signals/index.ts';

const phase = { name: 'stress', number: 2, startAtMs: 1_800_000_000_000, durationUs: 60e6 };
const worker = { environment: 'dev', phase, share: { index: 1, of: 4 } };

interface Line {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string; readonly StorageResolution: number }[];
    }[];
  };
  readonly [name: string]: unknown;
}

const lineOf = (interval: Interval, second = 7): Line => JSON.parse(emfLine({ ...worker, second, interval })) as Line;

function fullInterval(): Interval {
  const interval = emptyInterval();
  Object.assign(interval.arrivals, { due: 100, started: 97, dropped: 3 });
  // 25.2 users on average of the second, a quarter of the whole.
  interval.userUs = 25_200_000;
  stepOf(interval, 0).ledger.ok = 60;
  stepOf(interval, 1).ledger.ok = 30;
  Object.assign(interval.generator, { cpuUs: 400_000, wallUs: 1_000_000, busiestRatio: 0.4 });
  record(interval.startDelay, 300);
  record(interval.generator.eventLoopDelay, 1500);
  // The worst of the second counts, and were it one in two hundred.
  for (let n = 0; n < 199; n += 1) record(interval.generator.eventLoopDelay, 900);
  return interval;
}

const metricsIn = (reading: CloudReading): CloudMetric[] => {
  if ('quantity' in reading) return [];
  return 'math' in reading ? Object.values(reading.using).flatMap(metricsIn) : [reading];
};

test('publishes exactly the metrics that the load-test signals read, where they read them', () => {
  const read = signals.flatMap(({ cloud }) => (cloud === undefined ? [] : metricsIn(cloud.reading)));
  const wanted = read.filter(({ of }) => of === 'loadTest');
  const [published] = lineOf(fullInterval())._aws.CloudWatchMetrics;
  expect(new Set(wanted.map(({ namespace }) => namespace))).toEqual(new Set([published?.Namespace]));
  expect(new Set(published?.Metrics.map(({ Name }) => Name))).toEqual(new Set(wanted.map(({ metric }) => metric)));
});

test('one second of one worker', () => {
  const { _aws, ...values } = lineOf(fullInterval());
  expect(values).toEqual({
    Environment: 'dev',
    Worker: 1,
    Phase: 3,
    Users: 101,
    ArrivalsDue: 100,
    ArrivalsDropped: 3,
    RequestsOk: 90,
    StartDelayUs: [300],
    EventLoopDelayUs: expect.closeTo(1500, -1),
    GeneratorCpuRatio: 0.4,
  });
  expect(_aws.Timestamp).toBe(1_800_000_007_000);
  const [{ Dimensions, Metrics } = { Dimensions: [], Metrics: [] }] = _aws.CloudWatchMetrics;
  expect(Dimensions).toEqual([['Environment']]);
  expect(Metrics.filter(({ Name, StorageResolution }) => !(Name in values) || StorageResolution !== 1)).toEqual([]);
  expect(Metrics.find(({ Name }) => Name === 'StartDelayUs')?.Unit).toBe('Microseconds');
});

test('what was not measured is not published: a closed model has no start delay', () => {
  const { _aws, ...values } = lineOf(emptyInterval());
  expect(Object.keys(values)).toEqual([
    'Environment',
    'Worker',
    'Phase',
    'Users',
    'ArrivalsDue',
    'ArrivalsDropped',
    'RequestsOk',
  ]);
  expect(_aws.CloudWatchMetrics[0]?.Metrics).toHaveLength(5);
});

test('a hundred values at the most, with the percentiles and the maximum of all', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000_000), { minLength: 1, maxLength: 400 }), (delays) => {
      const [interval, all] = [emptyInterval(), emptyHistogram()];
      for (const delay of delays) for (const into of [interval.startDelay, all]) record(into, delay);
      const values = lineOf(interval)['StartDelayUs'] as number[];
      expect(values).toHaveLength(Math.min(100, delays.length));
      const at = (percentile: number) => values[Math.ceil((percentile / 100) * values.length) - 1];
      expect([at(50), at(99), at(100)]).toEqual([50, 99, 100].map((percentile) => valueAt(all, percentile)));
    }),
    { numRuns: 60 },
  );
});
