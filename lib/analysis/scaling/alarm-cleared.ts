import { gravestFinding } from './alarm-fired.ts';
import {
  type AlarmHistory,
  momentText,
  type RuleFinding,
  type ScalingExpectation,
  type VerifyRule,
} from './history.ts';

function judged(
  { name, changes, expected }: AlarmHistory,
  toMs: number,
  { clearSeconds }: ScalingExpectation,
): RuleFinding {
  const lastOn = changes.findLast(({ state }) => state === 'ALARM');
  if (lastOn === undefined) return { verdict: 'pass', evidence: `${name} was never on` };
  const cleared = changes.find(({ atMs, state }) => atMs > lastOn.atMs && state === 'OK');
  const endMs = Math.max(expected?.toMs ?? lastOn.atMs, lastOn.atMs);
  const seconds = ((cleared?.atMs ?? toMs) - endMs) / 1000;
  if (cleared === undefined && seconds <= clearSeconds)
    return {
      verdict: 'unknown',
      evidence: `${name} was still on when the record ended, ${Math.round(seconds)} s after the trouble`,
    };
  return {
    verdict: seconds > clearSeconds ? 'fail' : 'pass',
    evidence:
      cleared === undefined
        ? `${name} never went off, on since ${momentText(lastOn.atMs)}`
        : `${name} went off ${Math.max(0, Math.round(seconds))} s after the trouble; ${clearSeconds} s are allowed`,
  };
}

/** Did each alarm go off when its trouble was over? */
export const alarmCleared: VerifyRule = ({ alarms, toMs }, expectation) =>
  gravestFinding(alarms.map((alarm) => judged(alarm, toMs, expectation))) ?? {
    verdict: 'unknown',
    evidence: 'no alarm is on record',
  };
