import { expect, test } from '@jest/globals';
import { emptyInterval, stepOf, type Interval } from '../../../lib/measure/interval.ts';
import { MeasurementBuilder } from '../../../lib/measure/measurement.ts';

/** A second in which `due` arrivals were due, all answered well, with `users` at work all the time. */
function second(due: number, users = 0): Interval {
  const interval = emptyInterval();
  interval.arrivals.due = due;
  interval.userUs = users * 1e6;
  stepOf(interval, 0).ledger.ok = due;
  return interval;
}

test('a short phase has a point a second; several workers make one', () => {
  const builder = new MeasurementBuilder(3);
  for (const at of [0, 1, 2]) {
    builder.add(at, second(10, 2));
    builder.add(at, second(5, 1));
  }
  expect(
    builder
      .build()
      .points.map(({ atSeconds, offeredPerSecond, throughputPerSecond, users }) => [
        atSeconds,
        offeredPerSecond,
        throughputPerSecond,
        users,
      ]),
  ).toEqual([
    [0, 15, 15, 3],
    [1, 15, 15, 3],
    [2, 15, 15, 3],
  ]);
  expect(builder.latest()?.atSeconds).toBe(1);
});

test('a second without a record is a point of nothing', () => {
  const builder = new MeasurementBuilder(4);
  builder.add(0, second(10));
  builder.add(3, second(10));
  expect(builder.build().points.map(({ offeredPerSecond }) => offeredPerSecond)).toEqual([10, 0, 0, 10]);
  expect(builder.build().points[1]?.responseTimeUs).toBeUndefined();
});

test('what comes behind the end counts in the total, and not within', () => {
  const builder = new MeasurementBuilder(1.5);
  for (const at of [0, 1, 2]) builder.add(at, second(10));
  expect([builder.build().total.arrivals.due, builder.build().within.arrivals.due]).toEqual([30, 20]);
  // The second point is half a second of the phase: 10 in 0.5 s are 20 a second.
  expect(builder.build().points.map(({ seconds, offeredPerSecond }) => [seconds, offeredPerSecond])).toEqual([
    [1, 10],
    [0.5, 20],
    [1, 10],
  ]);
});

test('a phase of any length has at most 600 points, and none of its requests is lost', () => {
  const builder = new MeasurementBuilder(7200);
  for (let at = 0; at < 7200; at += 1) builder.add(at, second(7));
  const points = builder.build().points;
  expect(points).toHaveLength(600);
  expect(points.every(({ seconds, offeredPerSecond }) => seconds === 12 && offeredPerSecond === 7)).toBe(true);
  expect(points.reduce((sum, { ledger }) => sum + ledger.ok, 0)).toBe(7200 * 7);
});

test('a point ends where the phase does, however wide points are', () => {
  const builder = new MeasurementBuilder(1205); // points of 3 s; the last begins at 1203 and holds 2 s
  for (let at = 0; at < 1210; at += 1) builder.add(at, second(1));
  expect(
    builder
      .build()
      .points.slice(-3)
      .map(({ atSeconds, seconds, ledger }) => [atSeconds, seconds, ledger.ok]),
  ).toEqual([
    [1203, 2, 2],
    [1205, 3, 3],
    [1208, 3, 2],
  ]);
  expect([builder.build().within.arrivals.due, builder.build().total.arrivals.due]).toEqual([1205, 1210]);
});
