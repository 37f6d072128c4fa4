import { merge, type Interval } from '../measure/interval.ts';
import { isSearch } from '../plan/plan.ts';
import type { AnalysedRun } from './analysed-run.ts';
import { judge } from './objectives.ts';
import { windowOf, type PhaseOutcome } from './outcome.ts';
import type { JudgedObjective } from './phase.ts';
import { orNull } from '../measure/times.ts';
import { gravest, phasesThatCount, type Verdict } from './verdict.ts';

/** The plan's `runObjectives`, judged over these phases together. */
export interface RunObjectives {
  readonly verdict: Verdict;
  readonly phases: readonly string[];
  readonly objectives: readonly JudgedObjective[];
}

/** Undefined where the plan has none, or no phase was run. A figure that a void phase is part of, or that a stopped run lacks phases for, is no verdict. */
export function runObjectives(run: AnalysedRun): RunObjectives | undefined {
  const { plan, outcomes, phases, series, startedAtMs, interrupted } = run;
  const counting = phasesThatCount(phases);
  const counted = outcomes.filter((_, number) => counting.some((phase) => phase === phases[number]));
  if (plan.runObjectives === undefined || isSearch(plan) || counted.length === 0) return undefined;
  const windows = counted.map((outcome) => windowOf(outcome, startedAtMs, series));
  const isWhole = !interrupted && counting.every(({ validity }) => validity.verdict === 'valid');
  const whole = together(counted);
  const objectives = plan.runObjectives.map((objective): JudgedObjective => {
    const { value, verdict, ...judged } = judge(objective, whole, ...windows);
    return { ...judged, value: orNull(value), verdict: isWhole ? verdict : 'unknown' };
  });
  const names = counted.map(({ phase }) => phase.name);
  return { verdict: gravest(objectives.map(({ verdict }) => verdict)), phases: names, objectives };
}

/** Counts and histograms are added, so a percentile is that of all requests. */
function together(outcomes: readonly PhaseOutcome[]) {
  const all = (read: (outcome: PhaseOutcome) => Interval): Interval => merge(outcomes.map(read));
  return {
    ranSeconds: outcomes.reduce((sum, { ranSeconds }) => sum + ranSeconds, 0),
    measurement: {
      total: all(({ measurement }) => measurement.total),
      within: all(({ measurement }) => measurement.within),
    },
  };
}
