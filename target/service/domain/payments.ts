import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../database/database.ts';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problems.ts';
import type { Card, PaymentResult, Provider } from '../provider.ts';
import type { Actor } from '../tokens.ts';
import { lockedEscrowFor, moveEscrow } from './escrows.ts';

export interface Payment {
  readonly id: number;
  readonly escrowId: number;
  readonly amountCents: number;
  readonly status: 'pending' | 'succeeded' | 'declined';
  readonly idempotencyKey: string;
}

export interface PaymentRequest {
  readonly escrowId: number;
  readonly amountCents: number;
  readonly card: Card;
  /** The client's own; without it a pending payment is continued, or a key is made up. */
  readonly idempotencyKey: string | undefined;
}

type PaymentRow = Payment & Record<string, unknown>;
type Services = { database: Database; provider: Provider; metrics: Metrics };

const columns = `id, escrow_id AS "escrowId", amount_cents AS "amountCents", status, idempotency_key AS "idempotencyKey"`;
const findByKey = {
  name: 'find-payment',
  text: `SELECT ${columns} FROM payments WHERE escrow_id = $1 AND idempotency_key = $2`,
};
const findPending = {
  name: 'find-pending-payment',
  text: `SELECT ${columns} FROM payments WHERE escrow_id = $1 AND status = 'pending'`,
};
const insertPayment = {
  name: 'insert-payment',
  text: `INSERT INTO payments (escrow_id, idempotency_key, amount_cents, card_last4) VALUES ($1, $2, $3, $4) RETURNING ${columns}`,
};
const finishPayment = {
  name: 'finish-payment',
  text: `UPDATE payments SET status = $2, provider_payment_id = $3 WHERE id = $1 AND status = 'pending' RETURNING id`,
};

/**
 * Pays an escrow account in three steps: a short transaction notes the payment as pending, the provider charges the card, a
 * second transaction notes the outcome. No connection is held during the call, and no outcome is guessed: after a time-out the
 * payment stays pending, and repeating the request asks the provider again with the same key.
 * @throws Problem not-found, not-allowed, amount-mismatch, escrow-state, payment-pending, card-declined, provider-timeout,
 * provider-error
 */
export async function pay(
  { database, provider, metrics }: Services,
  actor: Actor,
  request: PaymentRequest,
): Promise<Payment> {
  const payment = await database.transaction((transaction) => begin(transaction, actor, request));
  if (payment.status === 'declined') throw new Problem('card-declined');
  if (payment.status === 'succeeded') return payment;
  const { amountCents, card } = request;
  const result = await charge({ provider, metrics }, { idempotencyKey: payment.idempotencyKey, amountCents, card });
  const first = await database.transaction((transaction) => finish(transaction, payment, result));
  if (first) metrics.payments.inc({ outcome: result.status });
  if (result.status === 'declined') throw new Problem('card-declined');
  return { ...payment, status: result.status };
}

async function charge(
  { provider, metrics }: Omit<Services, 'database'>,
  order: Parameters<Provider['pay']>[0],
): Promise<PaymentResult> {
  try {
    return await provider.pay(order);
  } catch (error) {
    metrics.payments.inc({
      outcome: error instanceof Problem && error.code === 'provider-timeout' ? 'timeout' : 'error',
    });
    throw error;
  }
}

/** The payment this request is about: the one with its key, a pending one to be continued, or a new one. */
async function begin(transaction: Queryable, actor: Actor, request: PaymentRequest): Promise<Payment> {
  const { escrowId, amountCents, card, idempotencyKey } = request;
  const escrow = await lockedEscrowFor(transaction, actor, escrowId);
  if (escrow.customerId !== actor.userId) throw new Problem('not-allowed');
  if (escrow.amountCents !== amountCents) throw new Problem('amount-mismatch');
  const known =
    idempotencyKey === undefined ? [] : await transaction.rows<PaymentRow>(findByKey, [escrowId, idempotencyKey]);
  if (known[0] !== undefined) return known[0];
  if (escrow.status !== 'awaiting_payment') throw new Problem('escrow-state');
  const [pending] = await transaction.rows<PaymentRow>(findPending, [escrowId]);
  if (pending !== undefined && idempotencyKey !== undefined) throw new Problem('payment-pending');
  if (pending !== undefined) return pending;
  const values = [escrowId, idempotencyKey ?? randomUUID(), amountCents, card.number.slice(-4)];
  const [payment] = await transaction.rows<PaymentRow>(insertPayment, values);
  if (payment === undefined) throw new Problem('internal');
  return payment;
}

/** Notes the outcome; false when a request with the same key has done so already. */
async function finish(transaction: Queryable, payment: Payment, result: PaymentResult): Promise<boolean> {
  const [finished] = await transaction.rows(finishPayment, [payment.id, result.status, result.paymentId]);
  if (finished !== undefined && result.status === 'succeeded')
    await moveEscrow(transaction, payment.escrowId, 'funded');
  return finished !== undefined;
}
