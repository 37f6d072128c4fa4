import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { periodsOf } from '../../../../lib/adapters/aws/cloudwatch-metrics.ts';

const HOUR_MS = 3_600_000;
const nowMs = 1_800_000_000_000;

// CloudWatch refuses any other: "1, 5, 10, 20, 30, 60, or any multiple of 60".
test.each([
  [2, 5],
  [10, 10],
  [15, 20],
  [31, 60],
  [61, 120],
  [120, 120],
])('%s s wanted: %s s asked for', (periodSeconds, asked) => {
  const window = { fromMs: nowMs - HOUR_MS, toMs: nowMs, periodSeconds };
  expect(periodsOf(window, nowMs).periodSeconds).toBe(asked);
});

describe('no finer than CloudWatch keeps points of that age', () => {
  test.each([
    { ageHours: 0.1, wanted: 1, period: 1 },
    { ageHours: 2.9, wanted: 10, period: 10 },
    { ageHours: 3.1, wanted: 10, period: 60 },
    { ageHours: 3.1, wanted: 90, period: 120 },
    { ageHours: 14 * 24, wanted: 60, period: 60 },
    { ageHours: 16 * 24, wanted: 60, period: 300 },
    { ageHours: 64 * 24, wanted: 60, period: 3600 },
  ])('$wanted s wanted, $ageHours h old: $period s', ({ ageHours, wanted, period }) => {
    const fromMs = nowMs - ageHours * HOUR_MS;
    expect(periodsOf({ fromMs, toMs: fromMs + HOUR_MS, periodSeconds: wanted }, nowMs).periodSeconds).toBe(period);
  });
});

test('periods are aligned, and exactly those whose middle lies within the window', () => {
  fc.assert(
    fc.property(fc.nat(5 * HOUR_MS), fc.nat(HOUR_MS), fc.constantFrom(1, 10, 60), (agoMs, lengthMs, periodSeconds) => {
      const [fromMs, toMs] = [nowMs - agoMs, nowMs - agoMs + lengthMs];
      const {
        periodSeconds: seconds,
        fromMs: first,
        untilMs,
        count,
      } = periodsOf({ fromMs, toMs, periodSeconds }, nowMs);
      const periodMs = seconds * 1000;
      expect(first % periodMs).toBe(0);
      expect(untilMs - first).toBe(count * periodMs);
      const middles = Array.from({ length: count + 2 }, (_, n) => first + (n - 0.5) * periodMs);
      const within = middles.map((at) => at >= fromMs && at <= toMs);
      expect(within).toEqual([false, ...Array.from({ length: count }, () => true), false]);
    }),
    { numRuns: 200 },
  );
});
