import type { Cache } from '../cache.ts';
import type { Database } from '../database/database.ts';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problems.ts';
import type { Actor } from '../tokens.ts';

export interface NewJob {
  readonly trade: string;
  readonly city: string;
  readonly title: string;
  readonly description: string;
  readonly budgetCents: number;
}

/** A job as clients see it; `createdAt` is ISO 8601 in JSON. */
export interface Job extends NewJob {
  readonly id: number;
  readonly customerId: number;
  readonly status: 'open' | 'assigned' | 'completed' | 'cancelled';
  readonly createdAt: Date;
}

/** What filters a listing, and which page of it: jobs with an id below `after`. */
export interface JobFilter {
  readonly trade?: string;
  readonly city?: string;
  readonly after?: number;
  readonly limit: number;
}

type JobRow = Job & Record<string, unknown>;

const columns = `id, customer_id AS "customerId", trade, city, title, description, budget_cents AS "budgetCents", status,
  created_at AS "createdAt"`;
const beyondAnyId = Number.MAX_SAFE_INTEGER;
const cachedSeconds = 60;

const insertJob = {
  name: 'insert-job',
  text: `INSERT INTO jobs (customer_id, trade, city, title, description, budget_cents) VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING ${columns}`,
};
const findJob = { name: 'find-job', text: `SELECT ${columns} FROM jobs WHERE id = $1` };
const searchJobs = {
  name: 'search-jobs',
  text: `SELECT ${columns} FROM jobs WHERE search @@ websearch_to_tsquery('english', $1) AND status = 'open'
    ORDER BY id DESC LIMIT $2`,
};

/** One statement for each mix of filters: a condition like "$3 IS NULL OR trade = $3" would keep a prepared plan off the indexes. */
function listing(name: string, condition: string): { name: string; text: string } {
  return {
    name: `list-jobs${name}`,
    text: `SELECT ${columns} FROM jobs WHERE status = 'open' AND id < $1 ${condition} ORDER BY id DESC LIMIT $2`,
  };
}
const listAll = listing('', '');
const listTrade = listing('-trade', 'AND trade = $3');
const listCity = listing('-city', 'AND city = $3');
const listTradeCity = listing('-trade-city', 'AND trade = $3 AND city = $4');

/** Open jobs, newest first; `next` goes into `after` of the following page, null on the last. */
export async function listJobs(
  database: Database,
  { trade, city, after = beyondAnyId, limit }: JobFilter,
): Promise<{ jobs: Job[]; next: number | null }> {
  const filters = [trade, city].filter((value) => value !== undefined);
  const statement =
    trade === undefined ? (city === undefined ? listAll : listCity) : city === undefined ? listTrade : listTradeCity;
  const jobs = await database.rows<JobRow>(statement, [after, limit, ...filters]);
  return { jobs, next: jobs.length < limit ? null : (jobs.at(-1)?.id ?? null) };
}

/** Open jobs whose title or description hold the words, newest first. Words, "phrases", or, -not: as on the web. */
export async function findJobs(database: Database, words: string, limit: number): Promise<{ jobs: Job[] }> {
  return { jobs: await database.rows<JobRow>(searchJobs, [words, limit]) };
}

/** @throws Problem not-allowed for an account that is no customer */
export async function createJob(
  { database, metrics }: { database: Database; metrics: Metrics },
  { userId, role }: Actor,
  { trade, city, title, description, budgetCents }: NewJob,
): Promise<Job> {
  if (role !== 'customer') throw new Problem('not-allowed');
  const [job] = await database.rows<JobRow>(insertJob, [userId, trade, city, title, description, budgetCents]);
  if (job === undefined) throw new Problem('internal');
  metrics.jobsCreated.inc();
  return job;
}

/**
 * A job as JSON text, from the cache where it is there: what is cached is the reply itself, so a hit costs no serialising.
 * @throws Problem not-found
 */
export async function jobAsJson(
  { database, cache }: { database: Database; cache: Cache },
  id: number,
): Promise<{ json: string; cached: boolean }> {
  const cached = await cache.get(keyOf(id));
  if (cached !== undefined) return { json: cached, cached: true };
  const [job] = await database.rows<JobRow>(findJob, [id]);
  if (job === undefined) throw new Problem('not-found');
  const json = JSON.stringify(job);
  await cache.set(keyOf(id), json, cachedSeconds);
  return { json, cached: false };
}

/**
 * The invalidation rule: who changes a row of `jobs` calls this after its commit (before it, a reader could put the old
 * row back). Two ways remain to read an old job: a reader that read before the commit and wrote after this removal, and a
 * removal lost to a cache outage. Both end with the value's minute to live, which a job listing can bear; no money is moved
 * by what a cache says, as every change checks the row itself under its lock.
 */
export function jobChanged(cache: Cache, id: number): Promise<void> {
  return cache.drop(keyOf(id));
}

function keyOf(id: number): string {
  return `job:${id}`;
}
