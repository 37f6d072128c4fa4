import type { Resource } from '../../signals/signal.ts';
import type { Observation } from './evidence.ts';
import type { Facts } from './facts.ts';

/** A way in which a system may give way. */
export interface Hypothesis {
  /** By which the ranked list calls it; finer than the resource. */
  readonly name: string;
  /** Whose exhaustion or failure it is. */
  readonly accuses: Resource;
  readonly weigh: (facts: Facts) => readonly Observation[];
  /** What follows from it, by name: where it holds, those hold too and are no causes. */
  readonly causes: readonly string[];
  readonly remedy: (facts: Facts) => string;
  /** Signals by which it would be decided where none of them was read. */
  readonly decidedBy: readonly string[];
  /** Signals that were not read and would distinguish it from what looks the same, as far as this run leaves that open; with one of them it is no more than possible. */
  readonly leftOpenBy?: (facts: Facts) => readonly string[];
  /** Something else is its cause, whatever that is: while signals of that are missing, nothing is accused. */
  readonly follows?: (facts: Facts) => boolean;
  /** Few systems export what decides it, so that its lack casts no doubt on others. */
  readonly seldomRead?: true;
  /** While it holds, the service's CPU and the database have little to do. */
  readonly idles?: true;
}

/** What follows where reads that a cache should answer reach the database. */
export const READS_UNCACHED: readonly string[] = [
  'slow-statements',
  'connection-pool',
  'connection-leak',
  'worker-pool',
  'database-cpu',
  'missing-index',
  'service-cpu',
];
