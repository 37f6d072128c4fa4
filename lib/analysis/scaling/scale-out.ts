import { momentText, taskNeedsOf, type VerifyRule } from './history.ts';

/** Did more tasks come when more were needed? */
export const scaleOut: VerifyRule = (history, { outSeconds }) => {
  const needs = taskNeedsOf(history);
  const outs = history.activities.filter(({ from, to }) => to > from);
  if (needs === undefined)
    return {
      verdict: 'unknown',
      evidence: `the need of tasks was not measured; ${outs.length} scale-outs are on record`,
    };
  const [first] = needs;
  if (first === undefined)
    return { verdict: 'pass', evidence: 'there were enough tasks all along, so none had to come' };
  // One that is over sooner asks for nothing yet.
  const worst = needs.find(
    ({ fromMs, toMs }) =>
      toMs - fromMs > outSeconds * 1000 && !outs.some(({ atMs }) => atMs >= fromMs - ASKED_BEFORE_MS && atMs <= toMs),
  );
  return worst === undefined
    ? {
        verdict: 'pass',
        evidence: `${outs.length} scale-outs; the first need, of ${first.needed} tasks, began at ${momentText(first.fromMs)}`,
      }
    : {
        verdict: 'fail',
        evidence: `from ${momentText(worst.fromMs)} on ${worst.needed} tasks were needed, and no scale-out came`,
      };
};

/** A need may begin when its scale-out is under way already. */
const ASKED_BEFORE_MS = 10 * 60_000;
