import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PhaseKeys } from '../lib/run/keys.ts';
import { parsePhaseStart, type PhaseStartFile } from '../lib/run/phase-files.ts';
import { textAt, type PutWhen, type Store } from '../lib/run/store.ts';
import type { Share } from '../lib/schedule/arrivals.ts';

/** From the agreement to the start: several polls, so that everybody has read it by then. */
const LEAD_MS = 1000;
const POLL_MS = 200;

export interface BarrierOrder {
  readonly store: Store;
  readonly keys: PhaseKeys;
  readonly share: Share;
  readonly waitMs: number;
  /** Aborted: gives up at once. */
  readonly signal: AbortSignal;
}

/** `notStarted`: somebody was missing; nobody has started, and another try may. `tooLate`: the others had begun. */
export type Agreement = { readonly startAtMs: number } | 'notStarted' | 'tooLate';

interface Standing extends PhaseStartFile {
  /** The condition under which what was read still holds. */
  readonly when: PutWhen;
}

/**
 * All workers of a phase agree on the moment it starts, with nobody to lead them. Each says that it is ready; whoever sees all
 * ready proposes a start, and who waited too long resigns. Both change one object, and only as it was read, so either
 * everybody starts or the resigned one is counted out by all, until it tries again under another name.
 */
export async function agreeOnStart({ store, keys, share, waitMs, signal }: BarrierOrder): Promise<Agreement> {
  const me = randomUUID();
  const giveUpAtMs = Date.now() + waitMs;
  let announced = false;
  for (;;) {
    const { when, startAtMs, resigned } = await standing(store, keys);
    if (startAtMs !== undefined) return startAtMs > Date.now() ? { startAtMs } : 'tooLate';
    if (!announced) announced = await store.put(keys.ready(share.index), me);
    const proposal = async (file: PhaseStartFile): Promise<boolean> =>
      await store.put(keys.start, JSON.stringify(file), when);
    if (signal.aborted || Date.now() >= giveUpAtMs) {
      if (await proposal({ resigned: [...resigned, me] })) return 'notStarted';
    } else if (await allReady(store, keys, share.of, resigned)) {
      await proposal({ startAtMs: Date.now() + LEAD_MS, resigned });
    } else {
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function standing(store: Store, keys: PhaseKeys): Promise<Standing> {
  const stored = await store.get(keys.start);
  if (stored === undefined) return { resigned: [], when: 'absent' };
  return { ...parsePhaseStart(new TextDecoder().decode(stored.body)), when: { unchangedSince: stored.version } };
}

/** Names are read only when there are enough of them: most of the waiting is for the last one. */
async function allReady(store: Store, keys: PhaseKeys, of: number, resigned: readonly string[]): Promise<boolean> {
  let count = 0;
  for await (const _ of store.list(keys.readyPrefix)) count += 1;
  if (count < of) return false;
  const names = await Promise.all(Array.from({ length: of }, (_, worker) => textAt(store, keys.ready(worker))));
  return names.every((name) => name !== undefined && !resigned.includes(name));
}
