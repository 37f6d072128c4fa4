import { beforeEach, describe, expect, test } from '@jest/globals';
import { Chunks } from '../../../loadgen/task/chunks.ts';
import type { IntervalWire } from '../../../lib/measure/codec.ts';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import { emptyInterval } from '../../../lib/measure/interval.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import type { Store } from '../../../lib/run/archive/store.ts';

const keys = runKeys('r').phase(0);
const interval = (second: number): IntervalWire => encodeInterval({ phase: 0, worker: 3, second }, emptyInterval());

/** Seconds by key, as they were put; the first `failing` puts are refused. */
let stored: Map<string, number[]>;
let failing = 0;
let refused: string[] = [];

const store: Pick<Store, 'put'> = {
  async put(key, body) {
    failing -= 1;
    if (failing >= 0) throw new Error(`not now: ${key}`);
    const lines = String(body).trim().split('\n');
    stored.set(
      key,
      lines.map((line) => (JSON.parse(line) as IntervalWire).second),
    );
    return true;
  },
};

const chunks = (): Chunks =>
  new Chunks(store as Store, keys, 3, (error) => void refused.push(error instanceof Error ? error.message : ''));

const key = (second: number): string => `runs/r/phases/0/intervals/3/${String(second).padStart(6, '0')}.ndjson`;

beforeEach(() => {
  [stored, failing, refused] = [new Map(), 0, []];
});

/** Seconds as they come: one at a time, with the store's answer between them. */
async function addAll(to: Chunks, seconds: readonly number[]): Promise<void> {
  for (const second of seconds) {
    to.add(interval(second));
    await new Promise(setImmediate);
  }
}

describe('chunks', () => {
  test('five seconds an object, and the rest at the end', async () => {
    const some = chunks();
    await addAll(some, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([...stored.keys()]).toEqual([key(0), key(5)]);
    await some.close();
    expect(Object.fromEntries(stored)).toEqual({
      [key(0)]: [0, 1, 2, 3, 4],
      [key(5)]: [5, 6, 7, 8, 9],
      [key(10)]: [10, 11],
    });
  });

  test('what the store refuses comes with what follows it: nothing is lost, nothing twice', async () => {
    failing = 2;
    const some = chunks();
    await addAll(some, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await some.close();
    expect([...stored.values()].flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(refused).toEqual([`not now: ${key(0)}`, `not now: ${key(0)}`]);
  });

  test('a second that comes in two parts takes no key of another', async () => {
    const some = chunks();
    await addAll(some, [0, 1, 2, 3, 4, 4, 5]);
    await some.close();
    expect(Object.fromEntries(stored)).toEqual({ [key(0)]: [0, 1, 2, 3, 4], [key(4)]: [4, 5] });
  });

  test('the end waits for the put under way: nothing is put twice, and nothing written over', async () => {
    const underWay = Promise.withResolvers<void>();
    const slow: Pick<Store, 'put'> = {
      put: async (...order) => {
        if (stored.size === 0) await underWay.promise;
        return await store.put(...order);
      },
    };
    const some = new Chunks(slow as Store, keys, 3, () => undefined);
    await addAll(some, [0, 1, 2, 3, 4, 5]);
    const closed = some.close();
    await new Promise(setImmediate);
    underWay.resolve();
    await closed;
    expect(Object.fromEntries(stored)).toEqual({ [key(0)]: [0, 1, 2, 3, 4], [key(5)]: [5] });
  });

  test('no load, no objects', async () => {
    await chunks().close();
    expect(stored.size).toBe(0);
  });

  test('a store that takes nothing any more is an error at the end, after some tries', async () => {
    failing = 99;
    const some = chunks();
    await addAll(some, [0]);
    await expect(some.close()).rejects.toThrow('not now');
    expect(refused).toHaveLength(3);
  });
});
