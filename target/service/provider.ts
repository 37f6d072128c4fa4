import { performance } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';
import { Problem } from './problems.ts';

export interface Card {
  readonly number: string;
  readonly expiry: string;
  readonly cvc: string;
}

export interface PaymentOrder {
  readonly idempotencyKey: string;
  readonly amountCents: number;
  readonly card: Card;
}

export interface PaymentResult {
  readonly paymentId: string;
  readonly status: 'succeeded' | 'declined';
}

/** The payment provider, another company's service as far as this one is concerned. */
export interface Provider {
  /**
   * Charges a card, once for each idempotency key. No retry here: under a slow provider retries multiply the load; who
   * holds the key may repeat the payment safely.
   * @throws Problem provider-timeout (the outcome is unknown) or provider-error
   */
  pay(order: PaymentOrder): Promise<PaymentResult>;
  /** Rejects when the provider is not healthy. */
  ping(): Promise<void>;
}

export function connectProvider(options: { url: string; timeoutMs: number }, metrics: Metrics): Provider {
  const healthUrl = new URL('/health', options.url);
  const paymentsUrl = new URL('/payments', options.url);
  return {
    async pay(order) {
      const startedAtMs = performance.now();
      const answer = await post(paymentsUrl, order, options.timeoutMs);
      const outcome = typeof answer === 'string' ? answer : answer.status;
      metrics.downstreamSeconds.observe({ outcome }, (performance.now() - startedAtMs) / 1000);
      if (answer === 'timeout') throw new Problem('provider-timeout');
      if (answer === 'error') throw new Problem('provider-error');
      return answer;
    },
    async ping() {
      const response = await fetch(healthUrl, { signal: AbortSignal.timeout(options.timeoutMs) });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`status ${response.status}`);
    },
  };
}

async function post(url: URL, order: PaymentOrder, timeoutMs: number): Promise<PaymentResult | 'timeout' | 'error'> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return response.ok ? paymentResult(JSON.parse(text)) : 'error';
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'error';
  }
}

function paymentResult(body: unknown): PaymentResult | 'error' {
  if (typeof body !== 'object' || body === null || !('paymentId' in body) || !('status' in body)) return 'error';
  const { paymentId, status } = body;
  if (typeof paymentId !== 'string' || (status !== 'succeeded' && status !== 'declined')) return 'error';
  return { paymentId, status };
}
