import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { PlimsollError } from '../../errors.ts';
import { formatNumber } from '../../units.ts';
import type { TaskCapacity } from '../task-capacity.ts';
import { durationSecondsOf, peakOf, type Traffic, troughOf } from '../traffic/traffic.ts';
import { prescale, weekOf } from './prescale.ts';
import { isCpuBound, leadMinutesOf, REACTION_SECONDS, policyReasons, SEEN_SECONDS } from './reasons.ts';
import type { TaskLimit } from './task-limits.ts';

export interface PolicyInputs {
  readonly measured: TaskCapacity;
  /** What is deployed now, as far as the repository knows: memory, and the bounds where no traffic says better. */
  readonly inForce: ScalingPolicy;
  readonly limits: readonly TaskLimit[];
  /** Growth that tasks carry as they are, as a part of their load. */
  readonly headroomRatio: number;
  readonly traffic?: Traffic | undefined;
  /** Tasks that the maximum must allow in any case: a mitigation asks for so many. */
  readonly leastMax?: number | undefined;
}

/** A policy, and for each of its numbers the reason. */
export interface DerivedPolicy {
  readonly policy: ScalingPolicy;
  /** By field, such as `tasks.max`. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What the policy can't give, in sentences: a limit below what the traffic needs. */
  readonly shortfalls: readonly string[];
}

const least = (value: number, digits: number): number => Math.floor(value * 10 ** digits + 1e-9) / 10 ** digits;

/**
 * The policy that follows from what one task was measured to carry.
 * @throws PlimsollError E-SCALING-IMPOSSIBLE where a limit leaves no room for a single task
 */
export function derivePolicy(inputs: PolicyInputs): DerivedPolicy {
  const { measured, inForce, headroomRatio, traffic } = inputs;
  const targetPerSecond = measured.lowPerSecond / (1 + headroomRatio);
  const targetPerMinute = targetOf(targetPerSecond * 60);
  const tasksFor = (perSecond: number): number => Math.max(1, Math.ceil((perSecond * 60) / targetPerMinute - 1e-9));
  const bounds = boundsOf(inputs, tasksFor);
  const cpu = cpuOf(inputs);
  const leadMinutes = leadMinutesOf(measured.startUpSeconds);
  const schedule =
    traffic === undefined
      ? rebound(inForce.schedule, bounds)
      : prescale(weekOf(traffic), { ...bounds, tasksFor, leadMinutes });
  const cooldown = cooldownOf(measured.startUpSeconds);
  const policy: ScalingPolicy = {
    format: 'plimsoll.scaling.v1',
    measured: measuredOf(measured, bounds.max),
    tasks: { min: bounds.min, max: bounds.max },
    cpu: { targetRatio: cpu.targetRatio, everySeconds: 20 },
    memory: inForce.memory,
    requests: { targetPerMinute },
    cooldown,
    jump: { steps: jumpOf(cpu) },
    ...(traffic !== undefined && { predictive: { mode: 'forecast-only', bufferSeconds: leadMinutes * 60 } }),
    schedule,
  };
  return {
    policy,
    reasons: policyReasons(inputs, policy, { tasksFor, wanted: bounds.wanted }),
    shortfalls: [...unconfirmed(measured), ...shortTraffic(traffic), ...bounds.shortfalls],
  };
}

const unconfirmed = ({ unconfirmed: reason }: TaskCapacity): string[] =>
  reason === undefined
    ? []
    : [`The search did not confirm its answer, so the policy rests on the low end of its interval. ${reason}`];

const WEEK_SECONDS = 7 * 86_400;

function shortTraffic(traffic: Traffic | undefined): string[] {
  const seconds = traffic === undefined ? WEEK_SECONDS : durationSecondsOf(traffic);
  if (seconds >= WEEK_SECONDS) return [];
  return [
    `The traffic holds ${formatNumber(seconds / 3600)} hours and no whole week: the days that it lacks are taken to be as those that it has, and its quietest hour as the quietest of all.`,
  ];
}

/** Whole requests a minute where that is fine enough, else three digits of them. */
const targetOf = (perMinute: number): number =>
  perMinute >= 100 ? Math.floor(perMinute) : least(perMinute, 2 - Math.floor(Math.log10(perMinute)));

function measuredOf(measured: TaskCapacity, max: number): NonNullable<ScalingPolicy['measured']> {
  const { run, tasks, perSecond, lowPerSecond, cpuRatio, startUpSeconds, sharedLimit } = measured;
  const carrying = sharedLimit === undefined ? max : tasks;
  return {
    run,
    capacityPerSecond: Number((lowPerSecond * carrying).toPrecision(4)),
    perTask: {
      capacityPerSecond: Number(perSecond.toPrecision(4)),
      ...(cpuRatio !== undefined && { cpuRatio: Number(cpuRatio.toFixed(2)) }),
      startUpSeconds,
    },
  };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  /** The most tasks that the traffic asks for, limits aside. */
  readonly wanted: number;
  readonly shortfalls: readonly string[];
}

