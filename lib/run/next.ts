import { journeySeconds, settingsOf } from '../analysis/capacity/settings.ts';
import type { Probe } from '../analysis/capacity/probe.ts';
import { nextProbe } from '../analysis/capacity/search.ts';
import type { Verdict } from '../analysis/verdict.ts';
import type { Phase } from '../plan/phase.ts';
import { probePhase } from '../plan/capacity.ts';
import { isSearch, type Plan } from '../plan/plan.ts';

/** How far a run has come: what it was handed, besides its plan. Plain JSON. */
export interface Progress {
  /** Phases that were handed out to be run. */
  readonly handedOut: number;
  /** Phases of the plan that were handed out or skipped. */
  readonly passed: number;
  /** A phase with `stopOnFail` has failed, or one was ended by its `abortOn`: only recovery phases are run any more. */
  readonly stopped: boolean;
}

export interface RunState extends Progress {
  readonly plan: Plan;
}

/** How the phase that was run last came out. */
export interface LastOutcome {
  readonly phase: Phase;
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  /** One of its conditions ended it. */
  readonly aborted?: boolean;
}

/** A phase to be run, `number` among those that were handed out, from 0: its place in the archive. */
export interface NumberedPhase {
  readonly number: number;
  readonly phase: Phase;
}

export type Next =
  | (NumberedPhase & { readonly do: 'run' | 'recover'; readonly state: RunState })
  | { readonly do: 'report' | 'stop'; readonly state: RunState };

export const NOT_BEGUN: Progress = { handedOut: 0, passed: 0, stopped: false };

/**
 * The next event of a run: the phase to run, `recover` where it is a recovery phase, `report` when all is done, `stop` when
 * the run was interrupted. A pure function, so that a laptop's loop and a workflow's step decide alike. `probes` are those of a
 * search so far.
 */
export function next(state: RunState, outcome?: LastOutcome, probes: readonly Probe[] = []): Next {
  if (outcome?.interrupted === true) return { do: 'stop', state };
  return isSearch(state.plan) ? nextOfSearch(state, probes) : nextOfPlan(state, outcome);
}

function nextOfSearch(state: RunState, probes: readonly Probe[]): Next {
  const { plan, handedOut: number } = state;
  const step = nextProbe(settingsOf(plan), probes);
  if (step.do === 'end') return { do: 'report', state };
  const journey = journeySeconds(plan);
  const load = { ...step, seconds: step.seconds + journey, settleSeconds: step.settleSeconds + journey };
  const phase = probePhase(plan.capacity, load, number);
  const handedOut = number + 1;
  return { do: 'run', number, phase, state: { ...state, handedOut, passed: handedOut } };
}

function nextOfPlan(state: RunState, outcome: LastOutcome | undefined): Next {
  const failed = outcome?.verdict === 'fail' && outcome.phase.stopOnFail;
  const stopped = state.stopped || failed || outcome?.aborted === true;
  const at = state.plan.phases.findIndex(({ kind }, i) => i >= state.passed && (!stopped || kind === 'recovery'));
  const phase = state.plan.phases[at];
  if (phase === undefined) return { do: 'report', state: { ...state, stopped } };
  const number = state.handedOut;
  return {
    do: phase.kind === 'recovery' ? 'recover' : 'run',
    number,
    phase,
    state: { ...state, handedOut: number + 1, passed: at + 1, stopped },
  };
}
