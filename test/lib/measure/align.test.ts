import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Aligner } from '../../../lib/measure/align.ts';
import { emptyInterval, merge, type Interval } from '../../../lib/measure/interval.ts';

const withDue = (due: number): Interval => {
  const interval = emptyInterval();
  interval.arrivals.due = due;
  return interval;
};

/** Each worker's seconds as it tells them, and the order in which the workers get a word in. */
const told = fc.record({
  seconds: fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
  turns: fc.array(fc.nat(3), { maxLength: 40 }),
});

test('law: seconds come out in order, whole until the end, and nothing is lost', () => {
  fc.assert(
    fc.property(told, ({ seconds, turns }) => {
      const out: { second: number; due: number }[] = [];
      const aligner = new Aligner(seconds.length, (second, merged) => out.push({ second, due: merged.arrivals.due }));
      const at = seconds.map(() => 0);
      const rest = seconds.flatMap((list, worker) => list.map(() => worker));
      for (const turn of [...turns, ...rest]) {
        const worker = turn % seconds.length;
        const second = at[worker] ?? 0;
        const due = seconds[worker]?.[second];
        if (due === undefined) continue;
        aligner.add(worker, second, withDue(due));
        at[worker] = second + 1;
      }
      aligner.end();
      const sumOf = (second: number): number => seconds.reduce((sum, list) => sum + (list[second] ?? 0), 0);
      const longest = Math.max(...seconds.map((list) => list.length));
      expect(out).toEqual(Array.from({ length: longest }, (_, second) => ({ second, due: sumOf(second) })));
    }),
  );
});

test('two parts of one second are one', () => {
  const out: [number, number][] = [];
  const aligner = new Aligner(1, (second, merged) => out.push([second, merged.arrivals.due]));
  aligner.add(0, 0, withDue(2));
  aligner.add(0, 0, withDue(3));
  aligner.add(0, 1, withDue(4));
  aligner.end();
  expect(out).toEqual([
    [0, 5],
    [1, 4],
  ]);
  expect(merge([withDue(2), withDue(3)]).arrivals.due).toBe(5);
});
