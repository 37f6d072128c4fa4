import type { Plan } from '../../lib/plan/plan.ts';
import type { Step } from '../../lib/plan/steps/index.ts';
import type { AllowList } from '../../lib/run/safety.ts';
import { runOnce, type OnceEnd } from '../engine/once.ts';
import type { PhaseContext } from '../engine/program.ts';
import { beginHooks } from '../hooks/begin.ts';
import { senderFor } from '../senders/index.ts';
import type { Sender } from '../senders/sender.ts';

/** Where steps are sent that a run takes once. */
export interface OnceWhere {
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

/** Runs steps with a sender and, where the plan has any, hooks of their own. */
export async function sendOnce(
  plan: Plan,
  steps: readonly Step[],
  { target, allowed, watch }: OnceWhere,
  signal: AbortSignal,
): Promise<OnceEnd> {
  const sender = await senderFor(plan, target.href);
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
