import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { judge, verdictOn } from '../../../lib/analysis/objectives.ts';
import type { PhaseWindow } from '../../../lib/analysis/outcome.ts';
import type { Verdict } from '../../../lib/analysis/verdict.ts';
import { profiles } from '../../../lib/plan/profiles.ts';
import { objective, outcomeOf, times, type Second } from './measured.ts';

type Row = readonly [line: string, value: number, verdict: Verdict];

const ms = (n: number): number => n * 1000;

/** Every line of the profiles: inside, on and beyond each of its limits. */
const tiers: readonly Row[] = [
  // R14: target < 500 ms; 500–600 is the grey band; fail > 600 ms.
  ['p99 < 500ms, fail > 600ms', ms(499.9), 'pass'],
  ['p99 < 500ms, fail > 600ms', ms(500), 'warn'],
  ['p99 < 500ms, fail > 600ms', ms(600), 'warn'],
  ['p99 < 500ms, fail > 600ms', ms(600.1), 'fail'],
  // R15: the target 300 ms is a note; only beyond 400 ms does it warn; nothing fails.
  ['p95 < 300ms, warn > 400ms', ms(299), 'pass'],
  ['p95 < 300ms, warn > 400ms', ms(300), 'pass'],
  ['p95 < 300ms, warn > 400ms', ms(400), 'pass'],
  ['p95 < 300ms, warn > 400ms', ms(400.1), 'warn'],
  ['p95 < 300ms, warn > 400ms', ms(60_000), 'warn'],
  // R16
  ['errors < 0.5%, fail > 1%', 0.004_999, 'pass'],
  ['errors < 0.5%, fail > 1%', 0.005, 'warn'], // 5 of 1,000
  ['errors < 0.5%, fail > 1%', 0.01, 'warn'], // 10 of 1,000
  ['errors < 0.5%, fail > 1%', 0.010_001, 'fail'],
  // R17: the good side is above.
  ['throughput > 100/s, fail < 80/s', 100.1, 'pass'],
  ['throughput > 100/s, fail < 80/s', 100, 'warn'],
  ['throughput > 100/s, fail < 80/s', 80, 'warn'],
  ['throughput > 100/s, fail < 80/s', 79.9, 'fail'],
  ['throughput > 100/s, fail < 80/s', 0, 'fail'],
  // R18
  ['service.cpu p99 < 80%, fail > 90%', 0.799, 'pass'],
  ['service.cpu p99 < 80%, fail > 90%', 0.8, 'warn'],
  ['service.cpu p99 < 80%, fail > 90%', 0.9, 'warn'],
  ['service.cpu p99 < 80%, fail > 90%', 0.901, 'fail'],
  // R19
  ['service.memory p99 < 85%, fail > 95%', 0.849, 'pass'],
  ['service.memory p99 < 85%, fail > 95%', 0.85, 'warn'],
  ['service.memory p99 < 85%, fail > 95%', 0.95, 'warn'],
  ['service.memory p99 < 85%, fail > 95%', 0.951, 'fail'],
  // R20: 160 of 200 is the target, 180 the warning.
  ['database.connections max < 160, warn > 180', 159, 'pass'],
  ['database.connections max < 160, warn > 180', 160, 'pass'],
  ['database.connections max < 160, warn > 180', 180, 'pass'],
  ['database.connections max < 160, warn > 180', 181, 'warn'],
  ['database.connections max < 160, warn > 180', 200, 'warn'],
  // R21: the good side is above.
  ['cache.hit-ratio mean > 90%, warn < 80%', 0.91, 'pass'],
  ['cache.hit-ratio mean > 90%, warn < 80%', 0.9, 'pass'],
  ['cache.hit-ratio mean > 90%, warn < 80%', 0.8, 'pass'],
  ['cache.hit-ratio mean > 90%, warn < 80%', 0.799, 'warn'],
  ['cache.hit-ratio mean > 90%, warn < 80%', 0, 'warn'],
  // R25–R27: a limit alone is the line between pass and fail.
  ['p99 < 200ms', ms(199.9), 'pass'],
  ['p99 < 200ms', ms(200), 'fail'],
  ['errors < 0.1%', 0.000_999, 'pass'],
  ['errors < 0.1%', 0.001, 'fail'], // 1 of 1,000
  ['service.cpu p99 <= 70%', 0.7, 'pass'],
  ['service.cpu p99 <= 70%', 0.701, 'fail'],
  ['service.memory p99 <= 80%', 0.8, 'pass'],
  ['service.memory p99 <= 80%', 0.801, 'fail'],
  // R30
  ['throughput > 100/s', 100.1, 'pass'],
  ['throughput > 100/s', 100, 'fail'],
  ['p95 < 500ms', ms(499), 'pass'],
  ['p95 < 500ms', ms(500), 'fail'],
  ['p99 < 1s', ms(999), 'pass'],
  ['p99 < 1s', ms(1000), 'fail'],
  ['service.cpu p99 < 80%', 0.799, 'pass'],
  ['service.cpu p99 < 80%', 0.8, 'fail'],
  ['service.memory p99 < 80%', 0.799, 'pass'],
  ['service.memory p99 < 80%', 0.8, 'fail'],
  // R31
  ['p50 < 50ms', ms(49), 'pass'],
  ['p50 < 50ms', ms(50), 'fail'],
  ['p95 < 200ms', ms(199), 'pass'],
  ['p95 < 200ms', ms(200), 'fail'],
  ['p99 < 500ms', ms(499), 'pass'],
  ['p99 < 500ms', ms(500), 'fail'],
  ['throughput > 10000/s', 10_001, 'pass'],
  ['throughput > 10000/s', 10_000, 'fail'],
  ['availability > 99.9%', 0.9991, 'pass'],
  ['availability > 99.9%', 0.999, 'fail'], // 999 of 1,000
  // R32
  ['errors < 1%', 0.0099, 'pass'],
  ['errors < 1%', 0.01, 'fail'],
  // R34
  ['max < 100ms', ms(99), 'pass'],
  ['max < 100ms', ms(100), 'fail'],
  ['errors <= 0%', 0, 'pass'],
  ['errors <= 0%', 0.000_001, 'fail'],
  // All three limits: what lies between target and warn is a note (DECISIONS.md 5).
  ['p99 < 500ms, warn > 550ms, fail > 600ms', ms(520), 'pass'],
  ['p99 < 500ms, warn > 550ms, fail > 600ms', ms(560), 'warn'],
  ['p99 < 500ms, warn > 550ms, fail > 600ms', ms(601), 'fail'],
];

