import { beforeEach, describe, expect, test } from '@jest/globals';
import { PhaseFollower } from '../../../bin/cloud/run-follower.ts';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import { emptyInterval } from '../../../lib/measure/interval.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { phaseOf } from '../../lib/analysis/measured.ts';
import { planOf } from '../../lib/run/plan.ts';
import { MemoryStore } from '../../lib/run/archive/memory-store.ts';

const keys = runKeys('r').phase(0);
const facts = { id: 'r', startedAt: '', environment: '', target: '', execution: '', planSha256: '' };
const plan = planOf([phaseOf({})]);

/** Notes what is asked of it. */
class WatchedStore extends MemoryStore {
  readonly got: string[] = [];
  readonly listed: string[] = [];
  override async get(key: string) {
    this.got.push(key);
    return super.get(key);
  }
  override list(prefix: string) {
    this.listed.push(prefix);
    return super.list(prefix);
  }
}

let store: WatchedStore;
beforeEach(() => {
  store = new WatchedStore();
});

const follower = (workers: number): PhaseFollower =>
  new PhaseFollower(store, { keys: runKeys(facts.id), facts: { ...facts, workers }, plan }, 0);

/** A chunk of one worker: in each of these seconds so many arrivals came due. */
async function put(worker: number, firstSecond: number, due: readonly number[]): Promise<void> {
  const lines = due.map((each, at) => {
    const interval = { ...emptyInterval(), arrivals: { ...emptyInterval().arrivals, due: each } };
    return JSON.stringify(encodeInterval({ phase: 0, worker, second: firstSecond + at }, interval));
  });
  await store.put(keys.intervals(worker, firstSecond), `${lines.join('\n')}\n`);
}

const offered = (by: PhaseFollower): number | undefined => by.builder.latest()?.offeredPerSecond;

describe('a running phase', () => {
  test('adds up what its workers did in the last second that all have told', async () => {
    const by = follower(2);
    await by.look(0);
    expect(offered(by)).toBeUndefined();
    await put(0, 0, [1, 2, 3, 4, 5]);
    await by.look(6);
    // The other has told nothing yet.
    expect(offered(by)).toBeUndefined();
    await put(1, 0, [10, 20, 30, 40, 50]);
    await by.look(7);
    // Of the fifth second more may come, and the fourth is the one being put together: 3 + 30.
    expect(offered(by)).toBe(33);
    await put(0, 5, [6, 7]);
    await put(1, 5, [60, 70]);
    await by.look(8);
    expect(offered(by)).toBe(55);
  });

  test('reads every chunk once, lists nothing, and asks each worker for one key more', async () => {
    const by = follower(1);
    await put(0, 0, [1, 1, 1, 1, 1]);
    await put(0, 5, [1, 1, 1, 1, 1]);
    await by.look(11);
    await by.look(13);
    expect(store.got).toEqual([0, 5, 10, 10].map((second) => keys.intervals(0, second)));
    expect(store.listed).toEqual([]);
  });

  test('a worker that is lost is not waited for', async () => {
    const by = follower(2);
    await put(1, 0, [5]);
    for (let second = 0; second < 40; second += 5) await put(0, second, [1, 1, 1, 1, 1]);
    await by.look(20);
    // 39 is the last second told; what is fifteen behind it is handed on, but for the last two of these.
    expect(by.builder.build().points.at(-1)?.atSeconds).toBe(23);
    expect(offered(by)).toBe(1);
  });

  test('who joins late reads on from there, in one listing a worker', async () => {
    const by = follower(2);
    for (const worker of [0, 1])
      for (let second = 0; second < 7210; second += 5) await put(worker, second, [9, 9, 9, 9, 9]);
    await by.look(7212);
    expect(store.listed).toEqual([0, 1].map((worker) => `${keys.intervalsPrefix}${worker}/0071`));
    // Chunks 7195, 7200 and 7205 of each, and then the next, which is not there.
    expect(store.got).toHaveLength(8);
    expect(offered(by)).toBe(18);
  });

  test('an object that holds nothing is asked for again, and not for ever', async () => {
    await store.put(keys.intervals(0, 0), '');
    await follower(1).look(1);
    expect(store.got).toHaveLength(1);
  });
});

test('the start is known once it is agreed', async () => {
  const by = follower(2);
  expect(await by.startedAtMs()).toBeUndefined();
  await store.put(keys.start, '{"startAtMs":5}');
  expect(await by.startedAtMs()).toBe(5);
});
