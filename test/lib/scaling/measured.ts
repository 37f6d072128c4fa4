import { readFileSync } from 'node:fs';
import type { ScalingPolicy } from '../../../lib/environment/scaling-policy.ts';
import { parseConfiguration } from '../../../lib/environment/parse.ts';
import type { Host } from '../../../lib/scaling/simulate/fleet.ts';
import type { TaskCapacity } from '../../../lib/scaling/task-capacity.ts';
import type { Traffic } from '../../../lib/scaling/traffic/traffic.ts';

const text = (path: string) => ({ path, text: readFileSync(path, 'utf8') });

/** An environment and its policy, as committed. */
export const committed = (name: string) =>
  parseConfiguration(text(`config/${name}.yaml`), text(`config/scaling/${name}.yaml`));

/** One task carries 100 requests a second, give or take 5, at 80 % CPU. */
export const measured: TaskCapacity = {
  run: 'r-1',
  tasks: 2,
  perSecond: 100,
  lowPerSecond: 95,
  highPerSecond: 105,
  cpuRatio: 0.8,
  startUpSeconds: 45,
  startUpMeasured: true,
  objective: 'p99 < 300ms',
  limitUs: 300_000,
  saturatedPerSecond: 120,
  curve: [
    { loadRatio: 0.1, us: 20_000 },
    { loadRatio: 0.8, us: 120_000 },
    { loadRatio: 1, us: 300_000 },
  ],
};

/** Traffic by the hour from Monday midnight, 2 March 2026. */
export const hourly = (perSecond: readonly number[], timezone = 'UTC'): Traffic => ({
  name: 'hours.csv',
  timezone,
  startMs: Date.UTC(2026, 2, 2),
  stepSeconds: 3600,
  perSecond,
});

/** A day with 20/s at night and 400/s from nine to five, seven times. */
export const day = Array.from({ length: 24 }, (_, hour) => (hour >= 9 && hour < 17 ? 400 : 20));
export const week = hourly(Array.from({ length: 7 }, () => day).flat());

/** Tasks of 100/s each at 80 % CPU, on Fargate at a dollar an hour, without Spot. */
export const host: Host = { onDemandTasks: 0, spotShare: 0, usdPerHour: 1 };
export const spot = { perTaskHour: 0, seed: 1 };
export const policy: ScalingPolicy = {
  format: 'plimsoll.scaling.v1',
  tasks: { min: 2, max: 50 },
  cpu: { targetRatio: 0.64 },
  memory: { targetRatio: 0.75 },
  requests: { targetPerMinute: 4800 },
  cooldown: { outSeconds: 120, inSeconds: 300 },
  schedule: [],
};

/** By the minute, from midnight of a Monday. */
export const byMinute = (perSecond: readonly number[]): Traffic => ({ ...hourly(perSecond), stepSeconds: 60 });
export const steady = (perSecond: number, minutes: number): number[] =>
  Array.from({ length: minutes }, () => perSecond);
