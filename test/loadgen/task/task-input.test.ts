import { expect, test } from '@jest/globals';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { readAssignment } from '../../../loadgen/task/task-input.ts';
import { MemoryStore } from '../../lib/run/archive/memory-store.ts';
import { PreparedRun } from '../../system/task-process.ts';

test.each([
  ['which the run names', { hosts: ['shop.example.test'], production: [] }],
  ['none, of a run that names none', undefined],
])('a worker follows captured addresses to the hosts %s', async (_, allow) => {
  const store = new MemoryStore();
  const run = new PreparedRun('', store, '');
  const target = 'http://127.0.0.1:1';
  await run.prepare(target, {
    scenarios: [{ name: 'one', steps: [{ get: '/' }] }],
    phases: [{ name: 'p', kind: 'sustained', duration: '1s', open: { rate: 1 } }],
  });
  await store.put(runKeys(run.id).run, JSON.stringify({ target, allow }));
  const input = { storeAddress: '', runId: run.id, phase: 0, share: { index: 0, of: 1 }, environment: 'x' };
  expect((await readAssignment(store, { ...input, barrierSeconds: 1 })).allowed).toEqual(allow);
});
