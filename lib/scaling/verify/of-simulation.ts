import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import type { ServiceModel } from '../service-model.ts';
import type { Simulation } from '../simulate/simulation.ts';
import type { ScalingHistory, TaskCount } from '../../analysis/scaling/history.ts';

const MINUTE_MS = 60_000;

/** A simulated course as a history: minutes in which nothing changed are left out. It has no alarms. */
export function historyOfSimulation(
  course: Simulation,
  { capacityPerSecond }: ServiceModel,
  { tasks, schedule }: ScalingPolicy,
): ScalingHistory {
  const { startMs, minutes, activities, violatedMinutes } = course;
  const counts: TaskCount[] = [];
  for (const [minute, rate] of minutes.perSecond.entries()) {
    const [desired = 0, running = 0] = [minutes.desired[minute], minutes.running[minute]];
    const least = minutes.least[minute] ?? 0;
    const needed = Math.max(1, Math.ceil(rate / capacityPerSecond));
    const before = counts.at(-1);
    if (before?.desired === desired && before.running === running && before.needed === needed && before.least === least)
      continue;
    counts.push({ atMs: startMs + minute * MINUTE_MS, desired, running, needed, least });
  }
  return {
    fromMs: startMs,
    toMs: startMs + minutes.perSecond.length * MINUTE_MS,
    min: tasks.min,
    max: Math.max(tasks.max, ...schedule.map(({ max }) => max)),
    counts,
    activities,
    alarms: [],
    violatedMinutes,
  };
}
