import type { IntervalWire } from '../../lib/measure/codec.ts';
import type { PhaseOrder } from '../engine/phase.ts';

/** What a worker is told. */
export type ToWorker = { readonly do: 'run'; readonly order: PhaseOrder } | { readonly do: 'stop' };

/** What a worker tells. `ready` comes once, when its code is warm; `done` comes once for every `run`, after its last interval. */
export type FromWorker =
  | { readonly did: 'ready' }
  | { readonly did: 'interval'; readonly interval: IntervalWire }
  | { readonly did: 'done' };
