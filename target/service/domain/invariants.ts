import type { Database } from '../database/database.ts';

/** What must hold of the data at any moment, and how many rows break it. */
export interface Invariants {
  readonly holds: boolean;
  readonly violations: Readonly<Record<keyof typeof counts, number>>;
}

/** For each invariant the rows that break it. All are counted in one statement, and so in one snapshot. */
const counts = {
  /** Money: what was paid in and what the escrow accounts hold or have paid out are the same, account by account. */
  escrowIsPaidExactly: `SELECT count(*) FROM escrow_accounts e
    LEFT JOIN (SELECT escrow_id, sum(amount_cents) AS paid FROM payments WHERE status = 'succeeded' GROUP BY escrow_id) p
      ON p.escrow_id = e.id
    WHERE coalesce(p.paid, 0) <> CASE e.status WHEN 'awaiting_payment' THEN 0 ELSE e.amount_cents END`,
  /** A bid that was accepted is not lost: it has its escrow account, with its job, trade and amount. */
  acceptedBidHasEscrow: `SELECT count(*) FROM bids b LEFT JOIN escrow_accounts e ON e.bid_id = b.id
    WHERE b.status = 'accepted' AND (e.id IS NULL OR (e.job_id, e.trade_id, e.amount_cents) <> (b.job_id, b.trade_id, b.amount_cents))`,
  /** An escrow account is of a bid that was accepted. */
  escrowHasAcceptedBid: `SELECT count(*) FROM escrow_accounts e JOIN bids b ON b.id = e.bid_id WHERE b.status <> 'accepted'`,
  /** No bid is doubled, and no job has two that were accepted. */
  oneBidATrade: 'SELECT count(*) FROM (SELECT FROM bids GROUP BY job_id, trade_id HAVING count(*) > 1) AS doubled',
  oneAcceptedBidAJob: `SELECT count(*) FROM
    (SELECT FROM bids WHERE status = 'accepted' GROUP BY job_id HAVING count(*) > 1) AS doubled`,
  /** Job and escrow account say the same of how far they are. */
  jobFitsEscrow: `SELECT count(*) FROM jobs j LEFT JOIN escrow_accounts e ON e.job_id = j.id
    WHERE j.status <> CASE WHEN e.id IS NULL THEN 'open' WHEN e.status = 'released' THEN 'completed'
      WHEN e.status = 'refunded' THEN 'cancelled' ELSE 'assigned' END`,
  /** An account is disputed as long as it has an open dispute. */
  disputeFitsEscrow: `SELECT count(*) FROM escrow_accounts e
    WHERE (e.status = 'disputed') <> EXISTS (SELECT FROM disputes d WHERE d.escrow_id = e.id AND d.status = 'open')`,
} as const;

const countAll = {
  name: 'count-violations',
  text: `SELECT ${Object.entries(counts)
    .map(([name, text]) => `(${text})::int AS "${name}"`)
    .join(', ')}`,
};

/** Whether the data is sound, for the end of a run: it reads whole tables. */
export async function checkInvariants(database: Database): Promise<Invariants> {
  const [violations] = await database.rows<Invariants['violations']>(countAll, []);
  if (violations === undefined) throw new Error('the database counted nothing');
  return { holds: Object.values(violations).every((count) => count === 0), violations };
}
