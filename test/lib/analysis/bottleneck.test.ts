import { describe, expect, test } from '@jest/globals';
import type { AnalysedRun } from '../../../lib/analysis/analysed-run.ts';
import { bottleneck } from '../../../lib/analysis/bottleneck.ts';
import { judgePhase } from '../../../lib/analysis/phase.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../lib/signals/signal.ts';
import { planOf } from '../run/plan.ts';
import { outcomeOf, times } from './measured.ts';

const objectives = ['p95 < 100ms'];
const fast = { ok: 40, responseUs: 10_000 };
const slow = { ok: 40, responseUs: 1_000_000 };
const BREAK = 20;

/** Twenty calm seconds, then twenty in which forty requests a second take a second each: forty are under way. */
const outcomes = [outcomeOf({ kind: 'stress', objectives }, [...times(BREAK, fast), ...times(20, slow)])];

function runWith(series: readonly SignalSeries[], seen = outcomes): AnalysedRun {
  const plan = planOf(seen.map(({ phase }) => phase));
  const phases = seen.map((outcome) => judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: 60, signals: [] }));
  const startedAtMs = seen[0]?.startedAtMs ?? 0;
  return { plan, startedAtMs, outcomes: seen, phases, interrupted: false, signals, series };
}

/** `calm` before the break, `beyond` from then on; a reading a second. */
function turning(id: string, calm: number, beyond: number, at = BREAK): SignalSeries {
  const signal = signals.find((each) => each.id === id);
  if (signal === undefined) throw new Error(`no signal: ${id}`);
  const points = Array.from({ length: 40 }, (_, second): [number, number] => [second, second < at ? calm : beyond]);
  return { id, title: signal.title, unit: signal.unit, kind: signal.kind, points };
}

const find = (...series: SignalSeries[]) => bottleneck(runWith(series));
const pool = [turning('database.pool-use', 0.2, 1), turning('database.pool-waiting', 0, 30)];
const database = [turning('database.active', 0.4, 8), turning('database.lock-waits', 0, 0)];

