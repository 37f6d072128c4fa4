import { z } from 'zod';
import { addPacked } from './histogram.ts';
import { addHooks, emptyInterval, INTERVAL_FORMAT, stepOf, type Interval, type StepRecord } from './interval.ts';
import { addTransfers, emptyParts, partNames, type PartTimes } from './transfer.ts';
import { addCase } from './cases.ts';
import { addArrivals, addLedger } from './ledger.ts';

const count = z.int().min(0);
const packed = z.string();
const ledgerWire = z.strictObject({
  sent: count,
  ok: count,
  failed: count,
  timedOut: count,
  cut: count,
  failures: z.record(z.string(), count),
  examples: z.record(z.string(), z.string()).optional(),
});
const caseWire = z.strictObject({
  kind: z.string(),
  atUs: z.number(),
  status: z.int().optional(),
  text: z.string().optional(),
});
const transfersWire = z.strictObject({ bytesSent: count, bytesReceived: count, opened: count, reused: count });
const partsWire = z.strictObject({
  lookup: packed,
  connect: packed,
  tls: packed,
  firstByte: packed,
  body: packed,
  whole: packed,
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
    drops: z.record(z.string(), count).optional(),
    requests: z.number().optional(),
    late: count.optional(),
  }),
  userUs: z.number(),
  startDelay: packed,
  generator: z.strictObject({
    cpuUs: z.number(),
    wallUs: z.number(),
    busiestRatio: z.number(),
    eventLoopDelay: packed,
    garbageCollection: packed,
    hooks: z.record(z.string(), z.strictObject({ calls: count, busyUs: z.number(), longestUs: z.number() })).optional(),
  }),
  steps: z.array(
    z.strictObject({
      step: count,
      ledger: ledgerWire,
      responseTime: packed,
      serviceTime: packed,
      /** Older recordings have none. */
      transfers: transfersWire.optional(),
      parts: partsWire.optional(),
      cases: z.array(caseWire).optional(),
    }),
  ),
});

export type IntervalWire = z.infer<typeof wire>;

/** Checks what comes from a file or another process. Throws ZodError when it is not of the format. */
export const parseInterval = (value: unknown): IntervalWire => wire.parse(value);

type StepWire = IntervalWire['steps'][number];

function addWireTransfers(into: StepRecord, { transfers, parts, serviceTime }: StepWire): void {
  if (transfers === undefined) {
    // How these times were spent was not looked at.
    if (serviceTime !== '') addPacked((into.parts ??= emptyParts()).whole, serviceTime);
    return;
  }
  addTransfers(into.transfers, transfers);
  if (parts === undefined) return;
  const own: PartTimes = (into.parts ??= emptyParts());
  for (const name of partNames) addPacked(own[name], parts[name]);
  addPacked(own.whole, parts.whole);
}

/** Adds a written interval to another, without making one of it first. Throws RangeError where a histogram is broken. */
export function addWire(into: Interval, from: IntervalWire): void {
  addArrivals(into.arrivals, from.arrivals);
  into.userUs += from.userUs;
  addPacked(into.startDelay, from.startDelay);
  for (const step of from.steps) {
    const record = stepOf(into, step.step);
    addLedger(record.ledger, step.ledger);
    addPacked(record.responseTime, step.responseTime);
    addPacked(record.serviceTime, step.serviceTime);
    addWireTransfers(record, step);
    for (const each of step.cases ?? []) addCase(record.cases, each);
  }
  into.generator.cpuUs += from.generator.cpuUs;
  into.generator.wallUs += from.generator.wallUs;
  into.generator.busiestRatio = Math.max(into.generator.busiestRatio, from.generator.busiestRatio);
  addPacked(into.generator.eventLoopDelay, from.generator.eventLoopDelay);
  addPacked(into.generator.garbageCollection, from.generator.garbageCollection);
  addHooks(into.generator, from.generator.hooks);
}

export function decodeInterval(from: IntervalWire): Interval {
  const interval = emptyInterval();
  addWire(interval, from);
  return interval;
}
