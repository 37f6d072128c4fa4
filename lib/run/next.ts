import type { Verdict } from '../analysis/verdict.ts';
import type { Plan } from '../plan/plan.ts';

/** What is known when the order of events is asked for: how many phases of the plan are behind, run or skipped. */
export interface RunState {
  readonly plan: Plan;
  readonly behind: number;
  /** A phase with `stopOnFail` has failed: only recovery phases are run any more. */
  readonly stopped: boolean;
}

/** How the phase that was run last came out. */
export interface LastOutcome {
  readonly verdict: Verdict;
  readonly interrupted: boolean;
}

export type Next =
  | { readonly do: 'run' | 'recover'; readonly phase: number; readonly state: RunState }
  | { readonly do: 'report' | 'stop'; readonly state: RunState };

export const startState = (plan: Plan): RunState => ({ plan, behind: 0, stopped: false });

/**
 * The next event of a run: the phase to run, `recover` where it is a recovery phase, `report` when all is done, `stop` when
 * the run was interrupted. A pure function, so that a laptop's loop and a workflow's step decide alike.
 */
export function next(state: RunState, outcome: LastOutcome | undefined): Next {
  if (outcome?.interrupted === true) return { do: 'stop', state };
  const last = state.plan.phases[state.behind - 1];
  const stopped = state.stopped || (outcome?.verdict === 'fail' && last?.stopOnFail === true);
  const phase = state.plan.phases.findIndex(({ kind }, at) => at >= state.behind && (!stopped || kind === 'recovery'));
  if (phase < 0) return { do: 'report', state: { ...state, stopped } };
  const kind = state.plan.phases[phase]?.kind;
  return { do: kind === 'recovery' ? 'recover' : 'run', phase, state: { ...state, behind: phase + 1, stopped } };
}
