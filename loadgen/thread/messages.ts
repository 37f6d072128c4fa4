import type { IntervalWire } from '../../lib/measure/codec.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { PhaseAssignment } from '../engine/phase.ts';

/** A plan with code of its own, and what it loads. */
export interface HookedPlan {
  readonly plan: Plan;
  readonly target: string;
}

/** Messages to a worker. */
export type ToWorker =
  | { readonly do: 'prepare'; readonly hooked: HookedPlan | undefined; readonly hasMoments: boolean }
  | { readonly do: 'run'; readonly assignment: PhaseAssignment }
  | { readonly do: 'stop' };

/** Messages from a worker. `ready` comes once, when its code is warm; `done` comes once for every `run`, after its last interval. */
export type FromWorker =
  | { readonly did: 'ready' }
  /** The answer to `prepare`. */
  | { readonly did: 'prepare'; readonly refused?: string }
  | { readonly did: 'interval'; readonly interval: IntervalWire }
  | { readonly did: 'done' };
