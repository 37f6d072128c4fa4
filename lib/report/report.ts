import type { Point } from '../measure/measurement.ts';
import type { LogExcerpt, LoggedLine } from '../signals/log-lines.ts';
import type { SignalSeries, Statement } from '../signals/signal.ts';
import type { Summary } from './summary.ts';

/** A phase on the run's time axis. Points count from the phase's own start. */
export interface PhaseTimeline {
  readonly phase: string;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly points: readonly Point[];
}

/** One thing to do, and the figures that call for it. */
export interface Recommendation {
  readonly text: string;
  readonly because: string;
}

/** Label and value, in the order in which they are shown: environment, duration, peak load, seed, machine… */
export type ReportConfiguration = readonly (readonly [label: string, value: string])[];

const REPORT_FORMAT = 'plimsoll.report.v1';

/** A run as every renderer draws it: free of any format, complete, and plain JSON, so that it can be stored and rendered again. */
export interface Report {
  readonly format: typeof REPORT_FORMAT;
  readonly summary: Summary;
  /** One sentence that says what happened, to be read first. */
  readonly headline: string;
  readonly configuration: ReportConfiguration;
  readonly timeline: readonly PhaseTimeline[];
  readonly signals: readonly SignalSeries[];
  readonly statements: readonly Statement[];
  /** What the service has logged of trouble during the run; left out where no log was read. */
  readonly logs?: readonly LoggedLine[];
  /** What `logs` are of, where that is not the whole run. */
  readonly logExcerpt?: LogExcerpt;
  /** Why some of it is to be taken with care; none when nothing speaks against it. */
  readonly doubts: readonly string[];
  readonly recommendations: readonly Recommendation[];
  readonly nextSteps: readonly string[];
}

/** Of a file that Plimsoll has written itself the name and version of its format stand for all the rest. */
export const isReport = (value: unknown): value is Report =>
  typeof value === 'object' &&
  value !== null &&
  'summary' in value &&
  'format' in value &&
  value.format === REPORT_FORMAT;
