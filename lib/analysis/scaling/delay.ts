import { momentText, taskNeedsOf, type VerifyRule } from './history.ts';

/** How long were tasks missing? */
export const delay: VerifyRule = (history, { outSeconds }) => {
  const needs = taskNeedsOf(history);
  if (needs === undefined) return { verdict: 'unknown', evidence: 'the need of tasks was not measured' };
  if (needs.length === 0) return { verdict: 'pass', evidence: 'no task was ever missing' };
  const spans = needs.map((need) => ({ need, seconds: (need.toMs - need.fromMs) / 1000 }));
  const { need, seconds } = spans.reduce((worst, each) => (each.seconds > worst.seconds ? each : worst));
  const end = need.metMs === undefined ? 'and were to the end' : 'until they ran';
  return {
    verdict: seconds > outSeconds ? 'fail' : 'pass',
    evidence: `tasks were missing for ${Math.round(seconds)} s at the longest, from ${momentText(need.fromMs)} ${end}; ${outSeconds} s are allowed`,
  };
};
