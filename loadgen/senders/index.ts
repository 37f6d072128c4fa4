import type { Plan } from '../../lib/plan/plan.ts';
import { Http1Sender } from './http1/sender.ts';
import type { Sender } from './sender.ts';
import { nodeTls } from './tls.ts';

/** The cheapest sender that speaks what the plan needs; a plan never names one. undici takes 15 MB, so it is loaded where it is needed. */
export async function senderFor(plan: Plan, target: string): Promise<Sender> {
  // Before the load, which it would hold up.
  if (target.startsWith('https:')) nodeTls();
  if (!plan.http2) return new Http1Sender(plan);
  const { UndiciSender } = await import('./undici.ts');
  return new UndiciSender(plan);
}
