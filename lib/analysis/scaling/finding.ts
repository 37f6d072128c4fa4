import { isSearch } from '../../plan/plan.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { windowOf } from '../outcome.ts';
import { alarmHistories } from './alarm-histories.ts';
import { gravestFinding } from './alarm-fired.ts';
import type { RuleFinding } from './history.ts';
import { historyOfTasks, missedPhaseMinutes } from './observed.ts';
import { type VerifyRuleName, verifyRules, verifyScaling } from './verify.ts';

/** How the service scaled while the run loaded it. */
export interface ScalingFinding {
  /** The gravest of the rules. It has no say in the run's own: a plan asks for objectives, and not for tasks. */
  readonly verdict: RuleFinding['verdict'];
  readonly rules: readonly ({ readonly rule: VerifyRuleName } & RuleFinding)[];
}

export const scalingFinding = (found: ReturnType<typeof verifyScaling>): ScalingFinding => ({
  verdict: gravestFinding(Object.values(found))?.verdict ?? 'unknown',
  rules: (Object.keys(verifyRules) as VerifyRuleName[]).map((rule) => ({ rule, ...found[rule] })),
});

/** Undefined where it was not read how many tasks ran, as on a laptop. */
export function scaling(run: AnalysedRun): ScalingFinding | undefined {
  const { plan, startedAtMs, outcomes, phases, signals, series, scaling: known } = run;
  const pointsOf = (wanted: string) => series.find(({ id }) => id === wanted)?.points ?? [];
  const running = pointsOf('service.tasks');
  if (running.length === 0) return undefined;
  const windows = outcomes.map((outcome) => windowOf(outcome, startedAtMs, []));
  const observed = {
    fromMs: startedAtMs,
    toMs: startedAtMs + 1000 * Math.max(0, ...windows.map(({ toSeconds }) => toSeconds)),
    running,
    desired: pointsOf('service.tasks-desired'),
    loads: outcomes.map(({ measurement }, at) => ({
      startSeconds: windows[at]?.fromSeconds ?? 0,
      points: measurement.points,
    })),
    // Probes of a search miss them on purpose.
    ...(!isSearch(plan) && { violatedMinutes: missedPhaseMinutes(phases) }),
  };
  const alarms = known?.alarms && alarmHistories(signals, { fromMs: startedAtMs, series }, known.alarms);
  const history = historyOfTasks(observed, known?.policy);
  return scalingFinding(verifyScaling({ ...history, ...(alarms && { alarms }) }));
}
