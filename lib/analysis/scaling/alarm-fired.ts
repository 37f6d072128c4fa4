import {
  type AlarmHistory,
  momentText,
  type RuleFinding,
  type ScalingExpectation,
  type VerifyRule,
} from './history.ts';

/** The moment at which an alarm was on for a trouble: before it began, or after. */
function firedMs({ changes, expected }: AlarmHistory): number | undefined {
  if (expected === undefined) return undefined;
  const before = changes.findLast(({ atMs }) => atMs <= expected.fromMs);
  if (before?.state === 'ALARM') return expected.fromMs;
  return changes.find(({ atMs, state }) => state === 'ALARM' && atMs > expected.fromMs)?.atMs;
}

function judged(alarm: AlarmHistory, { alarmSeconds }: ScalingExpectation): RuleFinding {
  const { name, expected, changes } = alarm;
  if (expected === undefined) {
    const on = changes.find(({ state }) => state === 'ALARM');
    return on === undefined
      ? { verdict: 'pass', evidence: `${name} stayed off` }
      : { verdict: 'warn', evidence: `${name} came on at ${momentText(on.atMs)}, and nothing called for it` };
  }
  const at = firedMs(alarm);
  if (at === undefined)
    return { verdict: 'fail', evidence: `${name} never came on, from ${momentText(expected.fromMs)}` };
  const seconds = (at - expected.fromMs) / 1000;
  return {
    verdict: seconds > alarmSeconds ? 'fail' : 'pass',
    evidence: `${name} came on after ${Math.round(seconds)} s; ${alarmSeconds} s are allowed`,
  };
}

const GRAVITY = ['fail', 'unknown', 'warn', 'pass'] as const;

/** The gravest of several findings. */
export const gravestFinding = (findings: readonly RuleFinding[]): RuleFinding | undefined =>
  GRAVITY.flatMap((verdict) => findings.find((each) => each.verdict === verdict) ?? [])[0];

/** Did each alarm come on for its trouble, in time, and for nothing else? */
export const alarmFired: VerifyRule = ({ alarms }, expectation) =>
  gravestFinding(alarms.map((alarm) => judged(alarm, expectation))) ?? {
    verdict: 'unknown',
    evidence: 'no alarm is on record',
  };
