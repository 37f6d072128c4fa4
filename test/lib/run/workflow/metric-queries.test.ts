import { expect, test } from '@jest/globals';
import { seriesOf } from '../../../../lib/run/workflow/metric-queries.ts';
import { signals } from '../../../../lib/signals/index.ts';

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
