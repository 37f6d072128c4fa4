import { momentText, type VerifyRule } from './history.ts';

/** Did many more tasks come than were needed? What a schedule or the minimum puts there is no overshoot. */
export const overshoot: VerifyRule = ({ activities, counts, min }, { overshootRatio }) => {
  if (!counts.some(({ needed }) => needed !== undefined))
    return { verdict: 'unknown', evidence: 'the need of tasks was not measured' };
  const outs = activities.filter(({ from, to, cause }) => to > from && REACTIVE.test(cause));
  const judged = outs.map((activity) => {
    const near = counts.filter(({ atMs }) => Math.abs(atMs - activity.atMs) <= NEAR_MS);
    const needed = Math.max(min, ...near.map((each) => Math.max(each.needed ?? 0, each.least ?? 0)));
    return { ...activity, needed, ratio: activity.to / Math.max(1, needed) - 1 };
  });
  if (judged.length === 0) return { verdict: 'pass', evidence: 'nothing was added in answer to load' };
  const worst = judged.reduce((most, each) => (each.ratio > most.ratio ? each : most));
  return {
    verdict: worst.ratio > overshootRatio && worst.to - worst.needed > 1 ? 'warn' : 'pass',
    evidence: `at ${momentText(worst.atMs)} ${worst.to} tasks were asked for, and ${worst.needed} needed`,
  };
};

/** Around a scale-out the highest need counts: load comes in waves. */
const NEAR_MS = 10 * 60_000;
const REACTIVE = /cpu|memory|requests|jump|alarm/i;
