import { expect, test } from '@jest/globals';
import type { Feeder } from '../../../lib/plan/plan.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { readRun, storeRunOfExecution } from '../../../lib/run/archive/run-record.ts';
import { drawnOf, readFeeders } from '../../../loadgen/task/feeder-rows.ts';
import { feederOf, rowsOf } from '../../lib/plan/feeder-of.ts';
import { MemoryStore } from '../../lib/run/archive/memory-store.ts';

const users: Feeder = { name: 'users', order: 'unique', columns: ['id'] };
const share = { index: 1, of: 2 };

async function storeWith(...ends: unknown[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.put(runKeys('r').feeder('users'), 'id\na\nb\nc\n');
  for (const [phase, end] of ends.entries())
    if (end !== undefined) await store.put(runKeys('r').phase(phase).end(1), JSON.stringify(end));
  return store;
}

test.each([
  ['the first phase', 0, [], 0],
  ['a later one: where the one before ended', 2, [{ drawn: { users: 1 } }, { drawn: { users: 2 } }], 2],
  ['a later one, whose task before was lost without a word; each row may be used', 1, [], 3],
  ['a later one, whose task before came too late', 1, [{ lost: 'its task began after the phase had' }], 3],
])('rows handed out before %s', async (_, phase, ends, drawn) => {
  const [feeder] = await readFeeders(await storeWith(...ends), [users], { runId: 'r', phase, share });
  expect([feeder?.rows?.drawn[0], feeder?.rows?.lane, feeder?.rows?.starts.length]).toEqual([drawn, share, 3]);
});

test('what the next phase has to know: of unique feeders alone', async () => {
  const store = await storeWith({ drawn: { users: 2 } });
  const input = { runId: 'r', phase: 1, share };
  const plan = async (order: Feeder['order']) => ({ feeders: await readFeeders(store, [{ ...users, order }], input) });
  expect(drawnOf(await plan('unique'))).toEqual({ drawn: { users: 2 } });
  expect(drawnOf(await plan('random'))).toEqual({});
});

test('rows that are not there are a defect', async () => {
  const input = { runId: 'r', phase: 0, share };
  await expect(readFeeders(new MemoryStore(), [users], input)).rejects.toThrow('no rows of the feeder users');
});

test('a run is stored with its rows beside its plan, and no row in it', async () => {
  const store = new MemoryStore();
  const feeder = feederOf('users', 'unique', 'id\nann\nben\n');
  const plan = lowerPlan({ name: 'x', scenarios: [], phases: [] }, { feeders: [feeder] });
  const facts = {
    id: 'r',
    startedAt: '2026-11-29T20:00:00Z',
    environment: 'test',
    target: 'http://127.0.0.1',
    execution: 'arn:e',
    planSha256: '',
    workers: 1,
  };
  await storeRunOfExecution(store, { plan, facts });
  const stored = await readRun(store, 'r');
  expect(JSON.stringify(stored.plan)).not.toContain('ann');
  const input = { runId: 'r', phase: 0, share: { index: 0, of: 1 } };
  const feeders = await readFeeders(store, stored.plan.feeders, input);
  expect(rowsOf({ ...plan, feeders })).toEqual([['ann'], ['ben']]);
});
