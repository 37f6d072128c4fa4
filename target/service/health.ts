import { performance } from 'node:perf_hooks';
import type { Services } from './services.ts';

/** One dependency: whether it answered, and how soon. */
export interface Check {
  readonly ok: boolean;
  readonly milliseconds: number;
}

export interface Health {
  /** "ok"; "degraded" when only the cache or the provider is missing; "down" without the database. */
  readonly status: 'ok' | 'degraded' | 'down';
  readonly database: Check;
  readonly cache: Check;
  readonly downstream: Check;
}

const patienceMs = 1_000;
/** Health is asked by balancers, monitors and load tests; the dependencies shall feel one of them. */
const freshForMs = 500;

const selectOne = { name: 'health', text: 'SELECT 1' };

/** @returns a function that checks all three at once, at most every half second, who asks */
export function createHealthCheck({ database, cache, provider }: Services): () => Promise<Health> {
  let latest: Promise<Health> | undefined;
  let askedAtMs = 0;
  return () => {
    const nowMs = performance.now();
    if (latest === undefined || nowMs - askedAtMs > freshForMs) {
      askedAtMs = nowMs;
      latest = checkAll([() => database.rows(selectOne, []), () => cache.ping(), () => provider.ping()]);
    }
    return latest;
  };
}

async function checkAll(probes: readonly [Probe, Probe, Probe]): Promise<Health> {
  const [database, cache, downstream] = await Promise.all([check(probes[0]), check(probes[1]), check(probes[2])]);
  const others = cache.ok && downstream.ok ? 'ok' : 'degraded';
  return { status: database.ok ? others : 'down', database, cache, downstream };
}

type Probe = () => Promise<unknown>;

async function check(probe: Probe): Promise<Check> {
  const startedAtMs = performance.now();
  const ok = await Promise.race([probe().then(() => true), expired()]).catch(() => false);
  return { ok, milliseconds: Math.round((performance.now() - startedAtMs) * 10) / 10 };
}

function expired(): Promise<boolean> {
  return new Promise((resolve) => setTimeout(() => resolve(false), patienceMs).unref());
}
