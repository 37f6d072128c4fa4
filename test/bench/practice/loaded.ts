import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { measureInLab } from '../../../bin/local/lab/run.ts';
import { type LabService, startLabService } from '../../../bin/local/lab/service.ts';
import { renderReport } from '../../../bin/local/printed-report.ts';
import { Started } from '../../../bin/local/started.ts';
import { RunFolder } from '../../../lib/adapters/node/run-folder.ts';
import type { PhaseFindings } from '../../../lib/analysis/phase.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';

/** What a constant load came to, and what it cost. */
export interface Loaded {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p95Us: number;
  /** Of all processes of the service, a request. */
  readonly serviceCpuMs: number;
  /** In statements, waiting included, a request. */
  readonly databaseMs: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  /** Values that were computed because the cache did not have them. */
  readonly recomputed: number;
}

export interface Load {
  readonly name: string;
  readonly steps: PlanInput['scenarios'][number]['steps'];
  readonly rate: number;
  readonly seconds: number;
  /** After the warm-up, before anything is counted. */
  readonly prepare?: () => Promise<void>;
}

/** A service of the lab, with a superuser's connection to its database. */
export interface Practice extends LabService {
  readonly sql: Client;
  /** Warms up, loads, writes the report into the run's folder, and counts. */
  readonly load: (load: Load) => Promise<Loaded>;
}

/** Starts a service of the lab, hands it over, and stops it. */
export async function withPractice(folder: string, work: (practice: Practice) => Promise<void>): Promise<void> {
  const { signal } = new AbortController();
  await using started = new Started();
  const { path } = await RunFolder.create(folder);
  const service = await startLabService(path, started, signal);
  const sql = started.adopt(new Client({ connectionString: service.underTest.database }), (client) => client.end());
  await sql.connect();
  const { cache = '' } = service.underTest;
  // Connected before a fault counts how much memory the server uses, which its connections take part in.
  const redis = started.adopt(new Redis(cache, { protocol: 2 }), (client) => client.disconnect());
  await redis.info('stats');
  const sources = { service, sql, redis };
  await work({
    ...service,
    sql,
    load: async (load) => {
      const runFolder = await RunFolder.create(join(path, load.name));
      let before: Counters | undefined;
      const report = await measureInLab(planOf(load, service.underTest.target.href), {
        folder: runFolder,
        signal,
        underTest: service.underTest,
        beforePhase: async ({ kind }) => {
          if (kind === 'warm-up') return;
          await load.prepare?.();
          before = await count(sources);
        },
      });
      const after = await count(sources);
      await runFolder.write(renderReport(report));
      const phase = report.summary.phases.at(-1);
      if (phase === undefined || before === undefined) throw new Error(`${load.name} has no phase`);
      return loadedOf(phase, before, after);
    },
  });
}

const planOf = ({ name, steps, rate, seconds }: Load, target: string): PlanInput => ({
  name,
  target,
  timeout: '10s',
  signals: { metrics: '/metrics' },
  objectives: ['p95 < 300ms, warn > 300ms', 'errors < 1%, warn > 1%'],
  setup: [
    {
      post: '/api/auth/login',
      name: 'log in',
      json: { email: 'user000001@example.test', password: 'plimsoll-line-1876' },
      capture: { token: '$.token' },
    },
  ],
  scenarios: [{ name: 'look', steps }],
  phases: [
    { name: 'warm-up', kind: 'warm-up', duration: '3s', open: { rate } },
    { name: 'load', kind: 'sustained', duration: `${seconds}s`, open: { rate } },
  ],
});

type Counters = Readonly<Record<'cpuSeconds' | 'databaseMs' | 'hits' | 'misses' | 'evictions' | 'recomputed', number>>;

interface Sources {
  readonly service: LabService;
  readonly sql: Client;
  readonly redis: Redis;
}

async function count({ service: { underTest }, sql, redis }: Sources): Promise<Counters> {
  const text = await (await fetch(new URL('/metrics', underTest.target))).text();
  const metric = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  const { rows } = await sql.query<{ ms: number; recomputed: number }>(
    `SELECT coalesce(sum(total_exec_time), 0) AS ms,
       coalesce(sum(calls) FILTER (WHERE query LIKE 'SELECT pg_sleep%'), 0)::int AS recomputed
     FROM pg_stat_statements JOIN pg_roles ON userid = pg_roles.oid WHERE rolname = 'marketplace'`,
  );
  return {
    cpuSeconds: metric('process_cpu_seconds_total'),
    databaseMs: rows[0]?.ms ?? 0,
    hits: metric('cache_hits_total'),
    misses: metric('cache_misses_total'),
    evictions: Number(/^evicted_keys:(\d+)/m.exec(await redis.info('stats'))?.[1] ?? 0),
    recomputed: rows[0]?.recomputed ?? 0,
  };
}

function loadedOf(phase: PhaseFindings, before: Counters, after: Counters): Loaded {
  const { sent } = phase.ledger;
  return {
    perSecond: phase.throughputPerSecond ?? 0,
    p50Us: phase.responseTimeUs?.p50 ?? Number.NaN,
    p95Us: phase.responseTimeUs?.p95 ?? Number.NaN,
    serviceCpuMs: ((after.cpuSeconds - before.cpuSeconds) * 1000) / sent,
    databaseMs: (after.databaseMs - before.databaseMs) / sent,
    hits: after.hits - before.hits,
    misses: after.misses - before.misses,
    evictions: after.evictions - before.evictions,
    recomputed: after.recomputed - before.recomputed,
  };
}
