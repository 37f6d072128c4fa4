import { PlimsollError } from '../../lib/errors.ts';
import { asChecks, type Plan, withCaptured } from '../../lib/plan/plan.ts';
import type { OnceRecord } from '../../lib/measure/once.ts';
import { describeSetupFailure } from '../../lib/run/archive/once-files.ts';
import type { OnceEnd } from '../../loadgen/engine/once.ts';
import type { OnceWhere } from '../../loadgen/task/steps-once.ts';

/** The plan as its journeys run it: with what its setup has captured among its variables. */
export interface SetUpPlan {
  readonly plan: Plan;
  readonly setup?: OnceRecord;
}

/**
 * Runs the plan's setup, where it has one.
 * @throws PlimsollError E-SETUP, E-INTERRUPTED, both with a line for each step that was sent
 */
export async function setUp(plan: Plan, where: OnceWhere, signal: AbortSignal): Promise<SetUpPlan> {
  if (plan.setup === undefined) return { plan };
  const { record, captured, pages } = await runSteps(plan, plan.setup, where, signal);
  if (signal.aborted) throw new PlimsollError('E-INTERRUPTED', 'The run was stopped in its setup.', sentBy(record));
  if (record.failure !== undefined)
    throw new PlimsollError('E-SETUP', `The setup failed: ${describeSetupFailure(plan, record)}`, sentBy(record));
  return { plan: withCaptured(plan, { captured, pages }), setup: record };
}

/** Runs the teardown of a plan that was set up; after an interrupted run too. */
export async function tearDown({ plan }: SetUpPlan, where: OnceWhere): Promise<OnceRecord | undefined> {
  if (plan.teardown === undefined) return undefined;
  return (await runSteps(plan, plan.teardown, where, new AbortController().signal)).record;
}

/** Sends the plan's checks, each whatever came of those before it; of a run that was stopped too, whose data has to be sound as well. */
export async function sendChecks({ plan }: SetUpPlan, where: OnceWhere): Promise<OnceRecord | undefined> {
  if (plan.checks === undefined) return undefined;
  return (await runSteps(asChecks(plan), plan.checks, where, new AbortController().signal)).record;
}

const sentBy = ({ steps }: OnceRecord): string[] =>
  Object.entries(steps).map(([name, { sent, ok }]) => `${name}: ${sent} sent, ${ok} ok`);

/** The engine is loaded only for plans that need it here: its threads load their own. */
async function runSteps(
  plan: Plan,
  steps: NonNullable<Plan['setup']>,
  where: OnceWhere,
  signal: AbortSignal,
): Promise<OnceEnd> {
  const { sendOnce } = await import('../../loadgen/task/steps-once.ts');
  return await sendOnce(plan, steps, where, signal);
}
