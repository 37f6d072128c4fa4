import type { Verdict } from '../analysis/verdict.ts';
import type { ArrivalLedger, Ledger } from '../measure/ledger.ts';
import type { PhaseKind } from '../plan/phase.ts';
import type { BottleneckId } from '../signals/signal.ts';

export const SUMMARY_FORMAT = 'plimsoll.summary.v1';

/** µs; null where nothing was measured. */
export interface TimesUs {
  readonly count: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

/** `value` is in µs, a ratio or a rate a second, as the objective's metric is; null where nothing was measured. */
export interface JudgedObjective {
  readonly objective: string;
  readonly value: number | null;
  readonly verdict: Verdict;
}

export interface StepSummary {
  readonly name: string;
  readonly ledger: Ledger;
  readonly responseTimeUs: TimesUs;
  readonly serviceTimeUs: TimesUs;
}

export interface PhaseSummary {
  readonly name: string;
  readonly kind: PhaseKind;
  readonly model: 'open' | 'closed';
  /** The load as a sentence's part: `20 → 200 arrivals/s`, `50 users`. */
  readonly load: string;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly verdict: Verdict;
  readonly validity: { readonly verdict: 'valid' | 'void'; readonly reasons: readonly string[] };
  readonly arrivals: ArrivalLedger;
  readonly ledger: Ledger;
  readonly offeredPerSecond: number;
  /** Successful requests a second within the phase; what was answered after its end is in the ledger only. */
  readonly throughputPerSecond: number;
  readonly errorRatio: number | null;
  readonly peakUsers: number;
  readonly responseTimeUs: TimesUs;
  readonly serviceTimeUs: TimesUs;
  readonly startDelayUs: TimesUs;
  readonly generator: { readonly cpuRatio: number | null; readonly eventLoopDelayUs: TimesUs };
  readonly objectives: readonly JudgedObjective[];
  readonly scenarios: readonly { readonly name: string; readonly steps: readonly StepSummary[] }[];
}

export interface BreakingPoint {
  readonly users: number;
  /** Offered arrivals a second in an open model, requests a second carried in a closed one. */
  readonly perSecond: number;
  readonly objective: string;
  readonly phase: string;
  readonly atSeconds: number;
  /** The objective never held before, so the break lies below this load. */
  readonly alreadyBroken?: true;
}

export interface Bottleneck {
  readonly id: BottleneckId;
  /** The signal that went beyond its limit first, by its id; absent where none did. */
  readonly signal?: string;
  readonly confidence: 'low' | 'medium' | 'high';
  readonly evidence: readonly string[];
  readonly remedy: string;
}

/** `summary.json`. Fields may be added; none is ever renamed or given another meaning. */
export interface Summary {
  readonly format: typeof SUMMARY_FORMAT;
  readonly run: { readonly id: string; readonly startedAt: string; readonly endedAt: string; readonly version: string };
  readonly plan: { readonly name: string; readonly sha256: string };
  readonly target: string;
  readonly verdict: Verdict;
  readonly phases: readonly PhaseSummary[];
  readonly breakingPoint?: BreakingPoint;
  /** From the end of the stress phase's load until the service answered as before; null: it did not within the phase. */
  readonly recovery?: { readonly seconds: number | null };
  readonly bottleneck?: Bottleneck;
  /** The run was stopped or broke off; what stands here was measured before that. */
  readonly partial?: true;
}
