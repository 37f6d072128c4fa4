import { expect, test } from '@jest/globals';
import { shapes } from '../../../lib/schedule/shapes/index.ts';

test('constant is one flat segment', () => {
  expect(shapes.constant.segments(5, 1e6)).toEqual([{ durationUs: 1e6, from: 5, to: 5 }]);
});

test('ramp is one slope', () => {
  expect(shapes.ramp.segments({ from: 5, to: 1 }, 1e6)).toEqual([{ durationUs: 1e6, from: 5, to: 1 }]);
});

test('stages go on from where the one before ended, and hold jumps', () => {
  const stages = [
    { duration: '1s', to: 10 },
    { duration: '2s', hold: 30 },
    { duration: '3s', to: 0 },
  ];
  expect(shapes.stages.segments(stages)).toEqual([
    { durationUs: 1e6, from: 0, to: 10 },
    { durationUs: 2e6, from: 30, to: 30 },
    { durationUs: 3e6, from: 30, to: 0 },
  ]);
});

test.each([
  [
    'in the middle',
    '2s',
    [
      [2e6, 1],
      [3e6, 9],
      [5e6, 1],
    ],
  ], // 2 + 3 + 5 = 10 s
  [
    'at the beginning',
    '0s',
    [
      [3e6, 9],
      [7e6, 1],
    ],
  ],
  [
    'at the end',
    '7s',
    [
      [7e6, 1],
      [3e6, 9],
    ],
  ],
])('a spike %s', (_, at, segments) => {
  expect(shapes.spike.segments({ base: 1, peak: 9, at, for: '3s' }, 10e6)).toEqual(
    segments.map(([durationUs, level]) => ({ durationUs, from: level, to: level })),
  );
});
