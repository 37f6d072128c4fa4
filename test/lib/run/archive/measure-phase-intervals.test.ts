import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeInterval } from '../../../../lib/measure/encode.ts';
import { allSteps, type Interval } from '../../../../lib/measure/interval.ts';
import { openEntries } from '../../../../lib/measure/ledger.ts';
import { MeasurementBuilder } from '../../../../lib/measure/measurement.ts';
import { mergeIntervals } from '../../../../lib/run/archive/measure-phase.ts';
import { runKeys } from '../../../../lib/run/archive/keys.ts';
import { anyInterval } from '../../../laws/intervals.ts';
import { MemoryStore } from './memory-store.ts';

const keys = runKeys('r').phase(0);
const CHUNK = 2;

/** Seconds of several workers as they store them: two a chunk, each under its first second. */
async function stored(workers: readonly (readonly Interval[])[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const [worker, seconds] of workers.entries()) {
    for (let first = 0; first < seconds.length; first += CHUNK) {
      const lines = seconds
        .slice(first, first + CHUNK)
        .map((interval, at) => JSON.stringify(encodeInterval({ phase: 0, worker, second: first + at }, interval)));
      await store.put(keys.intervals(worker, first), `${lines.join('\n')}\n`);
    }
  }
  return store;
}

const wireOf = (interval: Interval) => encodeInterval({ phase: 0, worker: 0, second: 0 }, interval);

const anyWorkers = fc.array(fc.array(anyInterval, { maxLength: 7 }), { minLength: 1, maxLength: 4 });

describe('what workers have stored, put together', () => {
  test('is what they would be if added one by one, second by second', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorkers, async (workers) => {
        const [merged, plain] = [new MeasurementBuilder(5), new MeasurementBuilder(5)];
        const order = { workers: workers.length, lost: new Map<number, undefined>() };
        const last = await mergeIntervals(await stored(workers), keys, order, merged);
        const seconds = Math.max(0, ...workers.map(({ length }) => length));
        for (let second = 0; second < seconds; second += 1)
          for (const { [second]: interval } of workers) if (interval !== undefined) plain.add(second, interval);
        expect(last).toBe(seconds - 1);
        const [left, right] = [merged.build(), plain.build()];
        expect(wireOf(left.total)).toEqual(wireOf(right.total));
        expect(wireOf(left.within)).toEqual(wireOf(right.within));
        expect(left.points).toEqual(right.points);
      }),
      { numRuns: 30 },
    );
  });

  test('the books of a lost worker are closed: what it had under way is cut, what never came due is dropped', async () => {
    const store = new MemoryStore();
    const wire = {
      ...wireOf(new MeasurementBuilder(1).build().total),
      // Of 30 by plan 12 came due, 11 were started, 9 had ended.
      arrivals: { due: 12, started: 11, dropped: 0, completed: 9, abandoned: 0, cut: 0 },
    };
    const ledger = { sent: 11, ok: 9, failed: 0, timedOut: 0, cut: 0, failures: {} };
    const steps = [{ step: 0, ledger, responseTime: '', serviceTime: '' }];
    await store.put(keys.intervals(0, 0), `${JSON.stringify({ ...wire, steps })}\n`);
    const builder = new MeasurementBuilder(3);
    await mergeIntervals(store, keys, { workers: 1, lost: new Map([[0, 30]]) }, builder);
    const { arrivals } = builder.build().total;
    expect(arrivals).toEqual({ due: 30, started: 11, dropped: 19, completed: 9, abandoned: 0, cut: 2 });
    expect(openEntries(arrivals, allSteps(builder.build().total).ledger)).toEqual([]);
  });

  test('a worker that told nothing at all still owes its share', async () => {
    const builder = new MeasurementBuilder(3);
    const last = await mergeIntervals(new MemoryStore(), keys, { workers: 2, lost: new Map([[1, 15]]) }, builder);
    expect(last).toBe(-1);
    expect(builder.build().total.arrivals).toMatchObject({ due: 15, dropped: 15 });
  });

  test('a chunk that is damaged is said to be, not left out', async () => {
    const store = new MemoryStore();
    await store.put(keys.intervals(0, 0), '{"format":"plimsoll.interval.v0"}\n');
    const merging = mergeIntervals(
      store,
      keys,
      { workers: 1, lost: new Map<number, number>() },
      new MeasurementBuilder(1),
    );
    await expect(merging).rejects.toThrow('intervals/0/ is damaged');
  });
});
