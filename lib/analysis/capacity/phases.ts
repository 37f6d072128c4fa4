import { recordOf } from '../../measure/asked.ts';
import type { BadCount, MeasuredFor, Tolerance } from '../../measure/measurement.ts';
import { countFrom, percentilesOf } from '../../measure/histogram.ts';
import { allSteps, type Interval, type StepRecord } from '../../measure/interval.ts';
import type { ArrivalLedger } from '../../measure/ledger.ts';
import type { Objective } from '../../plan/objective.ts';
import type { Phase } from '../../plan/phase.ts';
import type { Plan } from '../../plan/plan.ts';
import { askedByObjectives, askedFor, verdictOn, withStatus } from '../objectives.ts';
import type { PhaseOutcome } from '../outcome.ts';
import type { PhaseFindings } from '../phase.ts';
import type { Probe, ProbeObjective, ProbeSecond } from './probe.ts';
import { searchedObjectives, searchObjective } from './settings.ts';

/** What makes a request bad by an objective; undefined of one that is no tolerance. */
function toleranceOf(objective: Objective): Tolerance | undefined {
  const { allowedRatio, limitUs } = searchObjective(objective);
  const { metric } = objective;
  if (allowedRatio === undefined) return undefined;
  const bad = (record: StepRecord): number => {
    if (limitUs !== undefined)
      return countFrom(record[metric.of === 'serviceTime' ? 'serviceTime' : 'responseTime'], limitUs);
    if (metric.of === 'status') return withStatus(record.ledger, metric.status);
    return record.ledger.timedOut + (metric.of === 'timeouts' ? 0 : record.ledger.failed);
  };
  return { bad, ...(metric.steps && { steps: metric.steps }) };
}

/** What the measurement of a phase must hold, so that it can be judged, and a search can read it. */
export function measuredFor({ probe, objectives, abortOn = [] }: Phase, { phases }: Pick<Plan, 'phases'>): MeasuredFor {
  // Of other phases' objectives too: a load breaks only what held before.
  const all = [...phases.flatMap((phase) => phase.objectives), ...objectives];
  const asked = [...askedByObjectives(all), ...askedFor(abortOn)];
  if (probe === undefined) return { asked };
  const tolerances = searchedObjectives(objectives).flatMap((objective) => toleranceOf(objective) ?? []);
  return { asked, search: { settleSeconds: probe.settleSeconds, tolerances } };
}

/** A phase that a search has asked for, as the search reads it; undefined of any other. */
export function probeOf(outcome: PhaseOutcome, { validity, objectives: judged }: PhaseFindings): Probe | undefined {
  const { phase, measurement, ranSeconds } = outcome;
  if (phase.probe === undefined) return undefined;
  const points = measurement.points.filter(
    ({ atSeconds, seconds }) =>
      atSeconds >= (phase.probe?.settleSeconds ?? 0) && atSeconds + seconds <= ranSeconds + 1e-3,
  );
  const settled = measurement.settled ?? measurement.within;
  const times = percentilesOf(allSteps(settled).responseTime);
  const objectives = searchedObjectives(phase.objectives);
  const tolerances = objectives.filter((objective) => toleranceOf(objective) !== undefined);
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
    ...(outcome.aborted && { aborted: outcome.aborted.condition }),
    objectives: objectives.map((objective) =>
      objectiveOf(objective, {
        seconds: points.flatMap((point) => point.searched?.beyond[tolerances.indexOf(objective)] ?? []),
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

function quantileOf({ metric }: Objective, settled: Interval): number | undefined {
  if ((metric.of !== 'responseTime' && metric.of !== 'serviceTime') || typeof metric.stat !== 'number')
    return undefined;
  const histogram = recordOf(settled, metric.steps)[metric.of];
  return histogram.totalCount === 0 ? undefined : histogram.getValueAtPercentile(metric.stat);
}

interface Given {
  /** Of an objective that is a tolerance. */
  readonly seconds: readonly BadCount[];
  readonly quantileUs: number | undefined;
  readonly verdict: PhaseFindings['verdict'];
}

function objectiveOf(objective: Objective, { seconds, quantileUs, verdict }: Given): ProbeObjective {
  const { allowedRatio } = searchObjective(objective);
  if (allowedRatio === undefined) return { verdict: simple(verdict), seconds: [] };
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
