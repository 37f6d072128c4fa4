import { momentText, type VerifyRule } from './history.ts';

const SOON_MS = 30 * 60_000;
/** One change of mind may be a wave of load. */
const WARN_AT = 2;
const FAIL_AT = 4;

/** Did tasks come and go in turns? */
export const flapping: VerifyRule = ({ activities, fromMs, toMs }) => {
  const turns = activities.slice(1).filter(({ atMs, from, to }, i) => {
    const before = activities[i];
    return before !== undefined && atMs - before.atMs <= SOON_MS && to > from !== before.to > before.from;
  });
  const days = Math.max(1, (toMs - fromMs) / 86_400_000);
  const [first] = turns;
  if (first === undefined) return { verdict: 'pass', evidence: `${activities.length} changes, none soon undone` };
  const perDay = turns.length / days;
  return {
    verdict: perDay >= FAIL_AT ? 'fail' : perDay >= WARN_AT ? 'warn' : 'pass',
    evidence: `${turns.length} times the direction changed within half an hour, first at ${momentText(first.atMs)}`,
  };
};
