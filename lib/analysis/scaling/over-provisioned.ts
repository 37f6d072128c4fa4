import { HEADROOM_RATIO } from './headroom.ts';
import type { VerifyRule } from './history.ts';

/** How much of the task time stood idle, beyond the need and a quarter? */
export const overProvisioned: VerifyRule = ({ counts, toMs, min }, { idleRatio }) => {
  if (!counts.some(({ needed }) => needed !== undefined))
    return { verdict: 'unknown', evidence: 'the need of tasks was not measured' };
  let [idle, all] = [0, 0];
  for (const [at, { atMs, running, needed = 0, least = min }] of counts.entries()) {
    const minutes = ((counts[at + 1]?.atMs ?? toMs) - atMs) / 60_000;
    all += running * minutes;
    idle += Math.max(0, running - Math.max(least, Math.ceil(needed * (1 + HEADROOM_RATIO)))) * minutes;
  }
  const ratio = all === 0 ? 0 : idle / all;
  return {
    verdict: ratio > idleRatio ? 'warn' : 'pass',
    evidence: `${Math.round(idle)} of ${Math.round(all)} task-minutes were beyond the need, a quarter more and the minimum`,
  };
};
