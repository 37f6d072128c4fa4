import { describe, expect, test } from '@jest/globals';
import { findBottleneck, remedies } from '../../../lib/analysis/bottleneck.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../lib/signals/signal.ts';

/** A reading a second from second 0 on. */
function seriesOf(id: string, values: readonly (number | undefined)[]): SignalSeries {
  const signal = signals.find((each) => each.id === id);
  if (signal === undefined) throw new Error(`no signal: ${id}`);
  const points = values.flatMap((value, at): [number, number][] => (value === undefined ? [] : [[at, value]]));
  return { id, title: signal.title, unit: signal.unit, kind: signal.kind, points };
}

/** `calm` for `seconds`, then `beyond` up to second 30. */
const turning = (id: string, seconds: number, [calm, beyond]: readonly [number, number]): SignalSeries =>
  seriesOf(
    id,
    Array.from({ length: 30 }, (_, at) => (at < seconds ? calm : beyond)),
  );

const cpu = (at: number) => turning('service.cpu', at, [0.4, 0.95]); // limit above 0.85
const pool = (at: number) => turning('database.pool-use', at, [0.5, 1]); // above 0.95
const queue = (at: number) => turning('database.pool-waiting', at, [0, 40]); // above 5
const hits = (at: number) => turning('cache.hit-ratio', at, [0.9, 0.1]); // below 0.5

const find = (series: readonly SignalSeries[], from = 10, to = 29) => findBottleneck(signals, series, from, to);

describe('the resource that crossed its limit first', () => {
  test.each<readonly [string, readonly SignalSeries[], string, string]>([
    ['alone is medium', [cpu(15)], 'service.cpu', 'medium'],
    ['is the earliest, whatever the order of the signals', [cpu(17), pool(15)], 'database.connections', 'medium'],
    ['is the earliest the other way round, too', [cpu(14), pool(15)], 'service.cpu', 'medium'],
    ['is high when two of its signals agree', [cpu(16), pool(15), queue(18)], 'database.connections', 'high'],
    ['may fall below its limit', [hits(15)], 'cache.misses', 'medium'],
    ['may cross with the last three readings', [cpu(27)], 'service.cpu', 'medium'],
  ])('%s', (_, series, id, confidence) => {
    expect(find(series)).toMatchObject({ id, confidence, remedy: remedies[find(series).id] });
  });

  test('the evidence names the signal, its limit, since when and the worst', () => {
    expect(find([pool(15), hits(16)]).evidence).toEqual([
      'Database pool in use was above 95 % from 15 s on (worst 100 %)',
      'Cache hit ratio was below 50 % from 16 s on (worst 10 %)',
    ]);
  });
});

describe('of several that turned in the same second', () => {
  const loop = (at: number) => turning('service.event-loop', at, [1000, 1e6]);
  test.each<readonly [string, readonly SignalSeries[], string, string]>([
    [
      'the one with more signals, whatever their order',
      [cpu(15), pool(15), queue(17)],
      'database.connections',
      'medium',
    ],
    ['the one with the queue', [cpu(15), queue(15)], 'database.connections', 'low'],
    ['the one with the queue the other way round, too', [queue(15), cpu(15)], 'database.connections', 'low'],
    ['one alone is not contested by what turned later', [pool(15), queue(16), cpu(16)], 'database.connections', 'high'],
    ['nor by what was over all along', [pool(15), hits(0)], 'database.connections', 'medium'],
    ['two signals of one resource do not contest each other', [cpu(20), loop(15)], 'service.event-loop', 'medium'],
  ])('%s', (_, series, id, confidence) => {
    expect(find(series)).toMatchObject({ id, confidence });
  });
});

describe('a full machine', () => {
  const machine = (at: number) => turning('host.cpu', at, [0.5, 1]); // above 0.95

  test('accuses no resource by itself, since several share it', () => {
    expect(find([machine(15)])).toEqual({
      id: 'unknown',
      signal: 'host.cpu',
      confidence: 'low',
      evidence: ['Machine CPU was above 95 % from 15 s on (worst 100 %)'],
      remedy: expect.stringContaining('another machine'),
    });
  });

  test('yields to a resource that turned, even later, and lends it no confidence', () => {
    expect(find([machine(12), cpu(15)])).toMatchObject({
      id: 'service.cpu',
      signal: 'service.cpu',
      confidence: 'medium',
    });
  });

  test('stands among the evidence', () => {
    expect(find([machine(12), cpu(15)]).evidence).toHaveLength(2);
  });
});

