import { momentText, type VerifyRule } from './history.ts';

/** Did tasks that were asked for come to run? Where they don't, no machine has room for them, or they fail to start. */
export const started: VerifyRule = ({ counts, toMs }, { outSeconds }) => {
  if (counts.length === 0) return { verdict: 'unknown', evidence: 'desired and running counts are missing' };
  let fromMs: number | undefined;
  let worst = { fromMs: 0, seconds: 0 };
  const close = (atMs: number): void => {
    const seconds = fromMs === undefined ? 0 : (atMs - fromMs) / 1000;
    if (fromMs !== undefined && seconds > worst.seconds) worst = { fromMs, seconds };
  };
  for (const { atMs, desired, running } of counts) {
    if (running < desired) fromMs ??= atMs;
    else {
      close(atMs);
      fromMs = undefined;
    }
  }
  close(toMs);
  return worst.seconds === 0
    ? { verdict: 'pass', evidence: 'every task that was asked for ran at once' }
    : {
        verdict: worst.seconds > outSeconds ? 'fail' : 'pass',
        evidence: `for ${Math.round(worst.seconds)} s at the longest fewer tasks ran than were asked for, from ${momentText(worst.fromMs)}`,
      };
};
