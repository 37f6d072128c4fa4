import { momentText, type ScalingHistory, type VerifyRule } from './history.ts';

/** The longest span in which less than half of the running tasks was needed, and more ran than the minimum. */
function idleSpan({
  counts,
  min,
  toMs,
}: ScalingHistory): { readonly fromMs: number; readonly toMs: number } | undefined {
  let longest: { fromMs: number; toMs: number } | undefined;
  let fromMs: number | undefined;
  const close = (atMs: number): void => {
    if (fromMs !== undefined && atMs - fromMs > (longest === undefined ? 0 : longest.toMs - longest.fromMs))
      longest = { fromMs, toMs: atMs };
    fromMs = undefined;
  };
  for (const { atMs, desired, needed = 0, least = min } of counts) {
    const isIdle = desired > least && needed * 2 < desired;
    if (!isIdle) close(atMs);
    else fromMs ??= atMs;
  }
  close(toMs);
  return longest;
}

/** Did tasks go when they were no longer needed? */
export const scaleIn: VerifyRule = (history, { inSeconds }) => {
  if (!history.counts.some(({ needed }) => needed !== undefined))
    return { verdict: 'unknown', evidence: 'the need of tasks was not measured' };
  const idle = idleSpan(history);
  if (idle === undefined) return { verdict: 'pass', evidence: 'never stood half of the tasks idle above the minimum' };
  const seconds = (idle.toMs - idle.fromMs) / 1000;
  return {
    verdict: seconds > inSeconds ? 'fail' : 'pass',
    evidence: `for ${Math.round(seconds)} s at the longest half of the tasks stood idle, from ${momentText(idle.fromMs)}; ${inSeconds} s are allowed`,
  };
};
