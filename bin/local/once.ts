import { PlimsollError } from '../../lib/errors.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { OnceFailure, OnceRecord } from '../../lib/measure/once.ts';
import type { AllowList } from '../../lib/run/safety.ts';
import type { OnceEnd } from '../../loadgen/engine/once.ts';
import type { PhaseContext } from '../../loadgen/engine/program.ts';
import type { Sender } from '../../loadgen/senders/sender.ts';
import type { Step } from '../../lib/plan/steps/index.ts';

interface Where {
  readonly target: URL;
  readonly allowed: AllowList;
  /** Sees what the steps send, and what came of it. */
  readonly watch?: (steps: readonly Step[]) => OnceWatch;
}

/** Looks on while steps are run. */
export interface OnceWatch {
  sender(own: Sender): Sender;
  readonly judged: NonNullable<PhaseContext['judged']>;
}

/** The plan as its journeys run it: with what its setup has captured among its variables. */
export interface SetUpPlan {
  readonly plan: Plan;
  readonly setup?: OnceRecord;
}

/**
 * Runs the plan's setup, where it has one.
 * @throws PlimsollError E-SETUP, with a line for each step that was sent; E-INTERRUPTED
 */
export async function setUp(plan: Plan, where: Where, signal: AbortSignal): Promise<SetUpPlan> {
  if (plan.setup === undefined) return { plan };
  const { record, captured, pages } = await runSteps(plan, plan.setup, where, signal);
  if (signal.aborted) throw new PlimsollError('E-INTERRUPTED', 'The run was stopped in its setup.');
  if (record.failure !== undefined)
    throw new PlimsollError('E-SETUP', `The setup failed: ${described(record.failure)}`, sentBy(record));
  return { plan: { ...plan, variables: { ...plan.variables, ...captured }, pages }, setup: record };
}

/** Runs the teardown of a plan that was set up; after an interrupted run too. */
export async function tearDown({ plan }: SetUpPlan, where: Where): Promise<OnceRecord | undefined> {
  if (plan.teardown === undefined) return undefined;
  return (await runSteps(plan, plan.teardown, where, new AbortController().signal)).record;
}

/** Sends the plan's checks, each whatever came of those before it; of a run that was stopped too, whose data has to be sound as well. */
export async function sendChecks({ plan }: SetUpPlan, where: Where): Promise<OnceRecord | undefined> {
  if (plan.checks === undefined) return undefined;
  const goesOn = { ...plan, onFail: 'next' as const };
  return (await runSteps(goesOn, plan.checks, where, new AbortController().signal)).record;
}

/** What a report says of a teardown that failed. */
export const teardownDoubts = (record: OnceRecord | undefined): string[] =>
  record?.failure === undefined
    ? []
    : [`The teardown failed: ${described(record.failure)}. What the run has made may still be there.`];

const described = ({ step, kind }: OnceFailure): string => `step "${step}" ended as ${kind}`;

const sentBy = ({ steps }: OnceRecord): string[] =>
  Object.entries(steps).map(([name, { sent, ok }]) => `${name}: ${sent} sent, ${ok} ok`);

/** The engine is loaded only for plans that need it here: its threads load their own. */
async function runSteps(
  plan: Plan,
  steps: NonNullable<Plan['setup']>,
  { target, allowed, watch }: Where,
  signal: AbortSignal,
): Promise<OnceEnd> {
  const { runOnce } = await import('../../loadgen/engine/once.ts');
  const { senderFor } = await import('../../loadgen/senders/index.ts');
  const { beginHooks } = await import('../../loadgen/hooks/begin.ts');
  const sender = await senderFor(plan);
  const watching = watch?.(steps);
  const hooks = await beginHooks(plan, target.href, steps);
  try {
    return await runOnce(
      { plan, steps, target: target.href, allowed },
      { sender: watching?.sender(sender) ?? sender, signal, hooks, judged: watching?.judged },
    );
  } finally {
    await hooks?.close();
    sender.close();
  }
}