describe('the verdict on a value', () => {
  test.each(tiers)('%s at %d: %s', (line, value, verdict) => {
    expect(verdictOn(objective(line), value)).toBe(verdict);
  });

  test('the rows cover every line of every profile, and each line its every verdict', () => {
    const lines = [...new Set<string>(Object.values(profiles).flat())];
    const seen = (line: string): Set<string> =>
      new Set(tiers.filter(([text]) => text === line).map(([, , verdict]) => verdict));
    const possible = (line: string): string[] => {
      const tier = [line.includes('warn') && 'warn', line.includes('fail') && 'fail'].filter(Boolean);
      if (tier.length === 0) return ['pass', 'fail'];
      return line.includes('fail') ? ['pass', 'warn', 'fail'] : ['pass', 'warn'];
    };
    expect(lines.filter((line) => possible(line).some((verdict) => !seen(line).has(verdict)))).toEqual([]);
  });

  test.each([...new Set(tiers.map(([line]) => line))])('%s without a value is unknown', (line) => {
    expect(verdictOn(objective(line), Number.NaN)).toBe('unknown');
  });

  test('a worse value is never judged better', () => {
    const rank = ['pass', 'warn', 'fail'];
    const line = fc.constantFrom(...new Set(tiers.map(([text]) => text)));
    fc.assert(
      fc.property(line, fc.double({ noNaN: true }), fc.double({ noNaN: true }), (text, a, b) => {
        const tested = objective(text);
        const [better, worse] = tested.target.op.startsWith('<') === a < b ? [a, b] : [b, a];
        expect(rank.indexOf(verdictOn(tested, worse))).toBeGreaterThanOrEqual(rank.indexOf(verdictOn(tested, better)));
      }),
    );
  });
});

const noSignals: PhaseWindow = { fromSeconds: 0, toSeconds: 10, signals: [] };

const judged = (line: string, seconds: readonly Second[], ranSeconds = seconds.length) =>
  judge(objective(line), outcomeOf({ objectives: [line] }, seconds, { ranSeconds }), noSignals);

