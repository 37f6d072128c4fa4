import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { agreeOnStart, type Agreement } from '../../loadgen/barrier.ts';
import { FolderStore } from '../../lib/adapters/folder-store.ts';
import { runKeys } from '../../lib/run/keys.ts';
import type { PutWhen } from '../../lib/run/store.ts';
import { MemoryStore } from '../lib/run/cloud/memory-store.ts';

const parent = mkdtempSync(join(tmpdir(), 'plimsoll-barrier-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const keys = runKeys('r').phase(0);
const freshStore = (): FolderStore => new FolderStore(mkdtempSync(join(parent, 'store-')));
const never = new AbortController().signal;

interface Worker {
  readonly comesAfterMs: number;
  readonly waitsMs: number;
  /** Before it tries again, should it give up. */
  readonly pauseMs: number;
}

const worker: fc.Arbitrary<Worker> = fc.record({
  comesAfterMs: fc.nat(800),
  waitsMs: fc.integer({ min: 50, max: 500 }),
  pauseMs: fc.nat(300),
});

/** How each worker's last try ended. */
async function meet(workers: readonly Worker[], tries: number): Promise<Agreement[]> {
  const store = freshStore();
  return await Promise.all(
    workers.map(async ({ comesAfterMs, waitsMs, pauseMs }, index) => {
      await sleep(comesAfterMs);
      for (let left = tries; ; left -= 1) {
        const share = { index, of: workers.length };
        const agreed = await agreeOnStart({ store, keys, share, waitMs: waitsMs, signal: never });
        if (agreed !== 'notStarted' || left === 1) return agreed;
        await sleep(pauseMs);
      }
    }),
  );
}

test('whoever comes and goes when, with how many tries: either all start, at one moment, or nobody does', async () => {
  const meetings = fc.sample(fc.array(worker, { minLength: 2, maxLength: 4 }), { numRuns: 60, seed: 5 });
  const endings = await Promise.all(meetings.map((workers, index) => meet(workers, 1 + (index % 2))));
  const kinds = endings.map((agreed) => new Set(agreed.map((one) => (typeof one === 'object' ? one.startAtMs : one))));
  expect(kinds.filter(({ size }) => size !== 1)).toEqual([]);
  // Neither ending is the only one, or this shows nothing.
  const started = endings.filter(([one]) => typeof one === 'object').length;
  expect(started).toBeGreaterThan(9);
  expect(started).toBeLessThan(51);
});

test('from the agreement to the start there is time for everybody to read it', async () => {
  const before = Date.now();
  const order = { store: freshStore(), keys, share: { index: 0, of: 1 }, waitMs: 60_000, signal: never };
  // Five polls.
  const agreed = await agreeOnStart(order);
  expect(typeof agreed === 'object' ? agreed.startAtMs : agreed).toBeGreaterThanOrEqual(before + 1000);
});

test('a start that is past is too late, one still to come is joined', async () => {
  const store = freshStore();
  const order = { store, keys, share: { index: 0, of: 2 }, waitMs: 1000, signal: never };
  const soonMs = Date.now() + 60_000;
  await store.put(keys.start, JSON.stringify({ startAtMs: soonMs, resigned: ['somebody'] }));
  expect(await agreeOnStart(order)).toEqual({ startAtMs: soonMs });
  await store.put(keys.start, JSON.stringify({ startAtMs: Date.now() - 1 }));
  expect(await agreeOnStart(order)).toBe('tooLate');
});

test('being stopped is giving up at once, and the others do not start without the one that was', async () => {
  const store = freshStore();
  const stopped = AbortSignal.abort();
  expect(await agreeOnStart({ store, keys, share: { index: 0, of: 2 }, waitMs: 60_000, signal: stopped })).toBe(
    'notStarted',
  );
  expect(await agreeOnStart({ store, keys, share: { index: 1, of: 2 }, waitMs: 300, signal: never })).toBe(
    'notStarted',
  );
});

describe('what was agreed on between a look and a proposal stands', () => {
  /** Before the first change of the agreement somebody else is quicker. */
  class Overtaken extends MemoryStore {
    #quicker: string | undefined;
    constructor(quicker: object) {
      super();
      this.#quicker = JSON.stringify(quicker);
    }
    override async put(key: string, body: string | Uint8Array, when?: PutWhen): Promise<boolean> {
      const quicker = this.#quicker;
      if (key === keys.start && quicker !== undefined) {
        this.#quicker = undefined;
        await super.put(key, quicker);
      }
      return await super.put(key, body, when);
    }
  }
  const order = (store: Overtaken, waitMs: number) => ({
    store,
    keys,
    share: { index: 0, of: 2 },
    waitMs,
    signal: never,
  });

  test('who was ready has resigned: nobody starts without it', async () => {
    const store = new Overtaken({ resigned: ['other'] });
    await store.put(keys.ready(1), 'other');
    expect(await agreeOnStart(order(store, 300))).toBe('notStarted');
  });

  test('the others start: who would have given up starts with them', async () => {
    const startAtMs = Date.now() + 60_000;
    expect(await agreeOnStart(order(new Overtaken({ startAtMs }), 0))).toEqual({ startAtMs });
  });
});
