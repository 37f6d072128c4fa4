import type { ScalingPolicy } from '../../environment/scaling-policy.ts';

/** One number of a policy, before and after. */
export interface PolicyChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

type Flat = ReadonlyMap<string, string>;

const shown = (value: unknown): string =>
  value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

/** Fields that are lists are one field: their entries have no fixed places. */
function flat(policy: ScalingPolicy): Flat {
  const { measured, tasks, cpu, memory, requests, cooldown, jump, predictive, schedule } = policy;
  return new Map([
    ['measured.run', shown(measured?.run)],
    ['measured.capacityPerSecond', shown(measured?.capacityPerSecond)],
    ['measured.perTask', shown(measured?.perTask)],
    ['tasks.min', shown(tasks.min)],
    ['tasks.max', shown(tasks.max)],
    ['cpu.targetRatio', shown(cpu.targetRatio)],
    ['cpu.everySeconds', shown(cpu.everySeconds ?? 60)],
    ['memory.targetRatio', shown(memory.targetRatio)],
    ['requests.targetPerMinute', shown(requests.targetPerMinute)],
    ['cooldown.outSeconds', shown(cooldown.outSeconds)],
    ['cooldown.inSeconds', shown(cooldown.inSeconds)],
    ['jump.steps', shown(jump?.steps)],
    ['predictive', shown(predictive)],
    ['schedule', schedule.map(({ cron, min, max }) => `${cron}: ${min}–${max}`).join('; ') || 'none'],
  ]);
}

/** What differs between the policy in force and another, each with its reason. */
export function comparePolicies(
  before: ScalingPolicy,
  after: ScalingPolicy,
  reasons: Readonly<Record<string, string>>,
): PolicyChange[] {
  const [old, young] = [flat(before), flat(after)];
  return [...young].flatMap(([field, value]) =>
    value === old.get(field)
      ? []
      : [{ field, before: old.get(field) ?? '–', after: value, reason: reasons[field] ?? '' }],
  );
}
