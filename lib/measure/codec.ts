import { z } from 'zod';
import { fromPairs, toPairs } from './histogram.ts';
import type { Interval, StepRecord } from './interval.ts';

/** One line of `intervals.ndjson`: one second of one phase as one worker saw it. */
export const INTERVAL_FORMAT = 'plimsoll.interval.v1';

const count = z.int().min(0);
const pairs = z.array(count);
const ledger = z.strictObject({
  sent: count,
  ok: count,
  failed: count,
  timedOut: count,
  cut: count,
  failures: z.record(z.string(), count),
});
const wire = z.strictObject({
  format: z.literal(INTERVAL_FORMAT),
  phase: count,
  worker: count,
  second: count,
  arrivals: z.strictObject({
    due: count,
    started: count,
    dropped: count,
    completed: count,
    abandoned: count,
    cut: count,
  }),
  userUs: z.number(),
  startDelay: pairs,
  generator: z.strictObject({
    cpuUs: z.number(),
    wallUs: z.number(),
    busiestRatio: z.number(),
    eventLoopDelay: pairs,
    garbageCollection: pairs,
  }),
  steps: z.array(z.strictObject({ step: count, ledger, responseTime: pairs, serviceTime: pairs })),
});

/** Where an interval belongs: phase, worker, and second since the phase's start. */
export interface IntervalKey {
  readonly phase: number;
  readonly worker: number;
  readonly second: number;
}

export type IntervalWire = z.infer<typeof wire>;

export function encodeInterval({ phase, worker, second }: IntervalKey, interval: Interval): IntervalWire {
  const { eventLoopDelay, garbageCollection, ...generator } = interval.generator;
  return {
    format: INTERVAL_FORMAT,
    phase,
    worker,
    second,
    arrivals: interval.arrivals,
    userUs: interval.userUs,
    startDelay: toPairs(interval.startDelay),
    generator: {
      ...generator,
      eventLoopDelay: toPairs(eventLoopDelay),
      garbageCollection: toPairs(garbageCollection),
    },
    steps: Array.from(interval.steps, ([step, record]) => ({
      step,
      ledger: record.ledger,
      responseTime: toPairs(record.responseTime),
      serviceTime: toPairs(record.serviceTime),
    })),
  };
}

/** Checks what comes from a file or another process. Throws ZodError when it is not of the format. */
export const parseInterval = (value: unknown): IntervalWire => wire.parse(value);

export function decodeInterval(from: IntervalWire): Interval {
  const { eventLoopDelay, garbageCollection, ...generator } = from.generator;
  return {
    arrivals: { ...from.arrivals },
    userUs: from.userUs,
    startDelay: fromPairs(from.startDelay),
    generator: {
      ...generator,
      eventLoopDelay: fromPairs(eventLoopDelay),
      garbageCollection: fromPairs(garbageCollection),
    },
    steps: new Map(from.steps.map((step): [number, StepRecord] => [step.step, decodeStep(step)])),
  };
}

function decodeStep(step: IntervalWire['steps'][number]): StepRecord {
  return {
    ledger: { ...step.ledger, failures: { ...step.ledger.failures } },
    responseTime: fromPairs(step.responseTime),
    serviceTime: fromPairs(step.serviceTime),
  };
}
