import type { PolicyFacts } from '../../analysis/scaling/observed.ts';
import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { boundsChanges } from '../simulate/bounds.ts';

/** Of a policy, what a history under it is judged by. */
export interface PolicyExtract extends Omit<PolicyFacts, 'byClock'> {
  readonly schedule: readonly Pick<ScalingPolicy['schedule'][number], 'cron' | 'timezone' | 'min'>[];
}

/** Its timetable as moments of a run. */
export function policyFacts({ schedule, ...facts }: PolicyExtract, fromMs: number, toMs: number): PolicyFacts {
  const entries = schedule.map((entry) => ({ ...entry, name: '', max: facts.max }));
  return { ...facts, byClock: boundsChanges({ schedule: entries }, fromMs, (toMs - fromMs) / 1000) };
}
