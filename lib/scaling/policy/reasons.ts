import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { counted, formatNumber, formatRatio } from '../../units.ts';
import type { TaskCapacity } from '../task-capacity.ts';
import { meanOf, peakOf, type Traffic, troughOf } from '../traffic/traffic.ts';
import type { TaskLimit } from './task-limits.ts';

/** Source: Amazon ECS, benchmark of June 2026: a scale-out is asked for 86 s after the load with metrics every 20 s, 363 s with one a minute. */
export const REACTION_SECONDS = { 20: 86, 60: 363 } as const;

/** From a task's first answer until the CPU of 20 s that it has lowered is seen, and a little more. */
export const SEEN_SECONDS = 60;

/** Below this CPU at the capacity something else is what limits a task, and CPU says little of its load. */
const LIMITING_CPU = 0.3;

export const isCpuBound = ({ cpuRatio }: TaskCapacity): boolean => cpuRatio !== undefined && cpuRatio >= LIMITING_CPU;

/** Start-up and five minutes more, on a five-minute mark. */
export const leadMinutesOf = (startUpSeconds: number): number =>
  Math.min(55, Math.ceil((startUpSeconds + 300) / 300) * 5);

interface ReasonInputs {
  readonly measured: TaskCapacity;
  readonly limits: readonly TaskLimit[];
  readonly headroomRatio: number;
  readonly traffic?: Traffic | undefined;
}

interface Counted {
  readonly tasksFor: (perSecond: number) => number;
  readonly wanted: number;
}

/** Why each number of a policy is what it is, by its field. */
export function policyReasons(
  inputs: ReasonInputs,
  policy: ScalingPolicy,
  { tasksFor, wanted }: Counted,
): Record<string, string> {
  const { measured, limits, headroomRatio, traffic } = inputs;
  const h = formatRatio(headroomRatio);
  const [narrowest] = limits;
  const low = formatNumber(measured.lowPerSecond);
  const capped = narrowest !== undefined && narrowest.mostTasks < wanted;
  const start = measured.startUpMeasured ? 'as given' : 'the default; give --start-up';
  return {
    'measured.capacityPerSecond': `The lower end of the interval, ${low} requests/s a task, for ${counted(measured.sharedLimit === undefined ? policy.tasks.max : measured.tasks, 'task')}; ${counted(measured.tasks, 'task')} measured. The alarm tps-near-capacity is held against it.`,
    'tasks.max': capped
      ? `Limited by ${narrowest.resource}: ${narrowest.because}. Wanted were ${wanted}.`
      : maxReason(inputs, { tasksFor, wanted }),
    'tasks.min':
      traffic === undefined
        ? 'As in force: no traffic was given.'
        : `The lowest ${formatNumber(troughOf(traffic))}/s needs ${tasksFor(troughOf(traffic))}${policy.tasks.min > 1 ? '; two survive the loss of one' : ''}.`,
    'requests.targetPerMinute': `${low} requests/s a task, less ${h} headroom: growth by ${h} is carried by the tasks that are there. × 60 s.`,
    'cpu.targetRatio': cpuReason(measured, h),
    'cpu.everySeconds': `A scale-out is asked for after ${REACTION_SECONDS[20]} s instead of ${REACTION_SECONDS[60]} s (AWS's benchmark of June 2026).`,
    'memory.targetRatio': 'As in force: a search for the capacity says nothing of memory, which is slow to fall.',
    'cooldown.outSeconds': `A task answers after ${measured.startUpSeconds} s (${start}), and ${SEEN_SECONDS} s later its effect is seen; sooner, one need would be met twice.`,
    'cooldown.inSeconds':
      'Twice the time in which a task that went too early would be back, and five minutes at least.',
    'jump.steps':
      'The first at the capacity adds what is missing to the target; above it CPU no longer shows how much is missing, so it doubles.',
    predictive: 'Shows its forecast only: compare it with the traffic for two weeks, then write mode: scale.',
    schedule:
      traffic === undefined
        ? 'As in force, within the bounds.'
        : `From the highest week of ${traffic.name}, in ${traffic.timezone}, ${leadMinutesOf(measured.startUpSeconds)} min before each hour; mean ${formatNumber(meanOf(traffic))}/s.`,
  };
}

function maxReason({ traffic, headroomRatio }: ReasonInputs, { tasksFor, wanted }: Counted): string {
  if (traffic === undefined) return 'As in force: no traffic was given.';
  const peak = peakOf(traffic);
  const grown = peak * (1 + headroomRatio);
  const needed = tasksFor(grown);
  const because = `The peak of ${formatNumber(peak)}/s and ${formatRatio(headroomRatio)} more, ${formatNumber(grown)}/s, is ${counted(needed, 'task')} at their target`;
  return needed < wanted ? `${because}; ${wanted} for a mitigation, or the loss of a task.` : `${because}.`;
}

function cpuReason(measured: TaskCapacity, headroom: string): string {
  const { cpuRatio } = measured;
  if (cpuRatio === undefined) return 'As in force: the run did not read CPU. Requests decide.';
  const full = `CPU was ${formatRatio(cpuRatio)} at the capacity`;
  return isCpuBound(measured)
    ? `${full}, counted at the low end of its interval, less ${headroom} headroom.`
    : `As in force: ${full}, so something else limits a task, and requests decide.`;
}
