import type { Cache } from '../cache.ts';
import type { Database } from '../database/database.ts';
import { Problem } from '../problems.ts';
import type { Actor } from '../tokens.ts';
import { lockedEscrowFor, moveEscrow, settleEscrow } from './escrows.ts';
import { jobChanged } from './jobs.ts';

export type DisputeOutcome = 'release' | 'refund';

export interface Dispute {
  readonly id: number;
  readonly escrowId: number;
  readonly status: 'open' | 'resolved';
  readonly outcome: DisputeOutcome | null;
}

type DisputeRow = Dispute & Record<string, unknown>;

const columns = `id, escrow_id AS "escrowId", status, outcome`;
const insertDispute = {
  name: 'insert-dispute',
  text: `INSERT INTO disputes (escrow_id, opened_by, reason) VALUES ($1, $2, $3) RETURNING ${columns}`,
};
const findDispute = { name: 'find-dispute', text: `SELECT ${columns} FROM disputes WHERE id = $1` };
const resolveOpen = {
  name: 'resolve-dispute',
  text: `UPDATE disputes SET status = 'resolved', outcome = $2, resolved_at = now() WHERE id = $1 AND status = 'open'
    RETURNING ${columns}`,
};

/** Either party stops the pay-out of a funded escrow account. @throws Problem not-found, escrow-state */
export async function openDispute(
  database: Database,
  actor: Actor,
  escrowId: number,
  reason: string,
): Promise<Dispute> {
  return database.transaction(async (transaction) => {
    const escrow = await lockedEscrowFor(transaction, actor, escrowId);
    if (escrow.status !== 'funded') throw new Problem('escrow-state');
    await moveEscrow(transaction, escrowId, 'disputed');
    const [dispute] = await transaction.rows<DisputeRow>(insertDispute, [escrowId, actor.userId, reason]);
    if (dispute === undefined) throw new Problem('internal');
    return dispute;
  });
}

/**
 * Ends a dispute with its escrow account and job. Either party may: the marketplace has no mediators, and records what the
 * parties agreed on. The escrow account is locked before the dispute is touched, in the order openDispute has.
 * @throws Problem not-found, dispute-resolved
 */
export async function resolveDispute(
  { database, cache }: { database: Database; cache: Cache },
  actor: Actor,
  { id, outcome }: { id: number; outcome: DisputeOutcome },
): Promise<Dispute> {
  const [found] = await database.rows<DisputeRow>(findDispute, [id]);
  if (found === undefined) throw new Problem('not-found');
  const { resolved, jobId } = await database.transaction(async (transaction) => {
    const escrow = await lockedEscrowFor(transaction, actor, found.escrowId);
    const [dispute] = await transaction.rows<DisputeRow>(resolveOpen, [id, outcome]);
    if (dispute === undefined) throw new Problem('dispute-resolved');
    await settleEscrow(transaction, escrow, outcome);
    return { resolved: dispute, jobId: escrow.jobId };
  });
  await jobChanged(cache, jobId);
  return resolved;
}
