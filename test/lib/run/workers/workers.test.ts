import { describe, expect, test } from '@jest/globals';
import { lowerPhase } from '../../../../lib/plan/phase.ts';
import { outcomesOf } from '../../../../lib/run/archive/outcomes.ts';
import { phaseAt } from '../../../../lib/run/archive/phase-files.ts';
import { storeOnce } from '../../../../lib/run/archive/once-files.ts';
import { readRun, storeRunOfExecution, type StoredRun } from '../../../../lib/run/archive/run-record.ts';
import { textAt } from '../../../../lib/run/archive/store.ts';
import { awaitRun, beginShared } from '../../../../lib/run/workers/begin.ts';
import { closePhase } from '../../../../lib/run/workers/close-phase.ts';
import { awaitTurn } from '../../../../lib/run/workers/turn.ts';
import { planOf } from '../plan.ts';
import { begun, leave, noSetup, prepared, START_MS, StillWorld, twoPhases } from './shared-run.ts';

const fail = async () => Promise.reject(new Error('prepared a second time'));

describe('worker 0 begins', () => {
  test('once: started anew it finds its run, and prepares nothing', async () => {
    const world = new StillWorld();
    const first = await begun(world);
    expect((await beginShared(world, 'job-1', fail, noSetup)).facts).toEqual(first.facts);
    expect(await phaseAt(world.store, first.keys.phase(0))).toMatchObject({ phase: { name: 'first' }, handedOut: 1 });
  });

  test('killed between the run and its first phase, it hands that out at its next try', async () => {
    const world = new StillWorld();
    const { plan, facts } = prepared();
    const startedAt = new Date(START_MS).toISOString();
    await storeRunOfExecution(world.store, { plan, facts: { ...facts, execution: 'job-1', id: 'r', startedAt } });
    const run = await beginShared(world, 'job-1', fail, noSetup);
    expect(await phaseAt(world.store, run.keys.phase(0))).toMatchObject({ phase: { name: 'first' } });
  });

  test('a setup that fails leaves no phase, and the others learn that the run is over', async () => {
    const world = new StillWorld();
    const failed = async ({ keys }: StoredRun): Promise<boolean> => {
      const failure = { step: 'POST /login', kind: 'status.401' } as const;
      await storeOnce(world.store, keys, 'setup', { tookSeconds: 1, steps: {}, failure });
      return false;
    };
    const beginning = beginShared(world, 'job-1', async () => prepared(), failed);
    await expect(beginning).rejects.toMatchObject({ code: 'E-SETUP', message: expect.stringContaining('status.401') });
    const run = await awaitRun(world, 'job-1', 60_000);
    if (run === 'stopped') throw new Error('nobody stopped it');
    expect(await awaitTurn(world, run.keys, { number: 0, patienceMs: 60_000 })).toBe('over');
  });

  test('two executions of one second and plan are two runs', async () => {
    const world = new StillWorld();
    const ids = [await begun(world), await beginShared(world, 'job-2', async () => prepared(), noSetup)].map(
      (run) => run.facts.id,
    );
    expect(ids).toEqual(['2026-03-02T12-00-00Z-job-1-tested', '2026-03-02T12-00-00Z-job-2-tested']);
  });

  const [phase] = twoPhases.phases;
  const aborting = lowerPhase(
    { name: 'p', kind: 'stress', duration: '9s', open: { rate: 1 }, abortOn: ['p99 > 2s for 3s'] },
    [],
  );
  const signal = lowerPhase(
    { name: 'p', kind: 'stress', duration: '9s', open: { rate: 1 }, objectives: ['service.cpu p99 < 80%'] },
    [],
  );
  test.each([
    ['E-PLAN-ABORT', planOf([aborting])],
    ['E-PLAN-SIGNAL', planOf([...(phase === undefined ? [] : [phase]), signal])],
  ])('%s is refused before anything is stored', async (code, plan) => {
    const world = new StillWorld();
    await expect(beginShared(world, 'job-1', async () => prepared(plan), noSetup)).rejects.toMatchObject({ code });
    expect(await Array.fromAsync(world.store.list(''))).toEqual([]);
  });
});

