import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import type { ServiceModel } from '../service-model.ts';
import type { Host } from '../simulate/fleet.ts';
import { simulate } from '../simulate/simulate.ts';
import { USUAL_SPOT_RISK } from '../host.ts';
import { durationSecondsOf, type Traffic } from '../traffic/traffic.ts';

/** What a policy costs and gives under the traffic, simulated. */
export interface Outlook {
  /** USD a month of 730 hours, and for a million requests; undefined where no price is known. */
  readonly usdPerMonth: number | undefined;
  readonly usdPerMillion: number | undefined;
  readonly taskHoursPerMonth: number;
  readonly violatedMinutesPerMonth: number;
  readonly overProvisionedTaskHoursPerMonth: number;
}

const HOURS_A_MONTH = 730;

export function outlookOf(policy: ScalingPolicy, model: ServiceModel, host: Host, traffic: Traffic): Outlook {
  const course = simulate({ policy, model, host, spot: USUAL_SPOT_RISK }, traffic);
  const months = durationSecondsOf(traffic) / 3600 / HOURS_A_MONTH;
  return {
    usdPerMonth: course.usd && course.usd / months,
    usdPerMillion: course.usd && (course.usd * 1e6) / Math.max(1, course.served),
    taskHoursPerMonth: course.taskHours / months,
    violatedMinutesPerMonth: course.violatedMinutes / months,
    overProvisionedTaskHoursPerMonth: course.overProvisionedTaskMinutes / 60 / months,
  };
}

/** A minute after a jump of load. */
export interface JumpMinute {
  readonly minute: number;
  readonly desired: number;
  readonly running: number;
  readonly cpuRatio: number;
  readonly responseUs: number;
}

export interface JumpCourse {
  readonly factor: number;
  readonly perSecond: number;
  readonly minutes: readonly JumpMinute[];
  /** Minutes beyond the objective, and requests lost, until it is held again. */
  readonly violatedMinutes: number;
  readonly lostRatio: number;
  /** The desired count has reached the maximum. */
  readonly atMaximum: boolean;
}

const BEFORE_MINUTES = 30;
const AFTER_MINUTES = 20;

/** What happens minute by minute when load is multiplied from one moment to the next, while the policy holds its target exactly. */
export function jumpCourse(
  { policy, model, host }: { policy: ScalingPolicy; model: ServiceModel; host: Host },
  basePerSecond: number,
  factor: number,
): JumpCourse {
  const steady: ScalingPolicy = { ...policy, schedule: [] };
  const rates = Array.from({ length: BEFORE_MINUTES + AFTER_MINUTES }, (_, minute) =>
    minute < BEFORE_MINUTES ? basePerSecond : basePerSecond * factor,
  );
  const traffic: Traffic = { name: `× ${factor}`, timezone: 'UTC', startMs: 0, stepSeconds: 60, perSecond: rates };
  const course = simulate({ policy: steady, model, host, spot: { perTaskHour: 0, seed: 1 } }, traffic);
  const minutes = Array.from({ length: AFTER_MINUTES }, (_, minute) => {
    const at = BEFORE_MINUTES + minute;
    return {
      minute,
      desired: course.minutes.desired[at] ?? 0,
      running: course.minutes.running[at] ?? 0,
      cpuRatio: course.minutes.cpuRatio[at] ?? 0,
      responseUs: course.minutes.responseUs[at] ?? 0,
    };
  });
  return {
    factor,
    perSecond: basePerSecond * factor,
    minutes,
    violatedMinutes: course.violatedMinutes,
    lostRatio: course.dropped / Math.max(1, course.arrivals),
    atMaximum: minutes.some(({ desired }) => desired >= policy.tasks.max),
  };
}
