import type { PhaseOutcome } from '../../../lib/analysis/outcome.ts';
import { record } from '../../../lib/measure/histogram.ts';
import { emptyInterval, stepOf, type Interval } from '../../../lib/measure/interval.ts';
import type { ArrivalLedger } from '../../../lib/measure/ledger.ts';
import { MeasurementBuilder } from '../../../lib/measure/measurement.ts';
import { parseObjective, type Objective } from '../../../lib/plan/objective.ts';
import type { Phase, PhaseKind } from '../../../lib/plan/phase.ts';

/** What happened in one second, for step 0. Arrivals close by themselves: each request is a journey of its own. */
export interface Second {
  readonly ok?: number;
  readonly failed?: Readonly<Record<string, number>>;
  readonly timedOut?: number;
  readonly cut?: number;
  readonly dropped?: number;
  /** Dropped for want of a row. */
  readonly withoutRow?: number;
  /** Of every request that ended; default 1,000 µs and the start delay. */
  readonly responseUs?: number;
  /** Default: the response time without the start delay. */
  readonly serviceUs?: number;
  readonly startDelayUs?: number;
  readonly loopDelayUs?: number;
  readonly cpuRatio?: number;
  /** One collection of garbage, in a second of wall time. */
  readonly garbageUs?: number;
  readonly users?: number;
}

/** Arrivals of one request each. */
function arrivalsOf(
  { ok = 0, dropped = 0, withoutRow = 0 }: Second,
  { ended, failed, cut }: { ended: number; failed: number; cut: number },
): ArrivalLedger {
  const drops = withoutRow === 0 ? {} : { drops: { feeder: withoutRow } };
  const all = dropped + withoutRow;
  const started = ended + cut;
  return { due: started + all, started, dropped: all, completed: ok, abandoned: failed, cut, ...drops };
}

export function intervalOf(second: Second): Interval {
  const { ok = 0, failed = {}, timedOut = 0, cut = 0, cpuRatio = 0.1 } = second;
  const interval = emptyInterval();
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  const ended = ok + failures + timedOut;
  const { ledger, responseTime, serviceTime } = stepOf(interval, 0);
  Object.assign(ledger, { sent: ended + cut, ok, failed: failures, timedOut, cut, failures: { ...failed } });
  Object.assign(interval.arrivals, arrivalsOf(second, { ended, failed: failures + timedOut, cut }));
  const delayUs = second.startDelayUs ?? 0;
  const responseUs = second.responseUs ?? 1000 + delayUs;
  for (let request = 0; request < ended; request += 1) {
    record(responseTime, responseUs);
    record(serviceTime, second.serviceUs ?? responseUs - delayUs);
    if (second.startDelayUs !== undefined) record(interval.startDelay, second.startDelayUs);
  }
  if (second.loopDelayUs !== undefined) record(interval.generator.eventLoopDelay, second.loopDelayUs);
  if (second.garbageUs !== undefined) record(interval.generator.garbageCollection, second.garbageUs);
  interval.generator.wallUs = 1e6;
  interval.generator.cpuUs = cpuRatio * 1e6;
  interval.generator.busiestRatio = cpuRatio;
  interval.userUs = (second.users ?? 1) * 1e6;
  return interval;
}

export interface PhaseShape {
  readonly name?: string;
  readonly kind?: PhaseKind;
  readonly model?: 'open' | 'closed';
  readonly seconds?: number;
  readonly level?: number;
  readonly objectives?: readonly string[];
  readonly stopOnFail?: boolean;
}

export function objective(text: string): Objective {
  const parsed = parseObjective(text);
  if (parsed === undefined) throw new Error(`no objective: ${text}`);
  return parsed;
}

export function phaseOf(shape: PhaseShape = {}): Phase {
  const { kind = 'sustained', seconds = 10, level = 10 } = shape;
  return {
    name: shape.name ?? kind,
    kind,
    model: shape.model ?? 'open',
    segments: [{ durationUs: seconds * 1e6, from: level, to: level }],
    durationUs: seconds * 1e6,
    process: 'uniform',
    patienceUs: 5e6,
    objectives: (shape.objectives ?? []).map(objective),
    stopOnFail: shape.stopOnFail ?? false,
  };
}

interface Circumstances {
  readonly startedAtMs?: number;
  readonly ranSeconds?: number;
  readonly lost?: string;
}

/** A phase measured second by second; it lasts as many seconds as are given, unless the shape says otherwise. */
export const outcomeOf = (
  shape: PhaseShape,
  seconds: readonly Second[],
  circumstances: Circumstances = {},
): PhaseOutcome =>
  measuredIn(
    shape,
    seconds.map((second, at) => [at, intervalOf(second)] as const),
    { length: seconds.length, ...circumstances },
  );

/** The same of intervals, of which several may be of one second. */
export function measuredIn(
  shape: PhaseShape,
  intervals: readonly (readonly [second: number, interval: Interval])[],
  { startedAtMs = 0, ranSeconds, lost, length = 1 }: Circumstances & { readonly length?: number } = {},
): PhaseOutcome {
  const phase = phaseOf({ seconds: Math.max(1, length), ...shape });
  const builder = new MeasurementBuilder(phase.durationUs / 1e6);
  for (const [second, interval] of intervals) builder.add(second, interval);
  const ran = ranSeconds ?? phase.durationUs / 1e6;
  return { phase, startedAtMs, ranSeconds: ran, measurement: builder.build(), ...(lost !== undefined && { lost }) };
}

export const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