function boundsOf(
  { measured, inForce, limits, headroomRatio, traffic, leastMax = 0 }: PolicyInputs,
  tasksFor: (rate: number) => number,
): Bounds {
  // One task alone is an outage when it goes; where the policy in force takes that, so does this one.
  const redundant = Math.min(inForce.tasks.min, 2);
  const byPeak = traffic === undefined ? inForce.tasks.max : tasksFor(peakOf(traffic) * (1 + headroomRatio));
  const wanted = Math.max(redundant, byPeak, leastMax);
  const asked = traffic === undefined ? inForce.tasks.min : Math.max(redundant, tasksFor(troughOf(traffic)));
  const [narrowest] = limits;
  const most = narrowest?.mostTasks ?? wanted;
  if (most < 1)
    throw new PlimsollError('E-SCALING-IMPOSSIBLE', `not one task fits: ${narrowest?.because}; ${narrowest?.remedy}.`);
  const max = Math.min(wanted, most);
  return {
    min: Math.min(asked, max),
    max,
    wanted,
    shortfalls: shortOf({ measured, wanted, most, narrowest, traffic }),
  };
}

interface Short extends Pick<PolicyInputs, 'measured' | 'traffic'> {
  readonly wanted: number;
  readonly most: number;
  readonly narrowest: TaskLimit | undefined;
}

function shortOf({ measured, traffic, wanted, most, narrowest }: Short): string[] {
  if (narrowest === undefined || most >= wanted) return [];
  const { resource, because, remedy } = narrowest;
  const carried = most * measured.perSecond;
  const peak = traffic === undefined ? undefined : peakOf(traffic);
  const peakText =
    peak === undefined
      ? ''
      : ` They carry ${formatNumber(carried)}/s, and the peak is ${formatNumber(peak)}/s${carried < peak ? ': users will feel it' : ''}.`;
  return [
    `${wanted} tasks are wanted, and the limit of ${resource} allows ${most} (${because}).${peakText} To have more: ${remedy}.`,
  ];
}

/** Entries in force, held within new bounds. */
const rebound = (
  schedule: ScalingPolicy['schedule'],
  { min, max }: Pick<Bounds, 'min' | 'max'>,
): ScalingPolicy['schedule'] =>
  schedule.map((entry) => ({ ...entry, min: Math.min(max, Math.max(min, entry.min)), max }));

interface CpuTarget {
  readonly targetRatio: number;
  /** At the capacity. */
  readonly fullRatio: number;
}

const MOST_CPU = 0.85;

function cpuOf({ measured, inForce, headroomRatio }: PolicyInputs): CpuTarget {
  const { cpuRatio, lowPerSecond, perSecond } = measured;
  if (cpuRatio === undefined || !isCpuBound(measured)) {
    const targetRatio = Math.min(MOST_CPU, inForce.cpu.targetRatio);
    return { targetRatio, fullRatio: targetRatio * (1 + headroomRatio) };
  }
  const atLow = (cpuRatio * lowPerSecond) / perSecond;
  return {
    targetRatio: Math.max(0.05, Math.min(MOST_CPU, least(atLow / (1 + headroomRatio), 2))),
    fullRatio: cpuRatio,
  };
}

const rounded = (value: number, to: number): number => Number((Math.ceil(value / to - 1e-9) * to).toFixed(2));

/** Two steps above the target: at the capacity add what is missing, half-way to a full CPU double. */
function jumpOf({ targetRatio, fullRatio }: CpuTarget): NonNullable<ScalingPolicy['jump']>['steps'] {
  const first = Math.min(0.94, Math.max(targetRatio + 0.05, Math.min(0.9, fullRatio)));
  const at = Number(first.toFixed(2));
  const second = Number(Math.max(at + 0.05, (at + 1) / 2).toFixed(2));
  return [
    { cpuRatio: at, addShare: Math.min(1, rounded(at / targetRatio - 1, 0.05)) },
    // CPU is full at the most, and does not show how much more is asked for.
    { cpuRatio: second, addShare: 1 },
  ];
}

const MOST_OUT_SECONDS = 600;
function cooldownOf(startUpSeconds: number): ScalingPolicy['cooldown'] {
  const outSeconds = Math.min(MOST_OUT_SECONDS, Math.ceil((startUpSeconds + SEEN_SECONDS) / 10) * 10);
  const again = REACTION_SECONDS[20] + startUpSeconds;
  return { outSeconds, inSeconds: Math.max(300, Math.ceil((2 * again) / 60) * 60) };
}
