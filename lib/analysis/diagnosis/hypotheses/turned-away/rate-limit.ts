import { formatRatio } from '../../../../units.ts';
import type { Hypothesis } from '../../hypothesis.ts';
import { met } from '../../facts.ts';

/** Requests are refused by a limit on their rate: 429, by RFC 6585. */
export const rateLimit: Hypothesis = {
  name: 'rate-limit',
  accuses: 'rate-limit',
  weigh: ({ client: { now } }) => {
    const refused = now.failures.get('status.429') ?? 0;
    const share = refused / Math.max(1e-9, now.failedRatio + now.timedOutRatio);
    const text = `${formatRatio(refused)} of the requests were refused with 429, ${formatRatio(share)} of all that went wrong`;
    if (refused < 0.005) return met(-0.95, 'hardly a request was refused with 429');
    return [...met(share > 0.5 ? 0.9 : 0.5 * share, text), ...met(share > 0.8 ? 0.4 : 0, 'little else went wrong')];
  },
  causes: ['downstream-errors'],
  remedy: ({ client: { now } }) =>
    `Raise the limit of requests (gateway, proxy or service) above ${Math.ceil(now.okPerSecond)}/s, which is what it lets through, if what stands after it carries more; otherwise let clients wait as Retry-After says.`,
  decidedBy: [],
};
