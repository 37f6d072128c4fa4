import { expect, test } from '@jest/globals';
import { startUpSecondsOf } from '../../../lib/scaling/start-up.ts';

type Points = readonly (readonly [second: number, count: number])[];

const runOf = (desired: Points, healthy: Points) => ({
  summary: {},
  report: {
    signals: [
      { id: 'service.tasks-desired', points: desired },
      { id: 'balancer.healthy-hosts', points: healthy },
    ],
  },
  path: 'runs/load',
});

test.each<readonly [string, Points, Points, number]>([
  // Four were asked for at 60 s, and four healthy at 180 s.
  [
    'the time until all are healthy',
    [
      [0, 2],
      [60, 4],
    ],
    [
      [0, 2],
      [120, 3],
      [180, 4],
    ],
    120,
  ],
  [
    'the longest of several',
    [
      [0, 2],
      [60, 3],
      [300, 4],
    ],
    [
      [0, 2],
      [120, 3],
      [480, 4],
    ],
    180,
  ],
  [
    'a fall is none',
    [
      [0, 4],
      [60, 2],
      [120, 3],
    ],
    [
      [0, 4],
      [60, 2],
      [180, 3],
    ],
    60,
  ],
  [
    'one that never came is left out',
    [
      [0, 2],
      [60, 3],
      [300, 9],
    ],
    [
      [0, 2],
      [120, 3],
    ],
    60,
  ],
])('%s', (_, desired, healthy, seconds) => {
  expect(startUpSecondsOf(runOf(desired, healthy))).toBe(seconds);
});

test.each([
  ['no scale-out', runOf([[0, 2]], [[0, 2]])],
  [
    'one that never came',
    runOf(
      [
        [0, 2],
        [60, 4],
      ],
      [[0, 2]],
    ),
  ],
  ['no report', { summary: {}, path: 'runs/load' }],
])('refused: %s', (_, run) => {
  expect(() => startUpSecondsOf(run)).toThrow('shows no scale-out whose tasks became healthy');
});
