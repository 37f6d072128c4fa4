import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Aligner } from '../../../lib/measure/align.ts';

/** Each worker's seconds as it tells them, and the order in which the workers get a word in. */
const told = fc.record({
  seconds: fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
  turns: fc.array(fc.nat(3), { maxLength: 40 }),
});

test('law: seconds come out in order, whole until the end, and nothing is lost', () => {
  fc.assert(
    fc.property(told, ({ seconds, turns }) => {
      const out: number[] = [];
      const order: number[] = [];
      const aligner = new Aligner<number>(seconds.length, (second, due) => {
        out[second] = (out[second] ?? 0) + due;
        order.push(second);
      });
      const at = seconds.map(() => 0);
      const rest = seconds.flatMap((list, worker) => list.map(() => worker));
      for (const turn of [...turns, ...rest]) {
        const worker = turn % seconds.length;
        const second = at[worker] ?? 0;
        const due = seconds[worker]?.[second];
        if (due === undefined) continue;
        aligner.add(worker, second, due);
        at[worker] = second + 1;
      }
      aligner.end();
      const sumOf = (second: number): number => seconds.reduce((sum, list) => sum + (list[second] ?? 0), 0);
      const longest = Math.max(...seconds.map((list) => list.length));
      expect(out).toEqual(Array.from({ length: longest }, (_, second) => sumOf(second)));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }),
  );
});

test('a second is handed on when every worker is beyond it, and what comes late joins the last', () => {
  const out: [number, string][] = [];
  const aligner = new Aligner<string>(2, (second, part) => out.push([second, part]));
  aligner.add(0, 0, 'a');
  aligner.add(0, 1, 'b');
  aligner.add(1, 0, 'c');
  expect(out).toEqual([]);
  aligner.add(1, 1, 'd');
  expect(out).toEqual([
    [0, 'a'],
    [0, 'c'],
  ]);
  aligner.add(1, 0, 'late');
  aligner.end();
  expect(out.slice(2)).toEqual([
    [0, 'late'],
    [1, 'b'],
    [1, 'd'],
  ]);
});
