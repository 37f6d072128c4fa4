import type { Environment } from '../../environment/environment.ts';
import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { hostOf } from '../host.ts';
import { modelOf } from '../service-model.ts';
import type { TaskCapacity } from '../task-capacity.ts';
import type { Traffic } from '../traffic/traffic.ts';
import type { DerivedScaling } from '../writers/written.ts';
import { comparePolicies } from './compare.ts';
import { derivePolicy } from './derive.ts';
import { jumpCourse, outlookOf } from './outlook.ts';
import { taskLimits } from './task-limits.ts';

export interface Proposal {
  readonly name: string;
  readonly environment: Environment | undefined;
  readonly inForce: ScalingPolicy;
  readonly measured: TaskCapacity;
  readonly headroomRatio: number;
  readonly traffic: Traffic | undefined;
}

/** Jumps of load that the process page follows minute by minute. */
const JUMPS = [1.25, 2, 10];

/**
 * The policy that follows from a measurement, held against the one in force: what changes, what it costs, and what a jump does.
 * @throws PlimsollError E-SCALING-IMPOSSIBLE, E-OBJECTIVES-CONTRADICT
 */
export function proposePolicy(proposal: Proposal): DerivedScaling {
  const { environment, inForce, measured, headroomRatio, traffic } = proposal;
  const limits = taskLimits(environment?.staging, measured);
  const leastMax = environment?.loadTest?.mitigation?.desiredTasks;
  const model = modelOf(measured);
  const derived = derivePolicy({ measured, inForce, limits, headroomRatio, traffic, leastMax });
  const { policy, reasons } = derived;
  const host = hostOf(environment);
  const steadyPerSecond = (policy.tasks.min * policy.requests.targetPerMinute) / 60;
  return {
    ...proposal,
    ...derived,
    model,
    limits,
    changes: comparePolicies(inForce, policy, reasons),
    jumps: JUMPS.map((factor) => jumpCourse({ policy, model, host }, steadyPerSecond * 0.999, factor)),
    outlook:
      traffic &&
      ({ before: outlookOf(inForce, model, host, traffic), after: outlookOf(policy, model, host, traffic) } as const),
  };
}