describe('the others', () => {
  test('wait for the run, and give up after so long', async () => {
    const world = new StillWorld();
    world.meanwhile = async (seconds) => (seconds < 30 ? undefined : begun(world));
    expect((await awaitRun(world, 'job-1', 60_000)) === 'stopped').toBe(false);
    await expect(awaitRun(new StillWorld(), 'job-1', 60_000)).rejects.toMatchObject({
      code: 'E-LOAD-START',
      message: 'worker 0 has begun no run job-1 for 60 s',
    });
  });

  test('learn by what is stored what comes next', async () => {
    const world = new StillWorld();
    const { keys } = await begun(world);
    const turn = (number: number) => awaitTurn(world, keys, { number, patienceMs: 60_000 });
    expect(await turn(0)).toBe('load');
    await expect(turn(1)).rejects.toMatchObject({ code: 'E-LOAD-START' });
    await world.store.put(keys.reporting, '{}');
    // The last phase, of a worker that was started anew while worker 0 reports.
    expect([await turn(0), await turn(1)]).toEqual(['load', 'over']);
    await world.store.put(keys.ended, '{}');
    expect(await turn(0)).toBe('over');
  });

  test('end their wait when they are stopped', async () => {
    const world = new StillWorld();
    world.meanwhile = async () => world.stopping.abort();
    expect(await awaitRun(world, 'job-1', 60_000)).toBe('stopped');
  });
});

describe('worker 0 closes a phase', () => {
  async function afterStart(): Promise<{ world: StillWorld; run: Awaited<ReturnType<typeof begun>> }> {
    const world = new StillWorld();
    const run = await begun(world);
    await world.store.put(run.keys.phase(0).start, JSON.stringify({ startAtMs: START_MS }));
    await leave(world, run, 0, 0);
    return { world, run };
  }

  test('when all have said their last word, and hands out the next one', async () => {
    const { world, run } = await afterStart();
    world.meanwhile = async (seconds) => (seconds < 12 ? undefined : leave(world, run, 0, 1));
    const decision = await closePhase(world, run, 0);
    expect(decision?.decided).toMatchObject({ do: 'run', number: 1 });
    expect((world.nowMs() - START_MS) / 1000).toBe(12.5);
    const [outcome] = await outcomesOf(world.store, run);
    expect(outcome?.lost).toBeUndefined();
    expect(outcome?.measurement.total.arrivals).toMatchObject({ due: 20, completed: 20, dropped: 0 });
  });

  test('one that leaves no word is waited for until its requests must be over, and is lost, its arrivals too', async () => {
    const { world, run } = await afterStart();
    await closePhase(world, run, 0);
    // The phase's 10 s, the time-out of 1 s, and 30 s for a next try.
    expect((world.nowMs() - START_MS) / 1000).toBe(41);
    const [outcome] = await outcomesOf(world.store, run);
    expect(outcome?.lost).toBe('worker 1: it left no last word');
    expect(outcome?.measurement.total.arrivals).toMatchObject({ due: 20, completed: 10, dropped: 10 });
  });

  test('what it had decided before it was killed stays, whatever it would decide now', async () => {
    const { world, run } = await afterStart();
    await leave(world, run, 0, 1);
    await closePhase(world, run, 0);
    const before = await textAt(world.store, run.keys.phase(0).outcome);
    await world.store.put(run.keys.phase(0).end(1), '{"lost":"late"}');
    expect(await closePhase(world, run, 0)).toBeUndefined();
    expect(await textAt(world.store, run.keys.phase(0).outcome)).toBe(before);
  });

  test('after the last one the run is over', async () => {
    const { world, run } = await afterStart();
    await leave(world, run, 0, 1);
    await closePhase(world, run, 0);
    await world.store.put(run.keys.phase(1).start, JSON.stringify({ startAtMs: START_MS }));
    for (const worker of [0, 1]) await leave(world, run, 1, worker);
    expect(await closePhase(world, run, 1)).toMatchObject({ decided: { do: 'report' } });
    expect(await textAt(world.store, run.keys.reporting)).toBe('{}');
  });

  test('that was never started: the run is broken off, and says why', async () => {
    const world = new StillWorld();
    const run = await readRun(world.store, (await begun(world)).facts.id);
    await world.store.put(run.keys.phase(0).start, JSON.stringify({ refused: 'worker 1 not ready after 300 s' }));
    expect(await closePhase(world, run, 0)).toBeUndefined();
    expect(await textAt(world.store, run.keys.ended)).toBe(
      '{"why":"first was never started: worker 1 not ready after 300 s"}',
    );
  });
});