describe('what gives way', () => {
  test.each<readonly [string, readonly SignalSeries[], string]>([
    // 30 of 40 wait for a connection.
    ['a pool for whose connections most wait', [...pool, ...database], 'database.connections'],
    // Of 10 sessions 8 wait for a lock; the pool is full of them.
    [
      'locks, although the pool is exhausted by them',
      [...pool, turning('database.active', 0.4, 10), turning('database.lock-waits', 0, 8)],
      'database.locks',
    ],
    // 36 of 40 are in a statement.
    [
      'statements that hold most of the time',
      [turning('database.active', 0.4, 36), turning('database.lock-waits', 0, 0)],
      'database.statements',
    ],
    // 200,000 rows for 40 requests, 5,000 each.
    [
      'a table that is read row by row',
      [...pool, turning('database.active', 0.4, 20), turning('database.sequential-rows', 0, 200_000)],
      'database.statements',
    ],
    // 1,600 statements for 40 requests, 40 each.
    ['one statement a row', [turning('database.statement-rate', 1600, 1600), ...pool], 'database.statements'],
    [
      'calls that hold most of the time',
      [turning('downstream.in-flight', 0.2, 38), turning('downstream.time', 10_000, 950_000)],
      'downstream.latency',
    ],
    [
      'a CPU beyond four fifths',
      [turning('service.cpu', 0.3, 0.97), turning('service.scrape-time', 5000, 80_000)],
      'service.cpu',
    ],
    [
      'a cache that answers no more',
      [turning('cache.down', 0, 1), turning('database.active', 0.4, 20)],
      'cache.outage',
    ],
    [
      'a cache that throws out',
      [turning('cache.evictions', 0, 50), turning('cache.hit-ratio', 0.95, 0.3), turning('database.active', 0.4, 20)],
      'cache.evictions',
    ],
    [
      'garbage that is collected half of the time',
      [turning('service.garbage-collection', 0.01, 0.5), turning('service.cpu', 0.3, 0.9)],
      'service.memory',
    ],
    [
      'threads that are all taken',
      [turning('service.worker-use', 0.1, 1), turning('service.worker-queue', 0, 30)],
      'service.workers',
    ],
    [
      'hashes that take the cores',
      [turning('service.hashing-cpu', 0.1, 0.8), turning('service.hashing', 1, 35), turning('service.cpu', 0.3, 0.95)],
      'service.workers',
    ],
  ])('is %s', (_, series, id) => {
    expect(find(...series)).toMatchObject({ id });
  });

  test('is high where two signals agree and what would explain them was read', () => {
    const read = [
      turning('service.cpu', 0.1, 0.1),
      turning('database.statement-rate', 40, 40),
      turning('database.sequential-rows', 0, 0),
    ];
    expect(find(...pool, ...database, ...read)).toMatchObject({ id: 'database.connections', confidence: 'high' });
    expect(find(...pool, ...database)).toMatchObject({ id: 'database.connections', confidence: 'medium' });
  });

  test('is unknown where nothing was read, and names what would decide', () => {
    const found = bottleneck(runWith([]));
    expect(found).toMatchObject({ id: 'unknown', confidence: 'low' });
    expect(found?.evidence).toContain('no signal was measured');
    expect(found?.evidence.join(' ')).toContain('database.pool-use');
  });

  test('is the machine where generator and target share a full one, and nothing else is known', () => {
    expect(find(turning('host.cpu', 0.4, 1))).toMatchObject({ id: 'unknown', signal: 'host.cpu' });
    // Full before as well, it began nothing.
    expect(find(turning('host.cpu', 1, 1))).not.toHaveProperty('signal');
  });

  test('is a limit on the rate where most was refused with 429', () => {
    const refused = { ok: 20, failed: { 'status.429': 20 }, responseUs: 5000 };
    const seen = [
      outcomeOf({ kind: 'stress', objectives: ['errors < 1%'] }, [...times(20, fast), ...times(20, refused)]),
    ];
    expect(bottleneck(runWith([], seen))).toMatchObject({ id: 'rate-limit', confidence: 'medium' });
  });

  test('is none where all held, sure only where memory was read', () => {
    const held = [outcomeOf({ kind: 'stress', objectives }, times(40, fast))];
    expect(bottleneck(runWith([], held))).toMatchObject({ id: 'none', confidence: 'medium' });
    expect(bottleneck(runWith([turning('service.resident-memory', 1e8, 1e8)], held))).toMatchObject({
      id: 'none',
      confidence: 'high',
    });
  });

  const held = [outcomeOf({ kind: 'stress', objectives }, times(40, fast))];
  /** From 100 MB on, so many bytes more each second, at 40 requests. */
  const growing = (bytes: number): SignalSeries => {
    const memory = turning('service.resident-memory', 0, 0);
    return { ...memory, points: memory.points.map(([at]): [number, number] => [at, 1e8 + at * bytes]) };
  };

  test('is memory that grows with each request, before anything is missed', () => {
    // 250 kB a request.
    expect(bottleneck(runWith([growing(1e7)], held))).toMatchObject({ id: 'service.memory' });
  });

  test('is no memory of which a collection leaves next to nothing', () => {
    const heap = (ratio: number) => turning('service.heap', ratio, ratio);
    expect(bottleneck(runWith([growing(1e7), heap(0.1)], held))).toMatchObject({ id: 'none', confidence: 'medium' });
    expect(bottleneck(runWith([growing(1e7), heap(0.8)], held))).toMatchObject({ id: 'service.memory' });
  });

  test('is none with less than high confidence while memory goes on growing', () => {
    // 2 MB a second: 32 MB in the last 16 of 40 seconds.
    expect(bottleneck(runWith([growing(2e6)], held))).toMatchObject({ id: 'none', confidence: 'medium' });
  });

  test('is none where requests take longer under more load, within their objective', () => {
    const fair = { ok: 80, responseUs: 180_000 };
    const seen = (objective: string, least = 20) => [
      outcomeOf({ kind: 'stress', objectives: [objective] }, [
        ...times(BREAK, { ...fast, ok: least }),
        ...times(20, fair),
      ]),
    ];
    expect(bottleneck(runWith([], seen('p95 < 200ms')))).toMatchObject({ id: 'none' });
    // Under the same load it is no matter of load, and of errors alone nobody has said how long is too long.
    expect(bottleneck(runWith([], seen('p95 < 200ms', 80)))).not.toMatchObject({ id: 'none' });
    expect(bottleneck(runWith([], seen('errors < 1%')))).not.toMatchObject({ id: 'none' });
  });
});

test('the evidence has numbers of both stretches, and since when', () => {
  expect(find(...pool, ...database)?.evidence).toContain(
    'Database pool in use: 100 % (20 % while all was well), from 20 s on',
  );
});
