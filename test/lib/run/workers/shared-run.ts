import { encodeInterval } from '../../../../lib/measure/encode.ts';
import { emptyInterval, stepOf } from '../../../../lib/measure/interval.ts';
import { lowerPhase } from '../../../../lib/plan/phase.ts';
import type { Plan } from '../../../../lib/plan/plan.ts';
import type { StoredRun } from '../../../../lib/run/archive/run-record.ts';
import { beginShared, type SharedRun } from '../../../../lib/run/workers/begin.ts';
import type { WorkerPorts } from '../../../../lib/run/workers/waiting.ts';
import { MemoryStore } from '../archive/memory-store.ts';
import { planOf } from '../plan.ts';

export const START_MS = Date.parse('2026-03-02T12:00:00Z');

/** A worker's world with a clock that only waiting moves. */
export class StillWorld implements WorkerPorts {
  readonly store = new MemoryStore();
  readonly stopping = new AbortController();
  readonly signal = this.stopping.signal;
  /** Called before each sleep, with the seconds that have gone by. */
  meanwhile: (seconds: number) => Promise<unknown> = async () => undefined;
  #nowMs = START_MS;

  nowMs = (): number => this.#nowMs;

  sleep = async (ms: number): Promise<void> => {
    await this.meanwhile((this.#nowMs - START_MS) / 1000);
    this.#nowMs += ms;
  };
}

const open = { rate: 2 };

/** Two phases: the run is over after the second. */
export const twoPhases = planOf([
  lowerPhase({ name: 'first', kind: 'sustained', duration: '10s', open }, []),
  lowerPhase({ name: 'second', kind: 'sustained', duration: '10s', open }, []),
]);

/** What worker 0 has prepared for two workers. */
export const prepared = (plan: Plan = twoPhases): SharedRun => ({
  plan,
  facts: { environment: 'test', target: 'http://127.0.0.1:1', planSha256: 'a', workers: 2 },
});

/** Of a plan without one. */
export const noSetup = async (): Promise<boolean> => true;

export const begun = async (world: StillWorld): Promise<StoredRun> =>
  await beginShared(world, 'job-1', async () => prepared(), noSetup);

/** What a worker leaves of its half of a phase: ten arrivals, all well, and its last word. */
export async function leave(world: StillWorld, { keys }: StoredRun, number: number, worker: number): Promise<void> {
  const interval = emptyInterval();
  Object.assign(interval.arrivals, { due: 10, started: 10, completed: 10 });
  Object.assign(stepOf(interval, 0).ledger, { sent: 10, ok: 10 });
  const phase = keys.phase(number);
  const line = JSON.stringify(encodeInterval({ phase: number, worker, second: 0 }, interval));
  await world.store.put(phase.intervals(worker, 0), `${line}\n`);
  await world.store.put(phase.end(worker), '{}');
}
