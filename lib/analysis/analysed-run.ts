import type { OnceRecord } from '../measure/once.ts';
import type { Plan } from '../plan/plan.ts';
import type { Signal, SignalSeries } from '../signals/signal.ts';
import type { PhaseOutcome } from './outcome.ts';
import type { PhaseFindings } from './phase.ts';
import type { ScalingRecord } from './scaling/observed.ts';

/** A run whose phases are judged, to be looked at as a whole. */
export interface AnalysedRun {
  readonly plan: Plan;
  readonly startedAtMs: number;
  readonly outcomes: readonly PhaseOutcome[];
  readonly phases: readonly PhaseFindings[];
  /** It was stopped or broke off before its end. */
  readonly interrupted: boolean;
  readonly signals: readonly Signal[];
  readonly series: readonly SignalSeries[];
  /** What the plan's checks sent after the last phase; left out where there are none, or they were not sent. */
  readonly checks?: OnceRecord | undefined;
  /** Of an environment whose service scales. */
  readonly scaling?: ScalingRecord;
}
