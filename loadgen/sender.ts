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
  readonly needs: Needs;
  /** Its bytes, once they have been encoded: a request without templates is the same object every time. */
  wire?: Buffer | undefined;
}

/** What a reply is needed for: the less, the less is kept of it. */
export interface Needs {
  /** The request is HEAD, whose reply has no body whatever its headers say. */
  readonly head: boolean;
  readonly body: boolean;
  readonly headers: boolean;
}

export interface TlsOptions {
  readonly insecure: boolean;
  readonly ca?: string;
}

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
