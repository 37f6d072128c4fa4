import { LiveFigures } from '../../../lib/outputs/live-figures.ts';
import type { LiveSecond } from '../../../lib/outputs/output.ts';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import { emptyInterval, type Interval } from '../../../lib/measure/interval.ts';
import { record } from '../../../lib/measure/histogram.ts';
import { stepOf } from '../../../lib/measure/interval.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';

export const START_MS = 1_800_000_000_000;

/** Two steps, the first of which stands in its scenario twice, and names that protocols have to escape. */
export const plan: Plan = lowerPlan(
  {
    name: 'a "plan"',
    scenarios: [
      { name: 'shop, b=1', steps: [{ get: '/' }, { get: '/x.y', name: 'x.y|z:1' }, { get: '/' }] },
      { name: 'other', steps: [{ get: '/' }] },
    ],
    phases: [],
  },
  { feeders: [] },
);

export const phase = { name: 'peak\\', number: 1, startAtMs: START_MS, durationUs: 2.5e6 };

/** A worker's second, filled in by `fill`. */
export const secondOf = (fill: (interval: Interval) => void): Interval => {
  const interval = emptyInterval();
  fill(interval);
  return interval;
};

/** Requests of one step that succeeded after so many µs. */
export const succeeded =
  (step: number, times: readonly number[]) =>
  (interval: Interval): void => {
    const { ledger, responseTime, serviceTime } = stepOf(interval, step);
    ledger.sent += times.length;
    ledger.ok += times.length;
    for (const us of times) for (const into of [responseTime, serviceTime]) record(into, us);
  };

/** What outputs are given of the workers' seconds, each made by `seen` while it lasts. */
export function seen<T>(workers: readonly (readonly Interval[])[], see: (live: LiveSecond) => T): T[] {
  const all: T[] = [];
  const figures = new LiveFigures({
    id: 'run-1',
    plan,
    environment: 'laptop',
    workers: workers.length,
    signals: () => new Map([['service.cpu', 0.5]]),
    nowMs: () => Number.POSITIVE_INFINITY,
    onSecond: (live) => all.push(see(live)),
  });
  figures.phaseStarted(phase);
  const longest = Math.max(...workers.map((seconds) => seconds.length));
  for (let second = 0; second < longest; second += 1)
    for (const [worker, seconds] of workers.entries()) {
      const interval = seconds[second];
      if (interval !== undefined) figures.add(encodeInterval({ phase: 1, worker, second }, interval));
    }
  figures.phaseEnded();
  return all;
}
