import { momentText, type VerifyRule } from './history.ts';

const STUCK_MS = 15 * 60_000;

/** Was the maximum what ended scaling out, while more was needed? */
export const atMaximum: VerifyRule = ({ counts, max, toMs }) => {
  if (!counts.some(({ needed }) => needed !== undefined))
    return { verdict: 'unknown', evidence: 'the need of tasks was not measured' };
  const stuck = counts.flatMap(({ atMs, desired, needed = 0 }, at) =>
    desired >= max && needed > max ? [{ atMs, needed, ms: (counts[at + 1]?.atMs ?? toMs) - atMs }] : [],
  );
  const [first] = stuck;
  if (first === undefined) return { verdict: 'pass', evidence: `the maximum of ${max} tasks was enough` };
  const ms = stuck.reduce((sum, each) => sum + each.ms, 0);
  const most = Math.max(...stuck.map(({ needed }) => needed));
  return {
    verdict: ms > STUCK_MS ? 'fail' : 'warn',
    evidence: `for ${Math.round(ms / 60_000)} min, from ${momentText(first.atMs)}, up to ${most} tasks were needed and ${max} are allowed`,
  };
};
