import type { Ledger } from './ledger.ts';
import type { FailureKind } from './failures.ts';

/** What a plan's `setup`, `checks` or `teardown` sent, beside every phase: no figure of a phase holds any of it. */
export interface OnceRecord {
  readonly tookSeconds: number;
  /** Requests by the name of their step. */
  readonly steps: Readonly<Record<string, Ledger>>;
  /** The request that ended it before its end. */
  readonly failure?: OnceFailure;
}

export interface OnceFailure {
  readonly step: string;
  readonly kind: FailureKind | 'timedOut' | 'cut';
  /** What the system said of it, or why no request could be made. */
  readonly detail?: string;
}

/** In a run's summary. */
export interface OnceRecords {
  readonly setup?: OnceRecord;
  readonly checks?: OnceRecord;
  readonly teardown?: OnceRecord;
}