describe('a symptom', () => {
  const slow = (at: number) => turning('balancer.response-p99', at, [2e5, 9e5]); // above 500 ms
  const failing = (at: number) => turning('balancer.unhealthy-hosts', at, [0, 2]); // above 0
  const idle = turning('service.cpu', 99, [0.05, 0.05]);

  test('alone accuses no resource: a slow target with idle CPU is no fault of the balancer', () => {
    expect(find([slow(15), idle])).toEqual({
      id: 'unknown',
      confidence: 'low',
      evidence: ['no resource went beyond its limit', 'Response time p99 was above 500 ms from 15 s on (worst 900 ms)'],
      remedy: remedies.unknown,
    });
  });

  test('accuses no resource together with others, either', () => {
    const slower = turning('balancer.response-p95', 15, [1e5, 9e5]); // above 300 ms
    expect(find([slow(15), slower, failing(15), idle])).toMatchObject({ id: 'unknown', confidence: 'low' });
    expect(find([slow(15), slower, failing(15), idle])).not.toHaveProperty('signal');
  });

  test('yields to a resource that turned later, lends it no confidence, and stands after it', () => {
    expect(find([slow(12), failing(11), cpu(15)])).toEqual({
      id: 'service.cpu',
      signal: 'service.cpu',
      confidence: 'medium',
      evidence: [
        'Service CPU was above 85 % from 15 s on (worst 95 %)',
        'Unhealthy targets was above 0 from 11 s on (worst 2)',
        'Response time p99 was above 500 ms from 12 s on (worst 900 ms)',
      ],
      remedy: remedies['service.cpu'],
    });
  });

  test('in the same second does not contest a resource', () => {
    expect(find([slow(15), failing(15), cpu(15)])).toMatchObject({ id: 'service.cpu', confidence: 'medium' });
  });

  test('yields to a resource that was beyond its limit all along', () => {
    expect(find([slow(15), hits(0)])).toMatchObject({ id: 'cache.misses', confidence: 'low' });
  });

  test('yields to a full machine', () => {
    expect(find([slow(12), turning('host.cpu', 15, [0.5, 1])])).toMatchObject({ id: 'unknown', signal: 'host.cpu' });
  });

  test.each(signals.filter(({ limit, accuses }) => limit !== undefined && accuses === undefined))(
    '$id by itself finds no resource',
    ({ id, limit = { above: 0 } }) => {
      const [calm, beyond] = 'above' in limit ? [limit.above, limit.above * 2 + 1] : [limit.below, limit.below / 2];
      expect(find([turning(id, 15, [calm, beyond])])).toMatchObject({ id: 'unknown', confidence: 'low' });
    },
  );
});

test('load near the measured capacity accuses the balancer that takes it', () => {
  expect(find([turning('balancer.capacity-use', 15, [0.5, 0.95])])).toMatchObject({
    id: 'balancer',
    signal: 'balancer.capacity-use',
    confidence: 'medium',
  });
});

describe('is unknown', () => {
  const spiky = Array.from({ length: 30 }, (_, at) => (at % 3 === 2 ? 0.4 : 0.95));
  test.each<readonly [string, readonly SignalSeries[]]>([
    ['where all stay within', [cpu(99), pool(99)]],
    ['on the limit, which is not beyond it', [turning('service.cpu', 0, [0.85, 0.85])]],
    ['where two readings on end are the most', [seriesOf('service.cpu', spiky)]],
    ['where only the last two are beyond', [cpu(28)]],
    ['for a signal without a limit', [turning('service.in-flight', 15, [1, 1e6])]],
  ])('%s', (_, series) => {
    expect(find(series)).toEqual({
      id: 'unknown',
      confidence: 'low',
      evidence: ['no signal went beyond its limit'],
      remedy: remedies.unknown,
    });
  });

  test('where it came after the window, although the series goes on', () => {
    expect(find([cpu(22)], 10, 21)).toMatchObject({ id: 'unknown' });
  });

  test.each<readonly [string, readonly SignalSeries[]]>([
    ['nothing was measured', []],
    ['nothing was measured in that time', [seriesOf('service.cpu', [0.9, 0.9, 0.9])]],
  ])('and says so where %s', (_, series) => {
    expect(find(series)).toMatchObject({ id: 'unknown', evidence: ['no signal was measured'] });
  });
});

describe('a signal that was beyond its limit all along', () => {
  test('yields to one that turned, although it was earlier', () => {
    expect(find([hits(0), cpu(17)])).toMatchObject({ id: 'service.cpu', confidence: 'medium' });
  });

  test('alone is named with little confidence, and the evidence says why', () => {
    expect(find([hits(0)])).toMatchObject({
      id: 'cache.misses',
      confidence: 'low',
      evidence: ['Cache hit ratio was below 50 % most of the time before, too (worst 10 %)'],
    });
  });

  test('lends no confidence to another of its resource', () => {
    expect(find([pool(0), queue(15)])).toMatchObject({ id: 'database.connections', confidence: 'medium' });
  });

  test('is not one whose readings begin with the window', () => {
    expect(find([cpu(0)], 0)).toMatchObject({ id: 'service.cpu', confidence: 'medium' });
  });
});

test('an event loop that waits for a core of a full machine is no cause', () => {
  const loop = turning('service.event-loop', 14, [1000, 1e6]);
  const use = turning('service.event-loop-use', 14, [0.2, 1]);
  expect(find([loop, use, turning('host.cpu', 16, [0.5, 1])])).toMatchObject({ id: 'unknown', signal: 'host.cpu' });
  expect(find([loop, use, turning('host.cpu', 16, [0.5, 0.6])])).toMatchObject({
    id: 'service.event-loop',
    confidence: 'high',
  });
});

describe('a use of a resource that was exhausted with it', () => {
  const hashing = (at: number) => turning('service.hashing-cpu', at, [0.1, 0.8]); // above 0.5, explains service.cpu
  const hashes = (at: number) => turning('service.hashing', at, [1, 200]); // above 8

  test.each<readonly [string, readonly SignalSeries[], string, string]>([
    ['is why, although the resource turned first', [cpu(14), hashing(16)], 'service.workers', 'medium'],
    ['is sure with its queue', [cpu(14), hashing(16), hashes(17)], 'service.workers', 'high'],
    ['is not why where it turned long after', [cpu(12), hashing(24)], 'service.cpu', 'medium'],
    ['nor where it was over all along', [cpu(14), hashing(0)], 'service.cpu', 'medium'],
  ])('%s', (_, series, id, confidence) => {
    expect(find(series)).toMatchObject({ id, confidence });
  });
});
