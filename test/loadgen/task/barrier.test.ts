import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { agreeOnStart, type Agreement, type BarrierOptions } from '../../../loadgen/task/barrier.ts';
import { FolderStore } from '../../../lib/adapters/node/folder-store.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import type { PutWhen, Store } from '../../../lib/run/archive/store.ts';
import { MemoryStore } from '../../lib/run/archive/memory-store.ts';

const parent = mkdtempSync(join(tmpdir(), 'plimsoll-barrier-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const keys = runKeys('r').phase(0);
const freshStore = (): FolderStore => new FolderStore(mkdtempSync(join(parent, 'store-')));
const never = new AbortController().signal;

/** One of two workers that wait for ever, unless it is said otherwise. */
const orderIn = (store: Store, more: Partial<BarrierOptions> = {}): BarrierOptions => ({
  store,
  keys,
  share: { index: 0, of: 2 },
  waitMs: 60_000,
  signal: never,
  ...more,
});

interface Worker {
  readonly comesAfterMs: number;
  readonly waitMs: number;
}

const worker: fc.Arbitrary<Worker> = fc.record({
  comesAfterMs: fc.nat(800),
  waitMs: fc.integer({ min: 50, max: 900 }),
});

async function meet(workers: readonly Worker[]): Promise<Agreement[]> {
  const store = freshStore();
  return await Promise.all(
    workers.map(async ({ comesAfterMs, waitMs }, index) => {
      await sleep(comesAfterMs);
      return await agreeOnStart(orderIn(store, { share: { index, of: workers.length }, waitMs }));
    }),
  );
}

test('whoever comes when and waits for how long: all have the same answer', async () => {
  const meetings = fc.sample(fc.array(worker, { minLength: 2, maxLength: 4 }), { numRuns: 60, seed: 5 });
  const endings = await Promise.all(meetings.map(meet));
  const kinds = endings.map((agreed) => new Set(agreed.map((one) => JSON.stringify(one))));
  expect(kinds.filter(({ size }) => size !== 1)).toEqual([]);
  // Neither answer is the only one, or this shows nothing.
  const started = endings.filter(([one]) => typeof one === 'object' && 'startAtMs' in one).length;
  expect(started).toBeGreaterThan(9);
  expect(started).toBeLessThan(51);
});

test('from the agreement to the start there is time for everybody to read it', async () => {
  const before = Date.now();
  const agreed = await agreeOnStart(orderIn(freshStore(), { share: { index: 0, of: 1 } }));
  // Five polls.
  expect(JSON.parse(JSON.stringify(agreed))).toEqual({ startAtMs: expect.any(Number) });
  expect(Number(Object.values(agreed)[0])).toBeGreaterThanOrEqual(before + 1000);
});

test('a start that is past is too late, one still to come is joined', async () => {
  const [past, coming] = [new MemoryStore(), new MemoryStore()];
  const startAtMs = Date.now() + 60_000;
  await coming.put(keys.start, JSON.stringify({ startAtMs }));
  expect(await agreeOnStart(orderIn(coming))).toEqual({ startAtMs });
  await past.put(keys.start, JSON.stringify({ startAtMs: Date.now() - 1 }));
  expect(await agreeOnStart(orderIn(past))).toBe('tooLate');
});

test('who is missing is named', async () => {
  const store = new MemoryStore();
  await store.put(keys.ready(1), '');
  const share = { index: 2, of: 4 };
  const refused = 'workers 0 and 3 not ready after 0.05 s';
  expect(await agreeOnStart(orderIn(store, { share, waitMs: 50 }))).toEqual({ refused });
  // Whoever comes now has not to wait.
  expect(await agreeOnStart(orderIn(store, { share: { index: 3, of: 4 } }))).toEqual({ refused });
});

test('being stopped is giving up at once, for all', async () => {
  const store = new MemoryStore();
  // A third worker is missing, so that there is something to wait for.
  const other = agreeOnStart(orderIn(store, { share: { index: 1, of: 3 } }));
  const [share, signal] = [{ index: 0, of: 3 }, AbortSignal.abort()];
  const refused = 'worker 0 was stopped while it waited';
  expect(await agreeOnStart(orderIn(store, { share, signal }))).toEqual({ refused });
  expect(await other).toEqual({ refused });
});

describe('what somebody else wrote between a look and a proposal stands', () => {
  /** Before the start is written somebody else writes it. */
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

  test('a refusal: nobody starts, though all are ready', async () => {
    const refused = 'worker 1 was stopped while it waited';
    const store = new Overtaken({ refused });
    await store.put(keys.ready(1), '');
    expect(await agreeOnStart(orderIn(store))).toEqual({ refused });
  });

  test('a start: who would have given up starts with the others', async () => {
    const startAtMs = Date.now() + 60_000;
    expect(await agreeOnStart(orderIn(new Overtaken({ startAtMs }), { waitMs: 0 }))).toEqual({ startAtMs });
  });
});
