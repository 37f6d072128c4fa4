import { percentilesOf } from '../../measure/histogram.ts';
import { allSteps } from '../../measure/interval.ts';
import { errorRatio } from '../../measure/ledger.ts';
import type { Point } from '../../measure/measurement.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { verdictIn } from '../breaking-point.ts';
import { CONSECUTIVE } from '../consecutive.ts';
import { judge } from '../objectives.ts';
import type { PhaseOutcome } from '../outcome.ts';
import { voidReasons } from '../validity.ts';

/** "As before": p95 at most half as much again as in the sustained phase, or 20 ms more where that is little. */
const FACTOR = 1.5;
const SLACK_US = 20_000;

/** The staging plan's line between an acceptable share of errors and one that is not. */
const ERROR_RATIO = 0.01;

/** The stress of a run and what came after it, and the phase that it is held against. */
interface Aftermath {
  readonly after: PhaseOutcome;
  readonly calm: PhaseOutcome;
  /** From the end of the stress load to the beginning of the phase after it. */
  readonly waitedSeconds: number;
}

/** Undefined where there was nothing to recover from, or nothing to compare, void phases being nothing, and ones of fewer than three points too few. */
function aftermathOf(outcomes: readonly PhaseOutcome[]): Aftermath | undefined {
  const at = outcomes.findIndex(({ phase }) => phase.kind === 'recovery');
  const after = outcomes[at];
  const stress = outcomes.slice(0, Math.max(0, at)).findLast(({ phase }) => phase.kind === 'stress');
  const calm = outcomes.slice(0, Math.max(0, at)).findLast((each) => each.phase.kind !== 'stress' && isValid(each));
  if (after === undefined || !isValid(after) || stress === undefined || calm === undefined) return undefined;
  if (after.measurement.points.length < CONSECUTIVE) return undefined;
  const waitedMs = after.startedAtMs - (stress.startedAtMs + stress.ranSeconds * 1000);
  return { after, calm, waitedSeconds: Math.max(0, waitedMs / 1000) };
}

/**
 * Seconds from the end of the stress load until the service answered as in the last phase that wasn't stress, three points and a tenth
 * of the phase at least, and from then on to the end of the phase, or for thirty; null when it did not; undefined where there is nothing
 * to compare. A point in which nothing ended is no evidence.
 */
export function recoverySeconds(outcomes: readonly PhaseOutcome[]): number | null | undefined {
  const aftermath = aftermathOf(outcomes);
  const before = aftermath && percentilesOf(allSteps(aftermath.calm.measurement.total).responseTime);
  if (aftermath === undefined || before === undefined) return undefined;
  const limitUs = Math.max(before.p95 * FACTOR, before.p95 + SLACK_US);
  return secondsUntil(aftermath, (point) => isWell(point, limitUs));
}

function secondsUntil({ after, waitedSeconds }: Aftermath, isGood: (point: Point) => boolean): number | null {
  const measured = after.measurement.points.filter(({ responseTimeUs }) => responseTimeUs !== undefined);
  const from = recoveredFrom(measured.map(isGood));
  return from < 0 ? null : waitedSeconds + (measured[from]?.atSeconds ?? 0);
}

/** What was well for so many points may have a bad one later, which is another story. */
const LONG = 30;

/** Of a long phase three points at its end may be well by chance, as of a service that comes and goes. */
const END_SHARE = 0.1;

/** The first of at least three well points after which all were well to the end, or for thirty; −1 where there is none. */
function recoveredFrom(well: readonly boolean[]): number {
  const starts = well.flatMap((good, at) => (good && well[at - 1] !== true ? [at] : []));
  const lengthFrom = (at: number): number => {
    const end = well.indexOf(false, at);
    return (end < 0 ? well.length : end) - at;
  };
  const atEnd = Math.min(LONG, Math.max(CONSECUTIVE, Math.ceil(END_SHARE * well.length)));
  return starts.find((at) => lengthFrom(at) >= (at + lengthFrom(at) === well.length ? atEnd : LONG)) ?? -1;
}

const isValid = (outcome: PhaseOutcome): boolean => voidReasons(outcome).length === 0;

const isWell = ({ responseTimeUs, ledger }: Point, limitUs: number): boolean =>
  responseTimeUs !== undefined && responseTimeUs.p95 <= limitUs && errorRatio(ledger) <= ERROR_RATIO;

/** How the service came back after the stress. */
export interface Recovery {
  /** From the end of the stress load until the service answered as before; null: it did not within the phase. */
  readonly seconds: number | null;
  /** Until it was within the phase's objectives on times and errors again; left out where the phase has none. */
  readonly withinObjectivesSeconds?: number | null;
  /** `pass` where it came back within its objectives, or to what it was before. */
  readonly verdict: 'pass' | 'fail';
}

export function recovery({ outcomes }: Pick<AnalysedRun, 'outcomes'>): Recovery | undefined {
  const [seconds, within] = [recoverySeconds(outcomes), secondsWithinObjectives(outcomes)];
  if (seconds === undefined) return undefined;
  const cameBack = seconds !== null || typeof within === 'number';
  return {
    seconds,
    ...(within !== undefined && { withinObjectivesSeconds: within }),
    verdict: cameBack ? 'pass' : 'fail',
  };
}

function secondsWithinObjectives(outcomes: readonly PhaseOutcome[]): number | null | undefined {
  const aftermath = aftermathOf(outcomes);
  const objectives = aftermath?.after.phase.objectives.filter(({ metric }) => FELT_METRICS.has(metric.of)) ?? [];
  if (aftermath === undefined || objectives.length === 0) return undefined;
  const isGood = (point: Point): boolean => objectives.every((objective) => verdictIn(objective, point) !== 'missed');
  const seconds = secondsUntil(aftermath, isGood);
  // Of little load a second has few requests, and one of them makes its percentile: the phase as a whole has the last word.
  const held = objectives.every((objective) => ['pass', 'warn'].includes(judge(objective, aftermath.after).verdict));
  return seconds === null && held ? firstSeconds(aftermath, isGood) : seconds;
}

function firstSeconds({ after, waitedSeconds }: Aftermath, isGood: (point: Point) => boolean): number | null {
  const first = after.measurement.points.find((point) => point.responseTimeUs !== undefined && isGood(point));
  return first === undefined ? null : waitedSeconds + first.atSeconds;
}

/** What users feel; a floor of throughput is met by more load, not by a service that is well. */
const FELT_METRICS: ReadonlySet<string> = new Set([
  'responseTime',
  'serviceTime',
  'errors',
  'availability',
  'timeouts',
]);
