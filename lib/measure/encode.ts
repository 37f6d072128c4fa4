import type { IntervalWire } from './codec.ts';
import { packHistogram } from './histogram.ts';
import { INTERVAL_FORMAT, type Interval } from './interval.ts';
import { isEmpty } from './ledger.ts';
import { mapParts } from './transfer.ts';

/** Where an interval belongs: phase, worker, and second since the phase's start. */
export interface IntervalKey {
  readonly phase: number;
  readonly worker: number;
  readonly second: number;
}

/** As it is written; nothing of it is shared with `interval`. */
export function encodeInterval({ phase, worker, second }: IntervalKey, interval: Interval): IntervalWire {
  const { eventLoopDelay, garbageCollection, hooks, ...generator } = interval.generator;
  return {
    format: INTERVAL_FORMAT,
    phase,
    worker,
    second,
    arrivals: { ...interval.arrivals },
    userUs: interval.userUs,
    startDelay: packHistogram(interval.startDelay),
    generator: {
      ...generator,
      eventLoopDelay: packHistogram(eventLoopDelay),
      garbageCollection: packHistogram(garbageCollection),
      ...(hooks !== undefined && { hooks }),
    },
    steps: Array.from(interval.steps).flatMap(
      ([step, { ledger, responseTime, serviceTime, transfers, parts, cases }]) =>
        isEmpty(ledger)
          ? []
          : {
              step,
              ledger: { ...ledger, ...(ledger.examples !== undefined && { examples: { ...ledger.examples } }) },
              responseTime: packHistogram(responseTime),
              serviceTime: packHistogram(serviceTime),
              transfers: { ...transfers },
              ...(parts !== undefined && parts.whole.totalCount > 0 && { parts: mapParts(parts, packHistogram) }),
              ...(cases.length > 0 && { cases: [...cases] }),
            },
    ),
  };
}