describe('the value of a phase', () => {
  // 99 requests of 1,000 µs and one of 2,000 µs; values below 2,048 µs are exact in the histogram.
  const slowTail: readonly Second[] = [
    { ok: 99, responseUs: 1000, serviceUs: 500 },
    { ok: 1, responseUs: 2000, serviceUs: 700 },
  ];

  test.each([
    ['p50 < 1ms', 1000],
    ['p99 < 1ms', 1000], // 99 of 100 are at most 1,000 µs
    ['p99.9 < 1ms', 2000],
    ['max < 1ms', 2000],
    ['mean < 1ms', 1010], // (99 · 1,000 + 2,000) / 100
    ['service p50 < 1ms', 500],
    ['service max < 1ms', 700],
    ['service mean < 1ms', 502], // (99 · 500 + 700) / 100
    ['throughput > 1/s', 50], // 100 in 2 s
    ['errors < 1%', 0],
    ['availability > 1%', 1],
    ['dropped < 1%', 0],
  ])('%s is %d', (line, value) => {
    expect(judged(line, slowTail).value).toBeCloseTo(value, 6);
  });

  test('failures and time-outs are errors, and what was cut is neither', () => {
    const seconds = [{ ok: 90, failed: { reset: 4, 'status.503': 3 }, timedOut: 3, cut: 7 }];
    expect(judged('errors < 1%', seconds).value).toBe(0.1); // (4 + 3 + 3) / (90 + 10)
    expect(judged('availability > 1%', seconds).value).toBe(0.9);
  });

  test('availability meets its line exactly: 93 of 100 is 93 %', () => {
    expect(judged('availability >= 93%', [{ ok: 93, timedOut: 7 }])).toMatchObject({ value: 0.93, verdict: 'pass' });
  });

  test('dropped is a share of what was due', () => {
    expect(judged('dropped < 1%', [{ ok: 95, dropped: 5 }]).value).toBe(0.05);
  });

  test('throughput counts successes within the phase, by the time that it ran', () => {
    const outcome = outcomeOf({ seconds: 4 }, [...times(4, { ok: 10, timedOut: 5 }), { ok: 100 }]);
    expect(judge(objective('throughput > 1/s'), outcome, noSignals).value).toBe(10); // 4 · 10 / 4 s
    expect(judged('throughput > 1/s', times(4, { ok: 10 }), 2).value).toBe(20); // 40 in the 2 s before it was stopped
  });

  test.each([
    'p99 < 1s',
    'mean < 1s',
    'service max < 1s',
    'errors < 1%',
    'availability > 1%',
    'throughput > 1/s',
    'dropped < 1%',
  ])('%s of a phase in which nothing happened is unknown', (line) => {
    expect(judged(line, [{}])).toEqual({ objective: line, value: Number.NaN, verdict: 'unknown' });
  });
});

describe('the value of a signal', () => {
  const judgeSignal = (line: string, points: readonly (readonly [number, number])[]) =>
    judge(objective(line), outcomeOf({}, [{}]), {
      fromSeconds: 10,
      toSeconds: 20,
      signals: [{ id: 'service.cpu', title: 'CPU', unit: 'ratio', kind: 'utilisation', points }],
    });
  const readings = (values: readonly number[]) =>
    values.map((value, at): [number, number] => [10 + (at * 10) / values.length, value]);

  test.each([
    ['service.cpu max < 80%', 0.9],
    ['service.cpu < 80%', 0.9], // max, where no statistic is named
    ['service.cpu mean < 80%', 0.45],
    ['service.cpu p50 < 80%', 0.4], // rank ⌈0.5 · 10⌉ = 5 of 0, 0.1 … 0.9
    ['service.cpu p90 < 80%', 0.8], // rank 9
    ['service.cpu p91 < 80%', 0.9], // rank ⌈9.1⌉ = 10
    ['service.cpu p0 < 80%', 0],
  ])('%s is %d', (line, value) => {
    const shuffled = [0.3, 0.9, 0, 0.1, 0.8, 0.2, 0.7, 0.4, 0.6, 0.5];
    expect(judgeSignal(line, readings(shuffled)).value).toBeCloseTo(value, 9);
  });

  test('a rank is not lifted by floating point: p99.9 of 1,000 is the 999th', () => {
    const values = Array.from({ length: 1000 }, (_, at) => at + 1);
    expect(judgeSignal('service.cpu p99.9 < 80', readings(values)).value).toBe(999);
  });

  test('only readings of the phase count, its first and last moment among them', () => {
    const points: [number, number][] = [
      [9.9, 99],
      [10, 1],
      [20, 3],
      [20.1, 99],
    ];
    expect(judgeSignal('service.cpu max < 80', points).value).toBe(3);
  });

  test.each([['another.signal max < 80%'], ['service.cpu max < 80%']])('%s without a reading is unknown', (line) => {
    expect(judgeSignal(line, [[5, 0.1]])).toMatchObject({ verdict: 'unknown' });
  });
});
