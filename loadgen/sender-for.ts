import type { Plan } from '../lib/plan/plan.ts';
import { LeanSender } from './http1/sender.ts';
import type { Sender } from './sender.ts';
import { UndiciSender } from './undici-sender.ts';

/** The cheapest sender that speaks what the plan needs; a plan never names one. */
export const senderFor = (plan: Plan): Sender => (plan.http2 ? new UndiciSender(plan) : new LeanSender(plan));
