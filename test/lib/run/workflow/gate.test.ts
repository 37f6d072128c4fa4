import { describe, expect, test } from '@jest/globals';
import { storeCollected } from '../../../../lib/run/archive/collected.ts';
import type { SignalSeries } from '../../../../lib/signals/signal.ts';
import { encodeInterval } from '../../../../lib/measure/encode.ts';
import { emptyInterval, stepOf } from '../../../../lib/measure/interval.ts';
import { lowerPhase } from '../../../../lib/plan/phase.ts';
import { gate } from '../../../../lib/run/workflow/gate.ts';
import { decodeOutcome } from '../../../../lib/run/archive/outcomes.ts';
import { phaseAt } from '../../../../lib/run/archive/phase-files.ts';
import { storeRunOfExecution, readState, storeDecision } from '../../../../lib/run/archive/run-record.ts';
import { next, NOT_BEGUN } from '../../../../lib/run/next.ts';
import type { MetricQuery } from '../../../../lib/signals/cloudwatch/query.ts';
import type { MetricWindow } from '../../../../lib/run/workflow/ports.ts';
import type { CloudSettings } from '../../../../lib/run/workflow/settings.ts';
import { hurried, shopService, shopSettings } from './settings.ts';
import { runKeys } from '../../../../lib/run/archive/keys.ts';
import { textAt } from '../../../../lib/run/archive/store.ts';
import { planOf } from '../plan.ts';
import { MemoryStore } from '../archive/memory-store.ts';

const settings: CloudSettings = { ...shopSettings, resources: shopService };

const run = 'r';
const START_MS = Date.parse('2026-03-02T12:00:00Z');

/** Within the first phase, and a second after its end. */
const collectedCpu = (cpu: number) => ({
  atMs: START_MS + 121_000,
  ended: true,
  doubts: [],
  statements: [],
  series: [
    {
      id: 'service.cpu',
      title: 'CPU',
      unit: 'ratio',
      kind: 'utilisation',
      points: [[120, cpu]],
    } satisfies SignalSeries,
  ],
});

/** A run of one worker, whose first phase went well; CloudWatch says that the CPU was at `cpu`. */
async function afterFirstPhase(stopOnFail: boolean, cpu: number, collected?: number) {
  const store = new MemoryStore();
  const open = { rate: 1 };
  const objectives = ['errors < 1%', 'service.cpu p99 < 80%'];
  const phases = [
    lowerPhase({ name: 'first', kind: 'sustained', duration: '2m', open, objectives, stopOnFail }, []),
    lowerPhase({ name: 'second', kind: 'stress', duration: '1m', open }, []),
    lowerPhase({ name: 'after', kind: 'recovery', duration: '1m', open }, []),
  ];
  const facts = {
    id: run,
    startedAt: new Date(START_MS - 60_000).toISOString(),
    environment: 'shop',
    target: settings.target,
    execution: 'arn:one',
    planSha256: 'a',
    workers: 1,
    ...(collected !== undefined && { collects: { metrics: { path: '/metrics' }, database: false, cache: false } }),
  };
  const plan = planOf(phases);
  await storeRunOfExecution(store, { facts, plan });
  await storeDecision(store, runKeys(run), next({ plan, ...NOT_BEGUN }));
  if (collected !== undefined) await storeCollected(store, runKeys(run), collectedCpu(collected));
  const keys = runKeys(run).phase(0);
  const interval = emptyInterval();
  Object.assign(interval.arrivals, { due: 1, started: 1, completed: 1 });
  Object.assign(stepOf(interval, 0).ledger, { sent: 1, ok: 1 });
  await store.put(keys.start, JSON.stringify({ startAtMs: START_MS }));
  await store.put(
    keys.intervals(0, 0),
    `${JSON.stringify(encodeInterval({ phase: 0, worker: 0, second: 0 }, interval))}\n`,
  );
  await store.put(keys.end(0), '{}');
  const asked: string[] = [];
  const windows: MetricWindow[] = [];
  const read = async (queries: readonly MetricQuery[], window: MetricWindow) => {
    windows.push(window);
    asked.push(...queries.map(({ id }) => id));
    const points = new Map([['service_cpu', [[START_MS + 60_000, cpu] as const]]]);
    return { points, periodSeconds: 60, doubts: [] };
  };
  const order = { state: { run, phase: '0', load: [{ worker: '0/1' }] } };
  const step = await gate({ ...hurried, store, metrics: { read } }, settings, order);
  return { step, asked, windows, store, again: () => gate({ ...hurried, store, metrics: { read } }, settings, order) };
}

