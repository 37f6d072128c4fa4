import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSource } from '../../lib/adapters/node/database-source.ts';
import { readingEveryMs, type Sampled, Sampler } from '../../lib/adapters/node/sampler.ts';
import { messageOf } from '../../lib/errors.ts';
import { planUs } from '../../lib/plan/plan.ts';
import { storeCollected } from '../../lib/run/archive/collected.ts';
import type { StoredRun } from '../../lib/run/archive/run-record.ts';
import type { Store } from '../../lib/run/archive/store.ts';
import { FleetSeries } from '../../lib/signals/series/fleet-series.ts';
import { signals } from '../../lib/signals/index.ts';
import { withOwnNames } from '../../lib/signals/own-names.ts';

/** What a collector reads, and where it writes. */
export interface CollectorPorts {
  readonly store: Store;
  readonly sampled: Sampled;
  readonly database: DatabaseSource | undefined;
  /** What speaks against the figures, besides silent tasks. */
  readonly doubts: () => readonly string[];
  /** Aborted: what is known is stored at once, and it ends. */
  readonly signal: AbortSignal;
  readonly warn: (sentence: string) => void;
}

/** How old what the store has may be: a phase's end is judged by it. */
const STORE_EVERY_MS = 10_000;
/** A long run's series are megabytes; so storing takes no more than so much of the time. */
const STORE_SHARE = 0.02;
const LOOK_EVERY_MS = 1000;

/**
 * Reads the system under load from before a run's first phase until its report is begun, by the same sampler as a laptop's run, and
 * stores the same series; the slowest statements at its end.
 */
export async function collect({ facts, plan, keys }: StoredRun, ports: CollectorPorts): Promise<void> {
  const { store, sampled, database, signal } = ports;
  const series = new FleetSeries(withOwnNames(signals, plan.signals.names ?? {}), Date.parse(facts.startedAt));
  await database?.markStatements();
  const sampler = new Sampler(sampled, series, readingEveryMs(planUs(plan)));
  const doubts = (): string[] => [...doubtsOf(series), ...ports.doubts()];
  const write = async (): Promise<void> => {
    const collected = { atMs: Date.now(), ended: false, doubts: doubts(), series: series.series(), statements: [] };
    await storeCollected(store, keys, collected).catch((error: unknown) => ports.warn(messageOf(error)));
  };
  sampler.start();
  for (let restMs = 0; !(await isOver(ports, { facts, plan, keys }));) {
    if (restMs <= 0) {
      const beganAtMs = performance.now();
      await write();
      restMs = Math.max(STORE_EVERY_MS, (performance.now() - beganAtMs) / STORE_SHARE);
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    restMs -= LOOK_EVERY_MS;
  }
  const statements = (await database?.slowestStatements()) ?? [];
  const atMs = Date.now();
  await sampler.stop();
  await storeCollected(store, keys, { atMs, ended: true, doubts: doubts(), series: series.series(), statements });
}

/** All phases are over, or the run is being ended. A store that can't be asked says nothing. */
async function isOver({ store, signal, warn }: CollectorPorts, { keys }: StoredRun): Promise<boolean> {
  if (signal.aborted) return true;
  try {
    const found = await Promise.all([store.get(keys.reporting), store.get(keys.ended)]);
    return found.some((each) => each !== undefined);
  } catch (error) {
    warn(messageOf(error));
    return false;
  }
}

function doubtsOf({ coverage: { incomplete, readings } }: FleetSeries): string[] {
  if (incomplete === 0) return [];
  return [
    `In ${incomplete} of ${readings} readings a task of the service gave no figures; sums over all tasks have gaps there.`,
  ];
}
