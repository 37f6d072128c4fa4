import type { Cache } from '../cache.ts';
import type { Database, Queryable } from '../database/database.ts';
import { Problem } from '../problems.ts';
import type { Actor } from '../tokens.ts';
import { jobChanged } from './jobs.ts';

/** An escrow account: awaiting_payment → funded → released, or funded → disputed → released or refunded. */
export interface Escrow {
  readonly id: number;
  readonly jobId: number;
  readonly bidId: number;
  readonly customerId: number;
  readonly tradeId: number;
  readonly amountCents: number;
  readonly status: 'awaiting_payment' | 'funded' | 'disputed' | 'released' | 'refunded';
}

const columns = `id, job_id AS "jobId", bid_id AS "bidId", customer_id AS "customerId", trade_id AS "tradeId",
  amount_cents AS "amountCents", status`;

const findEscrow = { name: 'find-escrow', text: `SELECT ${columns} FROM escrow_accounts WHERE id = $1` };
const lockEscrow = { name: 'lock-escrow', text: `SELECT ${columns} FROM escrow_accounts WHERE id = $1 FOR UPDATE` };
const setEscrowStatus = { name: 'set-escrow-status', text: `UPDATE escrow_accounts SET status = $2 WHERE id = $1` };
const setJobStatus = { name: 'set-job-status', text: `UPDATE jobs SET status = $2 WHERE id = $1` };

/** The escrow account, for its customer and its trade. @throws Problem not-found, also for any other account */
export async function escrowFor(queryable: Queryable, actor: Actor, id: number): Promise<Escrow> {
  return ofParty(actor, await queryable.rows<Escrow & Record<string, unknown>>(findEscrow, [id]));
}

/** The same inside a transaction, locked until its end: who changes an escrow account takes this lock first. */
export async function lockedEscrowFor(transaction: Queryable, actor: Actor, id: number): Promise<Escrow> {
  return ofParty(actor, await transaction.rows<Escrow & Record<string, unknown>>(lockEscrow, [id]));
}

function ofParty({ userId }: Actor, [escrow]: readonly Escrow[]): Escrow {
  if (escrow === undefined || (escrow.customerId !== userId && escrow.tradeId !== userId))
    throw new Problem('not-found');
  return escrow;
}

/** Sets the state; the caller holds the lock. */
export async function moveEscrow(transaction: Queryable, id: number, status: Escrow['status']): Promise<void> {
  await transaction.rows(setEscrowStatus, [id, status]);
}

/** Ends an escrow account and its job with it; the caller holds the lock, commits, and then says jobChanged. */
export async function settleEscrow(
  transaction: Queryable,
  escrow: Escrow,
  outcome: 'release' | 'refund',
): Promise<void> {
  await moveEscrow(transaction, escrow.id, outcome === 'release' ? 'released' : 'refunded');
  await transaction.rows(setJobStatus, [escrow.jobId, outcome === 'release' ? 'completed' : 'cancelled']);
}

/** Pays the trade out: the customer is content. @throws Problem not-found, not-allowed (not the customer), escrow-state */
export async function releaseEscrow(
  { database, cache }: { database: Database; cache: Cache },
  actor: Actor,
  id: number,
): Promise<Escrow> {
  const escrow = await database.transaction(async (transaction) => {
    const found = await lockedEscrowFor(transaction, actor, id);
    if (found.customerId !== actor.userId) throw new Problem('not-allowed');
    if (found.status !== 'funded') throw new Problem('escrow-state');
    await settleEscrow(transaction, found, 'release');
    return found;
  });
  await jobChanged(cache, escrow.jobId);
  return { ...escrow, status: 'released' };
}
