import type { Environment } from '../../environment/environment.ts';
import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import type { PolicyChange } from '../policy/compare.ts';
import type { DerivedPolicy } from '../policy/derive.ts';
import type { JumpCourse, Outlook } from '../policy/outlook.ts';
import type { TaskLimit } from '../policy/task-limits.ts';
import type { ServiceModel } from '../service-model.ts';
import type { TaskCapacity } from '../task-capacity.ts';

/** All that the writers draw from. */
export interface DerivedScaling extends DerivedPolicy {
  /** Name of the environment, as in config/. */
  readonly name: string;
  readonly environment: Environment | undefined;
  readonly measured: TaskCapacity;
  readonly model: ServiceModel;
  readonly inForce: ScalingPolicy;
  readonly headroomRatio: number;
  readonly limits: readonly TaskLimit[];
  readonly changes: readonly PolicyChange[];
  readonly jumps: readonly JumpCourse[];
  /** With traffic alone. */
  readonly outlook: { readonly before: Outlook; readonly after: Outlook } | undefined;
}

/** One kind of file that a policy is written as. */
export interface ScalingWriter {
  readonly fileName: (name: string) => string;
  readonly write: (derived: DerivedScaling) => string;
}
