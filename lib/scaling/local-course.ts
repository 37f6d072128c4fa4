import type { ScalingPolicy } from '../environment/scaling-policy.ts';
import { modelOfPolicy, type ServiceModel } from './service-model.ts';
import { TICK_SECONDS } from './simulate/metric.ts';
import type { Simulation } from './simulate/simulation.ts';
import type { ScalingHistory } from '../analysis/scaling/history.ts';

/** What was seen in one tick of a demonstration, which stands for 20 seconds. */
export interface LocalTick {
  readonly perSecond: number;
  readonly running: number;
  /** After the tick. */
  readonly desired: number;
  readonly least: number;
  readonly cause: string;
  /** Beyond the limit on response time, or more than 1 % failed. */
  readonly missed: boolean;
}

const TICKS_A_MINUTE = 60 / TICK_SECONDS;
const TICK_MS = TICK_SECONDS * 1000;

/** A task with so many slots, as slow as the policy's own model needs it to be: it answers as much at the most. */
export const serviceMsOf = (policy: ScalingPolicy, slots: number): number =>
  (1000 * slots) / modelOfPolicy(policy).saturatedPerSecond;

/** Use of the slots from which on requests wait noticeably. */
const FULL = 0.95;

/** A task of a demonstration: in real time, of which one second stands for `compress` of the policy's. */
export interface LocalTask {
  readonly serviceMs: number;
  readonly startUpMs: number;
  readonly compress: number;
}

/**
 * The demonstration's task as the simulator sees it: its slots are its CPU, and it answers in the same time until they are full; what
 * comes beyond that waits, which the simulator adds. Rates are real and the clock is not: a queue that grows in a real second by as many
 * requests as in a second of the policy has `compress` of those to grow. So every time is longer by that, the limit too.
 */
export function localModel(policy: ScalingPolicy, { serviceMs, startUpMs, compress }: LocalTask): ServiceModel {
  const model = modelOfPolicy(policy);
  const us = 1000 * serviceMs * compress;
  return {
    ...model,
    capacityPerSecond: FULL * model.saturatedPerSecond,
    cpuRatio: FULL,
    startUpSeconds: (startUpMs * compress) / 1000,
    curve: [0, 1].map((loadRatio) => ({ loadRatio, us })),
    limitUs: model.limitUs * compress,
    assumed: [],
  };
}

/** Of ticks in a row from `startMs` on, a history that the same rules judge as one of AWS. */
export function historyOfTicks(
  ticks: readonly LocalTick[],
  startMs: number,
  { tasks }: ScalingPolicy,
  { capacityPerSecond }: ServiceModel,
): ScalingHistory {
  const atMs = (tick: number): number => startMs + tick * TICK_MS;
  return {
    fromMs: startMs,
    toMs: atMs(ticks.length),
    min: tasks.min,
    max: tasks.max,
    counts: ticks.map(({ perSecond, running, desired, least }, tick) => ({
      atMs: atMs(tick),
      desired,
      running,
      least,
      needed: Math.max(1, Math.ceil(perSecond / capacityPerSecond)),
    })),
    activities: ticks.slice(1).flatMap(({ desired, cause }, i) => {
      const from = ticks[i]?.desired ?? desired;
      return desired === from ? [] : [{ atMs: atMs(i + 2), from, to: desired, cause }];
    }),
    alarms: [],
    violatedMinutes: missedMinutes(ticks),
  };
}

/** Minutes of which any part was missed. */
export const missedMinutes = (ticks: readonly LocalTick[]): number =>
  new Set(ticks.flatMap(({ missed }, tick) => (missed ? [Math.floor(tick / TICKS_A_MINUTE)] : []))).size;

/** How a demonstration went, beside how the simulator says that it goes. */
export interface CourseComparison {
  /** Of all minutes, the share in which desired tasks were within one of the simulator's. */
  readonly withinOneRatio: number;
  readonly furthestTasks: number;
  readonly missedMinutes: { readonly measured: number; readonly simulated: number };
}

export function compareCourse(ticks: readonly LocalTick[], { minutes, violatedMinutes }: Simulation): CourseComparison {
  const apart = Array.from(minutes.desired, (simulated, minute) => {
    // A minute of the simulation has what was desired in its last tick, before what is decided at its end.
    const tick = ticks[(minute + 1) * TICKS_A_MINUTE - 2];
    return tick === undefined ? 0 : Math.abs(tick.desired - simulated);
  });
  return {
    withinOneRatio: apart.filter((each) => each <= 1).length / apart.length,
    furthestTasks: Math.max(0, ...apart),
    missedMinutes: { measured: missedMinutes(ticks), simulated: violatedMinutes },
  };
}
