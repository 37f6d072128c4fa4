import { percentilesOf } from '../measure/histogram.ts';
import { allSteps } from '../measure/interval.ts';
import { errorRatio } from '../measure/ledger.ts';
import type { Point } from '../measure/measurement.ts';
import type { AnalysedRun } from './analysed-run.ts';
import { CONSECUTIVE } from './consecutive.ts';
import type { PhaseOutcome } from './outcome.ts';
import { voidReasons } from './validity.ts';

/** "As before": p95 at most half as much again as in the sustained phase, or 20 ms more where that is little. */
const FACTOR = 1.5;
const SLACK_US = 20_000;

/** The staging plan's line between an acceptable share of errors and one that is not. */
const ERROR_RATIO = 0.01;

/**
 * Seconds from the end of the stress load until the service answered as in the last phase that wasn't stress, three points
 * at least and from then on to the end of the phase, or for thirty; null when it did not; undefined when there was nothing to recover
 * from, or nothing to compare, void phases being nothing, and ones of fewer points too few. A point in which nothing ended is no evidence.
 */
export function recoverySeconds(outcomes: readonly PhaseOutcome[]): number | null | undefined {
  const at = outcomes.findIndex(({ phase }) => phase.kind === 'recovery');
  const after = outcomes[at];
  const stress = outcomes.slice(0, Math.max(0, at)).findLast(({ phase }) => phase.kind === 'stress');
  const calm = outcomes.slice(0, Math.max(0, at)).findLast((each) => each.phase.kind !== 'stress' && isValid(each));
  const before = calm === undefined ? undefined : percentilesOf(allSteps(calm.measurement.total).responseTime);
  if (after === undefined || !isValid(after) || stress === undefined || before === undefined) return undefined;
  const limitUs = Math.max(before.p95 * FACTOR, before.p95 + SLACK_US);
  if (after.measurement.points.length < CONSECUTIVE) return undefined;
  const measured = after.measurement.points.filter(({ responseTimeUs }) => responseTimeUs !== undefined);
  const from = recoveredFrom(measured.map((point) => isWell(point, limitUs)));
  if (from < 0) return null;
  const waitedMs = after.startedAtMs - (stress.startedAtMs + stress.ranSeconds * 1000);
  return Math.max(0, waitedMs / 1000) + (measured[from]?.atSeconds ?? 0);
}

/** What was well for so many points may have a bad one later, which is another story. */
const LONG = 30;

/** The first of at least three well points after which all were well to the end, or for thirty; −1 where there is none. */
function recoveredFrom(well: readonly boolean[]): number {
  const starts = well.flatMap((good, at) => (good && well[at - 1] !== true ? [at] : []));
  const lengthFrom = (at: number): number => {
    const end = well.indexOf(false, at);
    return (end < 0 ? well.length : end) - at;
  };
  return starts.find((at) => lengthFrom(at) >= (at + lengthFrom(at) === well.length ? CONSECUTIVE : LONG)) ?? -1;
}

const isValid = (outcome: PhaseOutcome): boolean => voidReasons(outcome).length === 0;

const isWell = ({ responseTimeUs, ledger }: Point, limitUs: number): boolean =>
  responseTimeUs !== undefined && responseTimeUs.p95 <= limitUs && errorRatio(ledger) <= ERROR_RATIO;

/** Seconds from the end of the stress phase's load until the service answered as before; null: it did not within the phase. */
export interface Recovery {
  readonly seconds: number | null;
}

export function recovery({ outcomes }: Pick<AnalysedRun, 'outcomes'>): Recovery | undefined {
  const seconds = recoverySeconds(outcomes);
  return seconds === undefined ? undefined : { seconds };
}
