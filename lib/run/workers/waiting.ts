import type { Store } from '../archive/store.ts';

/** What a worker that meets the others in a store needs of the world. */
export interface WorkerPorts {
  readonly store: Store;
  /** Aborted: waits no longer, and loads no more. */
  readonly signal: AbortSignal;
  nowMs(): number;
  /** Resolves early where `signal` is aborted. */
  sleep(ms: number): Promise<void>;
}

const POLL_MS = 500;

/** Looks again and again until there is something; `late` where there was nothing until then, `stopped` where the signal came. */
export async function awaitFound<Found>(
  ports: WorkerPorts,
  look: () => Promise<Found | undefined>,
  untilMs: number,
): Promise<Found | 'late' | 'stopped'> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (ports.signal.aborted) return 'stopped';
    if (ports.nowMs() >= untilMs) return 'late';
    await ports.sleep(POLL_MS);
  }
}
