import { alarmCleared } from './alarm-cleared.ts';
import { alarmFired } from './alarm-fired.ts';
import { atMaximum } from './at-maximum.ts';
import { delay } from './delay.ts';
import { flapping } from './flapping.ts';
import { type RuleFinding, type ScalingExpectation, type ScalingHistory, usualExpectation } from './history.ts';
import { objectivesHeld } from './objectives-held.ts';
import { overProvisioned } from './over-provisioned.ts';
import { overshoot } from './overshoot.ts';
import { scaleIn } from './scale-in.ts';
import { scaleOut } from './scale-out.ts';
import { started } from './started.ts';

/** Everything that is asked of a history, in the order in which it is shown. */
export const verifyRules = {
  'scale-out': scaleOut,
  delay,
  started,
  'at-maximum': atMaximum,
  overshoot,
  flapping,
  'scale-in': scaleIn,
  'over-provisioned': overProvisioned,
  objectives: objectivesHeld,
  'alarm-fired': alarmFired,
  'alarm-cleared': alarmCleared,
} as const;

export type VerifyRuleName = keyof typeof verifyRules;

/** What each rule finds in a history, wherever that was recorded: in AWS, in a simulation, on a laptop. */
export function verifyScaling(
  history: ScalingHistory,
  expectation: ScalingExpectation = usualExpectation,
): Readonly<Record<VerifyRuleName, RuleFinding>> {
  const found = Object.entries(verifyRules).map(([name, rule]) => [name, rule(history, expectation)]);
  return Object.fromEntries(found) as Record<VerifyRuleName, RuleFinding>;
}
