import { setTimeout as sleep } from 'node:timers/promises';
import { listed } from '../../lib/units.ts';
import type { PhaseKeys } from '../../lib/run/archive/keys.ts';
import { phaseStart, type PhaseStart } from '../../lib/run/archive/phase-files.ts';
import type { Store } from '../../lib/run/archive/store.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';

/** From the agreement to the start: several polls, and ten times what the store took at its slowest, so that every worker has read it by then. */
const LEAD_MS = 1000;
const LEAD_CALLS = 10;
const POLL_MS = 200;

export interface BarrierOptions {
  readonly store: Store;
  readonly keys: PhaseKeys;
  readonly share: Share;
  readonly waitMs: number;
  /** Aborted: gives up at once. */
  readonly signal: AbortSignal;
}

/** `tooLate`: the others had begun. */
export type Agreement = PhaseStart | 'tooLate';

/**
 * All workers of a phase agree on whether and when it starts, without a leader. Each stores that it is ready. A worker that sees
 * all of them ready writes the moment of the start; one that has waited too long, or is stopped, writes that there is none. The
 * first of these objects counts, since it is only written where there is none: so either all workers start or none does, and a
 * worker that comes later learns it at once.
 */
export async function agreeOnStart({ store, keys, share, waitMs, signal }: BarrierOptions): Promise<Agreement> {
  const giveUpAtMs = Date.now() + waitMs;
  let slowestMs = 0;
  const propose = async (start: PhaseStart): Promise<unknown> =>
    await store.put(keys.start, JSON.stringify(start), 'absent');
  for (let isAnnounced = false; ; isAnnounced = true) {
    const lookedAtMs = Date.now();
    const agreed = await phaseStart(store, keys);
    if (agreed !== undefined) return inTime(agreed);
    if (!isAnnounced) await store.put(keys.ready(share.index), '');
    const missing = await missingWorkers(store, keys, share.of);
    slowestMs = Math.max(slowestMs, Date.now() - lookedAtMs);
    if (signal.aborted) await propose({ refused: `worker ${share.index} was stopped while it waited` });
    else if (missing.length === 0) await propose({ startAtMs: Date.now() + LEAD_MS + LEAD_CALLS * slowestMs });
    else if (Date.now() >= giveUpAtMs) await propose({ refused: notReady(missing, waitMs) });
    else await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

const inTime = (start: PhaseStart): Agreement =>
  'startAtMs' in start && start.startAtMs <= Date.now() ? 'tooLate' : start;

async function missingWorkers(store: Store, keys: PhaseKeys, of: number): Promise<number[]> {
  const ready = new Set(await Array.fromAsync(store.list(keys.readyPrefix)));
  return Array.from({ length: of }, (_, worker) => worker).filter((worker) => !ready.has(keys.ready(worker)));
}

const notReady = (missing: readonly number[], waitMs: number): string =>
  `${missing.length === 1 ? 'worker' : 'workers'} ${listed(missing.map(String), 'and')} not ready after ${waitMs / 1000} s`;
