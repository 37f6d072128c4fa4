import type { VerifyRule } from './history.ts';

/** Were the objectives held meanwhile? */
export const objectivesHeld: VerifyRule = ({ violatedMinutes, fromMs, toMs }) => {
  if (violatedMinutes === undefined) return { verdict: 'unknown', evidence: 'objectives were not judged' };
  const minutes = Math.round((toMs - fromMs) / 60_000);
  return {
    verdict: violatedMinutes === 0 ? 'pass' : 'fail',
    evidence: `${violatedMinutes} of ${minutes} minutes were beyond the objectives`,
  };
};
