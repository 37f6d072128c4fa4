import { PlimsollError } from '../../errors.ts';
import { phaseCount, planUs, type Plan } from '../../plan/plan.ts';
import { counted, formatSpan } from '../../units.ts';
import { hasLast } from './step.ts';

/** Tasks start within two minutes, mostly, and a gate takes some seconds. Setup and teardown have a task of their own each. */
const START_US = 180e6;

/** "Maximum execution history size: 25,000 events" (Step Functions, "Quotas"), with room for tasks that are tried again. */
const MOST_EVENTS = 20_000;
const EVENTS_A_WORKER = 8;
const EVENTS_A_PHASE = 15;

/**
 * Refuses what the workflow would break off in its middle.
 * @throws PlimsollError E-PLAN-TOO-LONG
 */
export function refuseUnending(
  plan: Plan,
  { maxHours, workers }: { readonly maxHours: number; readonly workers: number },
): void {
  const { name, timeoutUs } = plan;
  const phases = phaseCount(plan);
  const starts = phases + Number(plan.setup !== undefined) + Number(hasLast(plan));
  const us = planUs(plan) + starts * (timeoutUs + START_US);
  if (us > maxHours * 3600e6) {
    const sentence = `${name} takes some ${formatSpan(us)} with its tasks' starts, and an execution is ended after ${maxHours} h.`;
    throw new PlimsollError('E-PLAN-TOO-LONG', sentence);
  }
  const events = phases * (EVENTS_A_PHASE + EVENTS_A_WORKER * workers);
  if (events > MOST_EVENTS) {
    const sentence = `${name} has ${counted(phases, 'phase')}, which with ${counted(workers, 'worker')} are more events than an execution may have.`;
    throw new PlimsollError('E-PLAN-TOO-LONG', sentence);
  }
}
