import type { PhaseOutcome } from '../analysis/outcome.ts';
import type { Findings } from '../analysis/index.ts';
import type { Provenance } from '../measure/provenance.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnceRecords } from '../measure/once.ts';
import type { LogExcerpt, LoggedLine } from '../signals/log-lines.ts';
import type { SignalSeries, Statement } from '../signals/signal.ts';
import type { ReportConfiguration, PhaseTimeline, Report } from './report.ts';
import { SUMMARY_FORMAT, type Summary } from './summary.ts';
import { narrate } from './narrative.ts';

/** Everything that was recorded of a run, and what was concluded from it. */
export interface RunRecord {
  readonly run: Summary['run'];
  readonly plan: Plan;
  readonly planSha256: string;
  readonly target: string;
  readonly startedAtMs: number;
  readonly outcomes: readonly PhaseOutcome[];
  readonly findings: Findings;
  readonly interrupted: boolean;
  readonly series: readonly SignalSeries[];
  readonly statements: readonly Statement[];
  readonly logs?: readonly LoggedLine[] | undefined;
  readonly logExcerpt?: LogExcerpt;
  readonly configuration: ReportConfiguration;
  /** Doubts that only the machine which ran it can know, such as intervals that the disk refused. */
  readonly doubts: readonly string[];
  /** What the plan's setup and teardown sent. */
  readonly once?: OnceRecords;
  /** Of a run that another tool has measured. */
  readonly imported?: Provenance;
}

/** Puts the report together: what was measured, what it means, and the words for it. */
export function buildReport(record: RunRecord): Report {
  const summary = summaryOf(record);
  const words = narrate(summary);
  return {
    format: 'plimsoll.report.v1',
    summary,
    ...words,
    doubts: [...record.doubts, ...words.doubts],
    configuration: record.configuration,
    timeline: record.outcomes.map((outcome) => timelineOf(outcome, record.startedAtMs)),
    signals: record.series,
    statements: record.statements,
    ...(record.logs !== undefined && { logs: record.logs }),
    ...(record.logExcerpt !== undefined && { logExcerpt: record.logExcerpt }),
  };
}

const summaryOf = ({ run, plan, planSha256, target, findings, interrupted, imported, once }: RunRecord): Summary => ({
  format: SUMMARY_FORMAT,
  run,
  plan: { name: plan.name, sha256: planSha256 },
  target,
  ...findings,
  ...once,
  ...(interrupted && { partial: true as const }),
  ...(imported !== undefined && { imported }),
});

function timelineOf({ phase, startedAtMs, ranSeconds, measurement }: PhaseOutcome, runStartMs: number): PhaseTimeline {
  const startSeconds = (startedAtMs - runStartMs) / 1000;
  return { phase: phase.name, startSeconds, durationSeconds: ranSeconds, points: measurement.points };
}
