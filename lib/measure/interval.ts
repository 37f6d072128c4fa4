import { addCase, type FailureCase } from './cases.ts';
import { addArrivals, addLedger, emptyArrivals, emptyLedger, type ArrivalLedger, type Ledger } from './ledger.ts';
import { addHistogram, emptyHistogram, type Histogram } from './histogram.ts';
import {
  addParts,
  addTransfers,
  emptyParts,
  emptyTransfers,
  mapParts,
  type PartTimes,
  type TransferCounts,
} from './transfer.ts';

/** One line of the stored intervals: one second of one phase as one worker saw it. */
export const INTERVAL_FORMAT = 'plimsoll.interval.v1';

/** What happened to one scenario step. Both times hold every reply and every time-out, failed ones too; cut requests have none. */
export interface StepRecord {
  readonly ledger: Ledger;
  readonly responseTime: Histogram;
  readonly serviceTime: Histogram;
  readonly transfers: TransferCounts;
  /** Where any request did more than wait for its reply. */
  parts?: PartTimes | undefined;
  /** Examples of its failures, few and different. */
  readonly cases: FailureCase[];
}

/** Calls of one hook. */
export interface HookRecord {
  calls: number;
  /** No other hook could be called for so long, in µs: what a hook waits for is not in it. */
  busyUs: number;
  longestUs: number;
}

/** What the generator says of itself. All of it adds up over seconds and workers; `busiestRatio` takes the largest. */
export interface GeneratorRecord {
  cpuUs: number;
  wallUs: number;
  busiestRatio: number;
  readonly eventLoopDelay: Histogram;
  /** Pauses for garbage collection. */
  readonly garbageCollection: Histogram;
  /** By name; only of plans that have hooks. */
  hooks?: Record<string, HookRecord> | undefined;
}

/**
 * The record of some seconds of a phase: one second as it comes from a worker, or many merged. Everything in it adds up,
 * so merging is associative and commutative and `emptyInterval` changes nothing. An event counts where it happened: a
 * request sent in one second and answered in the next stands in both, and the ledger closes over the phase.
 */
export interface Interval {
  readonly arrivals: ArrivalLedger;
  /** Integral of the arrivals (open) or users (closed) under way, in µs; divided by time it is the mean number. */
  userUs: number;
  /** By the step's number in the plan. */
  readonly steps: Map<number, StepRecord>;
  readonly startDelay: Histogram;
  readonly generator: GeneratorRecord;
}

export const emptyStep = (): StepRecord => ({
  ledger: emptyLedger(),
  responseTime: emptyHistogram(),
  serviceTime: emptyHistogram(),
  transfers: emptyTransfers(),
  cases: [],
});

export const emptyInterval = (): Interval => ({
  arrivals: emptyArrivals(),
  userUs: 0,
  steps: new Map(),
  startDelay: emptyHistogram(),
  generator: {
    cpuUs: 0,
    wallUs: 0,
    busiestRatio: 0,
    eventLoopDelay: emptyHistogram(),
    garbageCollection: emptyHistogram(),
  },
});

/**
 * Empties an interval and goes on using its memory: one takes some hundred kB, and a new one every second would soon be garbage
 * to collect.
 */
export function emptyAgain(interval: Interval): void {
  const { arrivals, steps, startDelay, generator } = interval;
  Object.assign(arrivals, emptyArrivals(), { drops: undefined, requests: undefined, late: undefined });
  interval.userUs = 0;
  startDelay.reset();
  for (const { ledger, responseTime, serviceTime, transfers, parts, cases } of steps.values()) {
    delete ledger.examples;
    cases.length = 0;
    Object.assign(ledger, emptyLedger());
    responseTime.reset();
    serviceTime.reset();
    Object.assign(transfers, emptyTransfers());
    if (parts !== undefined) mapParts(parts, (histogram) => histogram.reset());
  }
  Object.assign(generator, { cpuUs: 0, wallUs: 0, busiestRatio: 0 });
  delete generator.hooks;
  generator.eventLoopDelay.reset();
  generator.garbageCollection.reset();
}

/** The record of `step`, made when it is first asked for. */
export function stepOf(interval: Interval, step: number): StepRecord {
  let found = interval.steps.get(step);
  if (found === undefined) interval.steps.set(step, (found = emptyStep()));
  return found;
}

export function addInterval(into: Interval, other: Interval): void {
  addArrivals(into.arrivals, other.arrivals);
  into.userUs += other.userUs;
  addHistogram(into.startDelay, other.startDelay);
  for (const [step, record] of other.steps) addStep(stepOf(into, step), record);
  into.generator.cpuUs += other.generator.cpuUs;
  into.generator.wallUs += other.generator.wallUs;
  into.generator.busiestRatio = Math.max(into.generator.busiestRatio, other.generator.busiestRatio);
  addHistogram(into.generator.eventLoopDelay, other.generator.eventLoopDelay);
  addHistogram(into.generator.garbageCollection, other.generator.garbageCollection);
  addHooks(into.generator, other.generator.hooks);
}

export function addHooks(into: GeneratorRecord, hooks: Readonly<Record<string, HookRecord>> = {}): void {
  for (const [name, { calls, busyUs, longestUs }] of Object.entries(hooks)) {
    const sum = ((into.hooks ??= {})[name] ??= { calls: 0, busyUs: 0, longestUs: 0 });
    sum.calls += calls;
    sum.busyUs += busyUs;
    sum.longestUs = Math.max(sum.longestUs, longestUs);
  }
}

export function addStep(into: StepRecord, other: StepRecord): void {
  addLedger(into.ledger, other.ledger);
  addHistogram(into.responseTime, other.responseTime);
  addHistogram(into.serviceTime, other.serviceTime);
  addTransfers(into.transfers, other.transfers);
  if (other.parts !== undefined) addParts((into.parts ??= emptyParts()), other.parts);
  for (const each of other.cases) addCase(into.cases, each);
}

export function merge(intervals: Iterable<Interval>): Interval {
  const sum = emptyInterval();
  for (const interval of intervals) addInterval(sum, interval);
  return sum;
}

/** All steps together. */
export function allSteps(interval: Interval): StepRecord {
  const sum = emptyStep();
  for (const record of interval.steps.values()) addStep(sum, record);
  return sum;
}