describe('what comes after a phase', () => {
  test('where nothing hangs on it, no signal is waited for, and the next phase begins', async () => {
    const { step, asked } = await afterFirstPhase(false, 0.9);
    expect(step).toMatchObject({ do: 'load', run, phase: '1', workers: ['0/1'] });
    expect(asked).toEqual([]);
  });

  test('a failed signal of a phase with stopOnFail leads to the recovery; only what it names is asked for', async () => {
    const { step, asked, windows, store } = await afterFirstPhase(true, 0.9);
    expect(step).toMatchObject({ do: 'load', phase: '1' });
    expect(asked).toEqual(['service_cpu']);
    // Of the two minutes that the phase took.
    expect(windows).toEqual([{ fromMs: START_MS, toMs: START_MS + 120_000, periodSeconds: 60 }]);
    expect(await readState(store, runKeys(run))).toEqual({ handedOut: 2 });
    const handedOut = await phaseAt(store, runKeys(run).phase(1));
    expect(handedOut).toMatchObject({ phase: { name: 'after' }, handedOut: 2, passed: 3, stopped: true });
  });

  test('what the collector has read is not asked of CloudWatch', async () => {
    const { store, asked } = await afterFirstPhase(true, 0.5, 0.9);
    expect(asked).toEqual([]);
    expect(await phaseAt(store, runKeys(run).phase(1))).toMatchObject({ phase: { name: 'after' }, stopped: true });
  });

  test('a good one to the next phase', async () => {
    expect((await afterFirstPhase(true, 0.5)).step).toMatchObject({ do: 'load', phase: '1' });
  });

  test('the step tried again decides the same', async () => {
    const { step, again } = await afterFirstPhase(true, 0.9);
    expect(await again()).toEqual(step);
  });

  test('what it has put together is stored: the report does not do it again', async () => {
    const { store } = await afterFirstPhase(false, 0);
    const stored = (await textAt(store, runKeys(run).phase(0).outcome)) ?? '';
    const phase = lowerPhase({ name: 'first', kind: 'sustained', duration: '2m', open: { rate: 1 } }, []);
    expect(decodeOutcome(stored, phase)).toMatchObject({ startedAtMs: START_MS, ranSeconds: 120 });
  });

  test.each([
    ['its workers refused', '{"refused":"worker 1 not ready after 300 s"}', 'worker 1 not ready after 300 s'],
    ['no task got so far', undefined, 'none of its tasks got so far'],
  ])('a phase that was never started, since %s, is told with what became of the tasks', async (_, start, why) => {
    const { store } = await afterFirstPhase(false, 0);
    if (start !== undefined) await store.put(runKeys(run).phase(1).start, start);
    const metrics = { read: () => Promise.reject(new Error('nothing is to be read')) };
    const load = [
      { worker: '0/3' },
      { worker: '1/3', lost: 'States.Timeout' },
      { worker: '2/3', lost: 'ECS.ClientException', refused: 'Capacity is unavailable at this time' },
    ];
    await expect(
      gate({ ...hurried, store, metrics }, settings, { state: { run, phase: '1', load } }),
    ).rejects.toMatchObject({
      code: 'E-LOAD-START',
      message: expect.stringMatching(new RegExp(`was never started: ${why}$`)),
      details: ['States.Timeout', 'ECS.ClientException: Capacity is unavailable at this time'],
    });
  });

  test('a task may take the phase, the last deadline, the wait for the others, and starting up', async () => {
    // 60 s + 1 s + 300 s + 180 s
    expect((await afterFirstPhase(false, 0)).step).toMatchObject({ loadSeconds: 541 });
  });
});
