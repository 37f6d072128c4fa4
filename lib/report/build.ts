import { findBottleneck } from '../analysis/bottleneck.ts';
import type { PhaseOutcome } from '../analysis/outcome.ts';
import { recoverySeconds } from '../analysis/recovery.ts';
import type { Plan } from '../plan/plan.ts';
import type { Signal, SignalSeries, Statement } from '../signals/signal.ts';
import type { Configuration, PhaseTimeline, Report } from './report.ts';
import { remedies } from '../analysis/remedies.ts';
import { breakingPointOf, phasesThatCount, runVerdict } from './summarise.ts';
import { SUMMARY_FORMAT, type Bottleneck, type BreakingPoint, type PhaseSummary, type Summary } from './summary.ts';
import { tell } from './narrative.ts';

/** Everything that a run left behind. */
export interface RunRecord {
  readonly run: Summary['run'];
  readonly plan: Plan;
  readonly planSha256: string;
  readonly target: string;
  readonly startedAtMs: number;
  readonly outcomes: readonly PhaseOutcome[];
  readonly phases: readonly PhaseSummary[];
  readonly interrupted: boolean;
  readonly signals: readonly Signal[];
  readonly series: readonly SignalSeries[];
  readonly statements: readonly Statement[];
  readonly configuration: Configuration;
  /** Doubts that only the one who ran it can know, such as intervals that the disk refused. */
  readonly doubts: readonly string[];
}

/** Puts the report together: what was measured, what it means, and how it is told. */
export function buildReport(record: RunRecord): Report {
  const summary = summaryOf(record);
  const words = tell(summary);
  return {
    format: 'plimsoll.report.v1',
    summary,
    ...words,
    doubts: [...record.doubts, ...words.doubts],
    configuration: record.configuration,
    timeline: record.outcomes.map((outcome) => timelineOf(outcome, record.startedAtMs)),
    signals: record.series,
    statements: record.statements,
  };
}

function summaryOf(record: RunRecord): Summary {
  const { outcomes, phases, interrupted } = record;
  const breakingPoint = breakingPointOf(outcomes);
  const recovery = recoverySeconds(outcomes);
  const bottleneck =
    breakingPoint === undefined ? noBottleneck(phases, interrupted) : bottleneckAt(breakingPoint, record);
  return {
    format: SUMMARY_FORMAT,
    run: record.run,
    plan: { name: record.plan.name, sha256: record.planSha256 },
    target: record.target,
    verdict: runVerdict(phases, interrupted),
    phases,
    ...(breakingPoint && { breakingPoint }),
    ...(recovery !== undefined && { recovery: { seconds: recovery } }),
    ...(bottleneck && { bottleneck }),
    ...(interrupted && { partial: true as const }),
  };
}

/** `none` only where the whole plan was run, judged, and held; else nothing is known. */
function noBottleneck(phases: readonly PhaseSummary[], interrupted: boolean): Bottleneck | undefined {
  const counted = phasesThatCount(phases);
  const judged = counted.filter(({ objectives }) => objectives.length > 0);
  const held = counted.every(({ verdict }) => verdict === 'pass' || verdict === 'warn');
  if (interrupted || judged.length === 0 || !held) return undefined;
  const evidence = ['no objective was missed for three seconds on end'];
  return { id: 'none', confidence: 'high', evidence, remedy: remedies.none };
}

/** A signal may turn a little before the objective breaks; later than the phase's end it explains nothing. */
const BEFORE_BREAK_SECONDS = 10;

function bottleneckAt({ phase, atSeconds }: BreakingPoint, record: RunRecord): Bottleneck | undefined {
  const outcome = record.outcomes.find((each) => each.phase.name === phase);
  if (outcome === undefined) return undefined;
  const start = (outcome.startedAtMs - record.startedAtMs) / 1000;
  const from = Math.max(start, start + atSeconds - BEFORE_BREAK_SECONDS);
  return findBottleneck(record.signals, record.series, from, start + outcome.ranSeconds);
}

function timelineOf({ phase, startedAtMs, ranSeconds, measurement }: PhaseOutcome, runStartMs: number): PhaseTimeline {
  const startSeconds = (startedAtMs - runStartMs) / 1000;
  return { phase: phase.name, startSeconds, durationSeconds: ranSeconds, points: measurement.points };
}
