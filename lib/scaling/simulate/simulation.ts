import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import type { ServiceModel } from '../service-model.ts';
import type { Host, SpotRisk } from './fleet.ts';

/** All that is simulated but the traffic. */
export interface SimulatedSystem {
  readonly policy: ScalingPolicy;
  readonly model: ServiceModel;
  readonly host: Host;
  readonly spot: SpotRisk;
}

/** A change of the desired count. */
export interface SimulatedActivity {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  /** `cpu`, `requests`, `jump`, `scale-in`, `predictive` or the name of a scheduled entry. */
  readonly cause: string;
}

/** One figure a minute. */
export interface SimulatedMinutes {
  readonly perSecond: Float64Array;
  readonly desired: Float64Array;
  readonly running: Float64Array;
  /** The fewest that schedule and forecast allow. */
  readonly least: Float64Array;
  readonly cpuRatio: Float64Array;
  /** The worst of the minute, in the percentile of the objective. */
  readonly responseUs: Float64Array;
}

export interface Simulation {
  readonly startMs: number;
  readonly minutes: SimulatedMinutes;
  readonly activities: readonly SimulatedActivity[];
  /** arrivals = served + dropped + queued, exactly. */
  readonly arrivals: number;
  readonly served: number;
  readonly dropped: number;
  readonly queued: number;
  /** Minutes in which a part at least missed the objective, or lost more than 1 % of its requests. */
  readonly violatedMinutes: number;
  readonly taskHours: number;
  /** Without what depends on traffic, such as the balancer; undefined where no price is known. */
  readonly usd: number | undefined;
  /** Scale-outs that were followed by a scale-in within half an hour, and the other way round. */
  readonly flaps: number;
  /** Task-minutes beyond what the load needed with a quarter of headroom. */
  readonly overProvisionedTaskMinutes: number;
  /** Minutes in which the desired count stood at the maximum. */
  readonly minutesAtMaximum: number;
}
