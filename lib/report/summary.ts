import type { Findings } from '../analysis/index.ts';
import type { OnceRecords } from '../measure/once.ts';
import type { Provenance } from '../measure/provenance.ts';

export const SUMMARY_FORMAT = 'plimsoll.summary.v1';

/** `summary.json`: what ran, and the findings. Fields may be added; none is ever renamed or given another meaning. */
export interface Summary extends Findings, OnceRecords {
  readonly format: typeof SUMMARY_FORMAT;
  readonly run: { readonly id: string; readonly startedAt: string; readonly endedAt: string; readonly version: string };
  readonly plan: { readonly name: string; readonly sha256: string };
  readonly target: string;
  /** The run was stopped or broke off; what stands here was measured before that. */
  readonly partial?: true;
  /** Another tool has measured it. */
  readonly imported?: Provenance;
}
