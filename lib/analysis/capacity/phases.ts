import type { MeasuredFor, Point, TimeLimit } from '../../measure/measurement.ts';
import { percentilesOf } from '../../measure/histogram.ts';
import { allSteps } from '../../measure/interval.ts';
import type { ArrivalLedger } from '../../measure/ledger.ts';
import type { Objective } from '../../plan/objective.ts';
import type { Phase } from '../../plan/phase.ts';
import { verdictOn } from '../objectives.ts';
import type { PhaseOutcome } from '../outcome.ts';
import type { PhaseFindings } from '../phase.ts';
import type { BadCount, Probe, ProbeObjective, ProbeSecond } from './probe.ts';
import { searchedObjectives, searchObjective } from './settings.ts';

const limitOf = ({ metric, target }: Objective): TimeLimit | undefined =>
  (metric.of === 'responseTime' || metric.of === 'serviceTime') && typeof metric.stat === 'number'
    ? { of: metric.of, us: target.value }
    : undefined;

/** What the measurement of a phase must hold, so that a search can read it. */
export function measuredFor({ probe, objectives }: Phase): MeasuredFor | undefined {
  if (probe === undefined) return undefined;
  return { settleSeconds: probe.settleSeconds, limits: objectives.flatMap((objective) => limitOf(objective) ?? []) };
}

/** A phase that a search has asked for, as the search reads it; undefined of any other. */
export function probeOf(outcome: PhaseOutcome, { validity, objectives: judged }: PhaseFindings): Probe | undefined {
  const { phase, measurement, ranSeconds } = outcome;
  if (phase.probe === undefined) return undefined;
  const points = measurement.points.filter(
    ({ atSeconds, seconds }) =>
      atSeconds >= (phase.probe?.settleSeconds ?? 0) && atSeconds + seconds <= ranSeconds + 1e-3,
  );
  const settled = allSteps(measurement.settled ?? measurement.within);
  const times = percentilesOf(settled.responseTime);
  const [mean, p50] = [times?.mean ?? Number.NaN, times?.p50 ?? Number.NaN];
  return {
    purpose: phase.probe.purpose,
    perSecond: phase.segments[0]?.from ?? 0,
    durationSeconds: ranSeconds,
    seconds: points.flatMap(({ searched }) => (searched === undefined ? [] : secondOf(searched.arrivals))),
    users: points.reduce((sum, { users }) => sum + users, 0) / Math.max(1, points.length),
    meanUs: mean,
    medianUs: p50,
    ...(validity.verdict === 'void' && { void: validity.reasons.join('; ') }),
    objectives: searchedObjectives(phase.objectives).map((objective) =>
      objectiveOf(objective, {
        points,
        limit: phase.objectives.filter((each) => limitOf(each) !== undefined).indexOf(objective),
        quantileUs: quantileOf(objective, settled),
        verdict: judged.find((each) => each.objective === objective.text)?.verdict ?? 'unknown',
      }),
    ),
  };
}

/** Journeys, not requests: each arrival makes as many of those as its journey has. */
const secondOf = ({ started, completed, abandoned }: ArrivalLedger): ProbeSecond => ({
  started,
  ended: completed + abandoned,
  ok: completed,
});

const endedIn = ({ ok, failed, timedOut }: Point['ledger']): number => ok + failed + timedOut;

function quantileOf({ metric }: Objective, steps: ReturnType<typeof allSteps>): number | undefined {
  if ((metric.of !== 'responseTime' && metric.of !== 'serviceTime') || typeof metric.stat !== 'number')
    return undefined;
  const histogram = steps[metric.of];
  return histogram.totalCount === 0 ? undefined : histogram.getValueAtPercentile(metric.stat);
}

interface Given {
  readonly points: readonly Point[];
  /** The place of its limit among those that were counted; below 0 where it has none. */
  readonly limit: number;
  readonly quantileUs: number | undefined;
  readonly verdict: PhaseFindings['verdict'];
}

function objectiveOf(objective: Objective, { points, limit, quantileUs, verdict }: Given): ProbeObjective {
  const { allowedRatio } = searchObjective(objective);
  if (allowedRatio === undefined) return { verdict: simple(verdict), seconds: [] };
  const seconds = points.map((point): BadCount => {
    const count = endedIn(point.ledger);
    return {
      count,
      bad: limit < 0 ? point.ledger.failed + point.ledger.timedOut : (point.searched?.beyond[limit] ?? 0),
    };
  });
  const count = seconds.reduce((sum, each) => sum + each.count, 0);
  const bad = seconds.reduce((sum, each) => sum + each.bad, 0);
  // A share that is allowed is the same as a limit on the share that is bad, whatever the objective is written as.
  const limited = { ...objective, target: { op: '<', value: allowedRatio } as const };
  return {
    verdict: simple(
      count === 0
        ? 'unknown'
        : verdictOn({ text: limited.text, metric: limited.metric, target: limited.target }, bad / count),
    ),
    seconds,
    ...(quantileUs !== undefined && { quantileUs }),
  };
}

/** A search asks whether the target is met: what only warns has missed it. */
const simple = (verdict: PhaseFindings['verdict']): ProbeObjective['verdict'] =>
  verdict === 'pass' ? 'pass' : verdict === 'unknown' || verdict === 'void' ? 'unknown' : 'fail';
