import { beforeEach, expect, test } from '@jest/globals';
import { lockHolder, releaseLock, takeLock } from '../../../../lib/run/archive/lock.ts';
import { LOCK_KEY } from '../../../../lib/run/archive/keys.ts';
import { MemoryStore } from './memory-store.ts';

let store: MemoryStore;
let running: Set<string>;
let tasks: string[];

beforeEach(() => {
  store = new MemoryStore();
  running = new Set(['first', 'second', 'third']);
  tasks = [];
});

const take = async (execution: string) =>
  await takeLock(
    {
      store,
      executions: { isRunning: async (arn) => running.has(arn) },
      tasks: { listRunning: async () => tasks },
    },
    { execution, run: `run-of-${execution}` },
  );

test('the first has it, and who comes later is told by whom', async () => {
  expect(await take('first')).toEqual({ execution: 'first', run: 'run-of-first' });
  expect(await take('second')).toEqual({ execution: 'first', run: 'run-of-first' });
});

test('a step that is tried again finds its own', async () => {
  await take('first');
  expect((await take('first')).execution).toBe('first');
});

test('let go, the next has it; and nobody lets go what another holds', async () => {
  await take('first');
  await releaseLock(store, 'second');
  expect((await lockHolder(store))?.execution).toBe('first');
  await releaseLock(store, 'first');
  expect(await lockHolder(store)).toBeUndefined();
  expect((await take('second')).execution).toBe('second');
});

test('what an ended execution left behind is taken over, but not while its tasks run', async () => {
  await take('first');
  running.delete('first');
  tasks = ['task'];
  expect((await take('second')).execution).toBe('first');
  tasks = [];
  expect((await take('second')).execution).toBe('second');
});

test('of many at once one has it', async () => {
  await take('first');
  running.delete('first');
  const holders = await Promise.all(['second', 'third', 'second', 'third'].map(take));
  expect(new Set(holders.map(({ execution }) => execution)).size).toBe(1);
});

test('taken over by another while it is let go, it stays with the other', async () => {
  const another = { execution: 'second', run: 'run-of-second' };
  /** Somebody writes between a reading and what follows from it. */
  class Overtaken extends MemoryStore {
    override async get(key: string) {
      const found = await super.get(key);
      await this.put(key, JSON.stringify(another));
      return found;
    }
  }
  const overtaken = new Overtaken();
  await overtaken.put(LOCK_KEY, JSON.stringify({ execution: 'first', run: 'run-of-first' }));
  await releaseLock(overtaken, 'first');
  expect(await lockHolder(overtaken)).toEqual(another);
});
