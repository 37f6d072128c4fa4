import type { FailureKind } from '../lib/measure/failures.ts';

/** A request with everything filled in. */
export interface Outgoing {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** From now to the last byte of the reply, connecting included. */
  readonly deadlineUs: number;
  /** False where no check reads the body: then it is counted and let go. */
  readonly keepBody: boolean;
}

/** A body that a check has to read is kept, and decoded, up to this; larger ones fail as `too-large` rather than fill the memory. */
export const MOST_BODY_BYTES = 16 * 2 ** 20;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** How an exchange ended. */
export type Settlement = { readonly reply: Reply } | { readonly failure: FailureKind | 'timedOut' | 'cut' };

/** A request under way. */
export interface Exchange {
  /** Settles it as `cut` at once and gives its connection up. */
  cut(): void;
}

/** Sends requests. Each is settled exactly once, and never before `send` has returned. */
export interface Sender {
  send(outgoing: Outgoing, settled: (settlement: Settlement) => void): Exchange;
  /** Gives every connection up. */
  close(): void;
}
