import type { IntervalWire } from '../../lib/measure/codec.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { PhaseAssignment } from '../engine/phase.ts';

/** Messages to a worker. */
export type ToWorker =
  | { readonly do: 'prepare'; readonly plan: Plan; readonly target: string }
  | { readonly do: 'run'; readonly assignment: PhaseAssignment }
  | { readonly do: 'stop' };

/** Messages from a worker. `ready` comes once, when its code is warm; `done` comes once for every `run`, after its last interval. */
export type FromWorker =
  | { readonly did: 'ready' }
  /** The answer to `prepare`. */
  | { readonly did: 'prepare'; readonly refused?: string }
  | { readonly did: 'interval'; readonly interval: IntervalWire }
  | { readonly did: 'done' };
