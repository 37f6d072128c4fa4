import type { PhaseContext } from '../engine/program.ts';
import type { User } from '../engine/user.ts';
import type { Exchange } from '../senders/sender.ts';
import type { Hooked, Prepared } from './hooked.ts';
import type { HookCall, HookEnd, Hooks } from './port.ts';

export type HooksEnd = HookEnd | Prepared;

/** Starts hooks, and hears how they ended. */
export type Ask<End extends HooksEnd> = (settled: (end: End) => void) => Exchange;

export type Done<End extends HooksEnd> = Extract<End, { readonly is: 'done' }>;

const hooksOf = ({ hooks }: PhaseContext): Hooks => {
  if (hooks === undefined) throw new RangeError('a plan with hooks came without what calls them');
  return hooks;
};

export const callWith =
  (context: PhaseContext, call: HookCall, user: User): Ask<HookEnd> =>
  (settled) =>
    hooksOf(context).call(call, user, settled);

export const prepareWith =
  (context: PhaseContext, hooked: Hooked, user: User): Ask<Prepared> =>
  (settled) =>
    hooked.prepare(user, hooksOf(context), settled);

/** Records what hooks took, and that they failed; returns the time. */
export function recordHooks({ clock, recorder }: PhaseContext, step: number, end: HooksEnd): number {
  const nowUs = clock();
  for (const { name, busyUs } of end.calls) recorder.hook(nowUs, name, busyUs);
  if (end.is === 'failed') recorder.hookFailed(nowUs, step, end.detail);
  return nowUs;
}
