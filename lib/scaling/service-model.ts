import type { ScalingPolicy } from '../environment/scaling-policy.ts';
import { PlimsollError } from '../errors.ts';
import { formatUs } from '../units.ts';
import { HEADROOM_RATIO } from '../analysis/scaling/headroom.ts';
import type { PolicyExtract } from './verify/policy-facts.ts';
import { DEFAULT_START_UP_SECONDS, type LoadedTime, type TaskCapacity } from './task-capacity.ts';

/** A service as the simulator sees it: tasks that are alike, each with what one was measured to carry. */
export interface ServiceModel {
  /** Requests a second of one task at which its objectives still hold. */
  readonly capacityPerSecond: number;
  /** Requests a second that it answers at the most; beyond that they queue. */
  readonly saturatedPerSecond: number;
  /** Mean CPU at the capacity. */
  readonly cpuRatio: number;
  readonly startUpSeconds: number;
  /** Response time by load, in the objective's percentile. */
  readonly curve: readonly LoadedTime[];
  /** Beyond it the objective is missed. */
  readonly limitUs: number;
  /** A request that waits longer is lost. */
  readonly patienceSeconds: number;
  /** What was assumed, for want of a measurement, in sentences. */
  readonly assumed: readonly string[];
}

const DEFAULT_LIMIT_US = 300_000;
const PATIENCE_SECONDS = 10;
/** Mean CPU where queues begin to grow. Queueing puts the knee of a server between 0.7 and 0.85. */
const KNEE = 0.75;

/** Of an unloaded task half as much as at 60 % of its capacity, and a sixth of the limit: the shape 1 / (1 − load) of one queue. */
const queueCurve = (limitUs: number): LoadedTime[] =>
  [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1].map((loadRatio) => ({
    loadRatio,
    us: limitUs / (1 + 5 * (1 - loadRatio)),
  }));

/** The model of a measured service. */
export function modelOf(measured: TaskCapacity): ServiceModel {
  const { perSecond, saturatedPerSecond, cpuRatio, startUpSeconds, startUpMeasured, curve } = measured;
  const limitUs = measured.limitUs ?? curve.at(-1)?.us ?? DEFAULT_LIMIT_US;
  const idle = curve[0]?.us ?? 0;
  return checked({
    capacityPerSecond: perSecond,
    saturatedPerSecond,
    cpuRatio: cpuRatio ?? KNEE,
    startUpSeconds,
    curve: curve.length > 1 ? curve : queueCurve(limitUs),
    limitUs,
    patienceSeconds: PATIENCE_SECONDS,
    assumed: [
      ...(cpuRatio === undefined ? [`CPU at the capacity is taken as ${KNEE}: the run did not read it.`] : []),
      ...(startUpMeasured ? [] : [`A task is taken to answer after ${startUpSeconds} s: give --start-up if you know.`]),
      ...(curve.length > 1 && idle > 0
        ? []
        : ['Response time is that of one queue: the run has too few probes for its own.']),
    ],
  });
}

/** The model that a policy file holds in `measured`, or what its own target implies where it was never measured. */
export function modelOfPolicy({ measured, tasks, requests, cpu }: ScalingPolicy): ServiceModel {
  const perTask = measured?.perTask;
  const implied = (requests.targetPerMinute / 60) * (1 + HEADROOM_RATIO);
  const capacityPerSecond =
    perTask?.capacityPerSecond ?? (measured === undefined ? implied : measured.capacityPerSecond / tasks.max);
  const cpuRatio = perTask?.cpuRatio ?? Math.min(1, cpu.targetRatio * (1 + HEADROOM_RATIO));
  return {
    capacityPerSecond,
    // Until its CPU is full a task answers more, beyond its objectives.
    saturatedPerSecond: capacityPerSecond / cpuRatio,
    cpuRatio,
    startUpSeconds: perTask?.startUpSeconds ?? DEFAULT_START_UP_SECONDS,
    curve: queueCurve(DEFAULT_LIMIT_US),
    limitUs: DEFAULT_LIMIT_US,
    patienceSeconds: PATIENCE_SECONDS,
    assumed: [
      ...(measured === undefined
        ? ['The policy was never measured: a task is taken to carry a quarter more than its own target of requests.']
        : []),
      'Response time is that of one queue with its objective at 300 ms: give --run for the measured one.',
    ],
  };
}

/** What a history under a policy is judged by, where the file itself is not at hand. */
export const policyExtract = (policy: ScalingPolicy): PolicyExtract => ({
  min: policy.tasks.min,
  max: Math.max(policy.tasks.max, ...policy.schedule.map(({ max }) => max)),
  capacityPerSecond: modelOfPolicy(policy).capacityPerSecond,
  schedule: policy.schedule.map(({ cron, timezone, min }) => ({ cron, timezone, min })),
});

/** No number of tasks holds what one misses without load. */
function checked(model: ServiceModel): ServiceModel {
  const idle = model.curve[0];
  if (idle !== undefined && idle.loadRatio < 0.5 && idle.us >= model.limitUs)
    throw new PlimsollError(
      'E-OBJECTIVES-CONTRADICT',
      `the objective allows ${formatUs(model.limitUs)}, and one task needs ${formatUs(idle.us)} at ${Math.round(100 * idle.loadRatio)} % of its load: no number of tasks holds it.`,
    );
  return model;
}

/** Response time at a load, in µs: between the measured points a straight line, beyond the last as steep as before it. */
export function responseUs({ curve }: ServiceModel, loadRatio: number): number {
  const first = curve[0] ?? { loadRatio: 0, us: 0 };
  if (loadRatio <= first.loadRatio) return first.us;
  let before = first;
  for (let at = 1; at < curve.length; at += 1) {
    const point = curve[at] ?? before;
    if (loadRatio <= point.loadRatio || at === curve.length - 1) {
      const slope = (point.us - before.us) / Math.max(1e-9, point.loadRatio - before.loadRatio);
      return before.us + slope * (loadRatio - before.loadRatio);
    }
    before = point;
  }
  return first.us;
}
