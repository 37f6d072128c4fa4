import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import type { ServiceModel } from '../service-model.ts';
import { HEADROOM_RATIO } from '../../analysis/scaling/headroom.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { prescale, type TrafficWeek, weekOf } from '../policy/prescale.ts';
import { simulate } from './simulate.ts';
import type { SimulatedSystem, Simulation } from './simulation.ts';

/** What a candidate differs by. */
export interface Knobs {
  readonly headroomRatio: number;
  readonly everySeconds: 20 | 60;
  readonly jump: boolean;
  readonly schedule: 'none' | 'as is' | 'from traffic';
  readonly predictive: boolean;
}

export interface Candidate {
  /** Absent of the policy that was given. */
  readonly knobs?: Knobs;
  readonly policy: ScalingPolicy;
  readonly violatedMinutes: number;
  readonly taskHours: number;
  readonly usd: number | undefined;
  readonly flaps: number;
}

export interface Tuning {
  readonly given: Candidate;
  /** The cheapest of those with no more violated minutes than the policy that was given. */
  readonly best: Candidate;
  /** Each the cheapest with so few violated minutes, from the cheapest on: to have fewer costs more. */
  readonly frontier: readonly Candidate[];
  readonly tried: number;
}

/** No less than a quarter: growth by it is to be carried by the tasks that are there. */
const HEADROOMS = [HEADROOM_RATIO, 0.4, 0.6, 1];
const BOOLEANS = [false, true];
const SCHEDULES = ['none', 'as is', 'from traffic'] as const;

/** Every combination is tried: there are few, and a year of each is simulated in a second. */
function allKnobs(policy: ScalingPolicy): Knobs[] {
  const schedules = SCHEDULES.filter((schedule) => schedule !== 'as is' || policy.schedule.length > 0);
  return HEADROOMS.flatMap((headroomRatio) =>
    ([20, 60] as const).flatMap((everySeconds) =>
      BOOLEANS.flatMap((jump) =>
        schedules.flatMap((schedule) =>
          BOOLEANS.map((predictive) => ({ headroomRatio, everySeconds, jump, schedule, predictive })),
        ),
      ),
    ),
  );
}

const LEAD_MINUTES = 10;

/** The policy with its knobs turned; bounds and what they rest on stay, so that no limit of the environment is passed. */
export function turned(policy: ScalingPolicy, knobs: Knobs, model: ServiceModel, week: TrafficWeek): ScalingPolicy {
  const { headroomRatio, everySeconds, jump, schedule, predictive } = knobs;
  const targetPerMinute = Number(((model.capacityPerSecond * 60) / (1 + headroomRatio)).toPrecision(4));
  const targetRatio = Math.max(0.05, Number(Math.min(0.85, model.cpuRatio / (1 + headroomRatio)).toFixed(2)));
  const { jump: stepsInForce, predictive: _, ...rest } = policy;
  const tasksFor = (perSecond: number): number => Math.max(1, Math.ceil((perSecond * 60) / targetPerMinute));
  const clocked =
    schedule === 'as is'
      ? policy.schedule
      : schedule === 'none'
        ? []
        : prescale(week, { ...policy.tasks, tasksFor, leadMinutes: LEAD_MINUTES });
  return {
    ...rest,
    requests: { targetPerMinute },
    cpu: { targetRatio, everySeconds },
    ...(jump && { jump: { steps: stepsAbove(targetRatio, stepsInForce) } }),
    ...(predictive && { predictive: { mode: 'scale', bufferSeconds: LEAD_MINUTES * 60 } }),
    schedule: clocked,
  };
}

/** Steps in force where they lie above the target, else two between it and a full CPU. */
function stepsAbove(targetRatio: number, inForce: ScalingPolicy['jump']): NonNullable<ScalingPolicy['jump']>['steps'] {
  if (inForce !== undefined && inForce.steps.every(({ cpuRatio }) => cpuRatio > targetRatio)) return inForce.steps;
  const first = Number((targetRatio + (1 - targetRatio) / 3).toFixed(2));
  const second = Number((targetRatio + ((1 - targetRatio) * 2) / 3).toFixed(2));
  return [
    { cpuRatio: first, addShare: 0.5 },
    { cpuRatio: second, addShare: 1 },
  ];
}

/** What a candidate is ordered by: money, or task hours where no price is known. */
export const costOf = ({ usd, taskHours }: Pick<Candidate, 'usd' | 'taskHours'>): number => usd ?? taskHours;

/** Searches the space of policies by simulating all of them under the same traffic. */
export function tune(system: SimulatedSystem, traffic: Traffic): Tuning {
  const given = measuredOf(system.policy, simulate(system, traffic));
  const week = weekOf(traffic);
  const candidates = allKnobs(system.policy).map((knobs): Candidate => {
    const policy = turned(system.policy, knobs, system.model, week);
    return { knobs, ...measuredOf(policy, simulate({ ...system, policy }, traffic)) };
  });
  const all = [given, ...candidates];
  const cheapestFirst = all.toSorted(
    (a, b) => costOf(a) - costOf(b) || a.violatedMinutes - b.violatedMinutes || a.flaps - b.flaps,
  );
  const best = cheapestFirst.find(({ violatedMinutes }) => violatedMinutes <= given.violatedMinutes) ?? given;
  return { given, best, frontier: frontierOf(cheapestFirst), tried: all.length };
}

const measuredOf = (policy: ScalingPolicy, { violatedMinutes, taskHours, usd, flaps }: Simulation): Candidate => ({
  policy,
  violatedMinutes,
  taskHours,
  usd,
  flaps,
});

function frontierOf(cheapestFirst: readonly Candidate[]): Candidate[] {
  let fewest = Number.POSITIVE_INFINITY;
  return cheapestFirst.filter(({ violatedMinutes }) => {
    if (violatedMinutes >= fewest) return false;
    fewest = violatedMinutes;
    return true;
  });
}
