import type { GivenPhase } from '../measure/given.ts';
import type { Measurement } from '../measure/measurement.ts';
import type { Phase } from '../plan/phase.ts';
import type { SignalSeries } from '../signals/signal.ts';

/** What ended a phase before its time. */
export interface PhaseAbort {
  /** The condition, as written. */
  readonly condition: string;
  /** What it read last, in µs, a ratio or a rate a second. */
  readonly value: number;
  /** When the last of the seconds that ended the phase was over, counted from its start. */
  readonly atSeconds: number;
}

/** A phase that was run, wholly or in part, as it was measured. */
export interface PhaseOutcome {
  readonly phase: Phase;
  readonly startedAtMs: number;
  /** How long load was offered; less than planned where the run was stopped. */
  readonly ranSeconds: number;
  readonly measurement: Measurement;
  /** Why a worker of the generator ended before its part was over. */
  readonly lost?: string;
  /** What ended it before its time, by the plan. */
  readonly aborted?: PhaseAbort;
  /** Of a phase that another tool has run: what its result says beside the measurement. */
  readonly given?: GivenPhase;
}

/** The phase's place on the run's axis, and what the system said of itself meanwhile. */
export interface PhaseWindow {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly signals: readonly SignalSeries[];
}

/** Where a phase lies on the axis of a run that began at `runStartedAtMs`. */
export function windowOf(
  { startedAtMs, ranSeconds }: PhaseOutcome,
  runStartedAtMs: number,
  signals: readonly SignalSeries[],
): PhaseWindow {
  const fromSeconds = (startedAtMs - runStartedAtMs) / 1000;
  return { fromSeconds, toSeconds: fromSeconds + ranSeconds, signals };
}
