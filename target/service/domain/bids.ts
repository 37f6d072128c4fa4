import type { Cache } from '../cache.ts';
import type { Database, Queryable } from '../database/database.ts';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problems.ts';
import type { Actor } from '../tokens.ts';
import { jobChanged } from './jobs.ts';

export interface Bid {
  readonly id: number;
  readonly jobId: number;
  readonly tradeId: number;
  readonly amountCents: number;
  readonly message: string;
  readonly status: 'pending' | 'accepted' | 'rejected';
  readonly createdAt: Date;
}

type BidRow = Bid & Record<string, unknown>;

const columns = `id, job_id AS "jobId", trade_id AS "tradeId", amount_cents AS "amountCents", message, status,
  created_at AS "createdAt"`;

const findOwner = { name: 'find-job-owner', text: `SELECT customer_id AS "customerId" FROM jobs WHERE id = $1` };
const listOfJob = { name: 'list-bids', text: `SELECT ${columns} FROM bids WHERE job_id = $1 ORDER BY id` };
const listOwn = { name: 'list-own-bids', text: `SELECT ${columns} FROM bids WHERE job_id = $1 AND trade_id = $2` };
/** FOR SHARE waits for a running accept and then sees the job as assigned: no bid slips in behind an accepted one. */
const insertBid = {
  name: 'insert-bid',
  text: `INSERT INTO bids (job_id, trade_id, amount_cents, message)
    SELECT id, $2, $3, $4 FROM jobs WHERE id = $1 AND status = 'open' FOR SHARE
    ON CONFLICT (job_id, trade_id) DO NOTHING RETURNING ${columns}`,
};
const hasBid = { name: 'has-bid', text: `SELECT id FROM bids WHERE job_id = $1 AND trade_id = $2` };

/** The job's owner sees all bids, a trade its own. @throws Problem not-found */
export async function bidsOn(database: Database, { userId }: Actor, jobId: number): Promise<{ bids: Bid[] }> {
  const [job] = await database.rows<{ customerId: number }>(findOwner, [jobId]);
  if (job === undefined) throw new Problem('not-found');
  const own = job.customerId === userId;
  return {
    bids: await (own ? database.rows<BidRow>(listOfJob, [jobId]) : database.rows<BidRow>(listOwn, [jobId, userId])),
  };
}

/** @throws Problem not-allowed (no trade), not-found, job-not-open, already-bid */
export async function placeBid(
  database: Database,
  { userId, role }: Actor,
  { jobId, amountCents, message }: { jobId: number; amountCents: number; message: string },
): Promise<Bid> {
  if (role !== 'trade') throw new Problem('not-allowed');
  const [bid] = await database.rows<BidRow>(insertBid, [jobId, userId, amountCents, message]);
  if (bid !== undefined) return bid;
  // Only the rare refusal pays for finding out why.
  const [job] = await database.rows(findOwner, [jobId]);
  if (job === undefined) throw new Problem('not-found');
  const [earlier] = await database.rows(hasBid, [jobId, userId]);
  throw new Problem(earlier === undefined ? 'job-not-open' : 'already-bid');
}

/** The job's row is the lock that all accepts of its bids, and new bids on it, take turns on. */
const lockJobOfBid = {
  name: 'lock-job-of-bid',
  text: `SELECT j.id, j.customer_id AS "customerId", j.status FROM jobs j JOIN bids b ON b.job_id = j.id WHERE b.id = $1
    FOR UPDATE OF j`,
};
const decideBids = {
  name: 'decide-bids',
  text: `UPDATE bids SET status = CASE WHEN id = $2 THEN 'accepted' ELSE 'rejected' END WHERE job_id = $1`,
};
const assignJob = { name: 'assign-job', text: `UPDATE jobs SET status = 'assigned' WHERE id = $1` };
const insertEscrow = {
  name: 'insert-escrow',
  text: `INSERT INTO escrow_accounts (job_id, bid_id, customer_id, trade_id, amount_cents)
    SELECT $1, b.id, $3, b.trade_id, b.amount_cents FROM bids b WHERE b.id = $2 RETURNING id`,
};

/**
 * Accepts a bid for the owner of its job: the other bids are rejected, the job is assigned, an escrow account is opened, all or
 * nothing. Of two accepts for one job at once, one waits for the other's commit and then finds the job not open.
 * @throws Problem not-found (also for a job of another customer), job-not-open
 */
export async function acceptBid(
  { database, cache, metrics }: { database: Database; cache: Cache; metrics: Metrics },
  actor: Actor,
  bidId: number,
): Promise<{ escrowId: number; jobId: number }> {
  const accepted = await database.transaction((transaction) => accept(transaction, actor, bidId));
  metrics.bidsAccepted.inc();
  await jobChanged(cache, accepted.jobId);
  return accepted;
}

async function accept(transaction: Queryable, { userId }: Actor, bidId: number) {
  const [job] = await transaction.rows<{ id: number; customerId: number; status: string }>(lockJobOfBid, [bidId]);
  if (job === undefined || job.customerId !== userId) throw new Problem('not-found');
  if (job.status !== 'open') throw new Problem('job-not-open');
  await transaction.rows(decideBids, [job.id, bidId]);
  await transaction.rows(assignJob, [job.id]);
  const [escrow] = await transaction.rows<{ id: number }>(insertEscrow, [job.id, bidId, userId]);
  if (escrow === undefined) throw new Problem('internal');
  return { escrowId: escrow.id, jobId: job.id };
}
