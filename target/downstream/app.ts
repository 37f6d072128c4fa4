import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface ProviderOptions {
  /** The mean time a payment takes, in milliseconds. */
  readonly delayMs: number;
  readonly seed: number;
}

interface PaymentOrder {
  readonly idempotencyKey: string;
  readonly amountCents: number;
  readonly card: { readonly number: string };
}

interface PaymentResult {
  readonly paymentId: string;
  readonly status: 'succeeded' | 'declined';
}

/** A provider that forgets after so many payments is enough for a retry, which comes within seconds. */
const rememberedPayments = 10_000;

const orderSchema = {
  type: 'object',
  required: ['idempotencyKey', 'amountCents', 'card'],
  properties: {
    idempotencyKey: { type: 'string', minLength: 1, maxLength: 100 },
    amountCents: { type: 'integer', minimum: 1 },
    card: {
      type: 'object',
      required: ['number'],
      properties: { number: { type: 'string', pattern: '^[0-9]{12,19}$' } },
    },
  },
} as const;

/**
 * The payment provider the marketplace calls. POST /payments answers after a delay and charges one idempotency key once;
 * a card number that ends in 0002 is declined. Card numbers are neither stored nor logged.
 */
export function buildProvider(options: ProviderOptions): FastifyInstance {
  const app = Fastify({ logger: { level: 'warn', stream: process.stderr }, forceCloseConnections: 'idle' });
  const delay = seededDelay(options);
  const charged = new Map<string, PaymentResult>();
  app.get('/health', () => ({ status: 'ok' }));
  app.post<{ Body: PaymentOrder }>('/payments', { schema: { body: orderSchema } }, async ({ body }) => {
    await pause(delay());
    const result = charged.get(body.idempotencyKey) ?? charge(body);
    remember(charged, body.idempotencyKey, result);
    return result;
  });
  return app;
}

function charge({ card }: PaymentOrder): PaymentResult {
  return { paymentId: randomUUID(), status: card.number.endsWith('0002') ? 'declined' : 'succeeded' };
}

function remember(charged: Map<string, PaymentResult>, key: string, result: PaymentResult): void {
  charged.set(key, result);
  const oldest = charged.keys().next();
  if (charged.size > rememberedPayments && oldest.done !== true) charged.delete(oldest.value);
}

/**
 * Delays in milliseconds with the mean asked for: 70 % of it is fixed, the rest exponential, which gives the long tail that
 * remote services have (p99 ≈ 2.1 × mean). The n-th delay is a function of the seed alone.
 */
export function seededDelay({ delayMs, seed }: ProviderOptions): () => number {
  const random = xoroshiro128plus(seed);
  return () => delayMs * (0.7 - 0.3 * Math.log(1 - uniformFloat64(random)));
}
