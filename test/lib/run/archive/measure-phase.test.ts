import { beforeEach, expect, test } from '@jest/globals';
import { lowerPhase } from '../../../../lib/plan/phase.ts';
import { measurePhase } from '../../../../lib/run/archive/measure-phase.ts';
import { runKeys } from '../../../../lib/run/archive/keys.ts';
import { storePhase } from '../../../../lib/run/archive/phase-files.ts';
import { planOf } from '../plan.ts';
import { MemoryStore } from './memory-store.ts';

const keys = runKeys('r').phase(0);
const phase = lowerPhase({ name: 'p', kind: 'sustained', duration: '10s', open: { rate: 2 } }, []);
const facts = { id: 'r', startedAt: '', environment: '', target: '', execution: '', planSha256: '', workers: 1 };

let store: MemoryStore;
beforeEach(async () => {
  store = new MemoryStore();
  await storePhase(store, keys, { phase, handedOut: 1, passed: 1, stopped: false });
  await store.put(keys.start, '{"startAtMs":5}');
});

const FAILED = 'States.TaskFailed';
const STOPPED = 'it was stopped';

test.each<
  [what: string, end: object | undefined, failure: string | undefined, brokenOff: boolean, lost: string | undefined]
>([
  ['it ended in order', {}, undefined, false, undefined],
  ['it ended in order, and its task failed afterwards', {}, FAILED, false, undefined],
  ['it said why it is lost, which the workflow does not know', { lost: STOPPED }, FAILED, false, STOPPED],
  ['it was killed, and the workflow knows of it', undefined, FAILED, false, FAILED],
  ['it was killed, and nobody knows why', undefined, undefined, false, 'it left no last word'],
  ['it was told to stop, as all were', { lost: STOPPED }, undefined, true, undefined],
  ['it did not end when all were told to', undefined, undefined, true, 'it left no last word'],
])('a worker: %s', async (_, end, failure, brokenOff, lost) => {
  if (end !== undefined) await store.put(keys.end(0), JSON.stringify(end));
  const failures = new Map(failure === undefined ? [] : [[0, failure]]);
  const outcome = await measurePhase(
    store,
    { keys: runKeys(facts.id), facts, plan: planOf([phase]) },
    { number: 0, brokenOff, failures },
  );
  expect(outcome?.lost).toBe(lost === undefined ? undefined : `worker 0: ${lost}`);
  // 2 a second for 10 s by plan; of a phase that was broken off nobody awaits the rest.
  expect(outcome?.measurement.total.arrivals.dropped).toBe(lost === undefined || brokenOff ? 0 : 20);
});

test('a phase that was never started has no outcome', async () => {
  await store.put(keys.start, '{"refused":"worker 1 not ready after 300 s"}');
  expect(
    await measurePhase(
      store,
      { keys: runKeys(facts.id), facts, plan: planOf([phase]) },
      { number: 0, brokenOff: true },
    ),
  ).toBeUndefined();
});
