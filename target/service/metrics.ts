import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { hashing } from './passwords.ts';

/** Finer than prom-client's default below 100 ms, where a healthy request is, and up to the statement timeout and beyond. */
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The pool's own figures; pg's Pool has these. */
export interface PoolState {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Everything /metrics shows; the names are a contract with those who scrape it, see README.md. */
export type Metrics = ReturnType<typeof createMetrics>;

/** @returns the service's metrics in a registry of their own, so that two services in one process do not mix */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  observeEventLoop(registry);
  observeHashing(registry);
  // Password hashing computes on libuv's threads beside the main one, so this process may use more than one core.
  const cores = {
    name: 'process_cpu_limit_cores',
    help: 'Cores that this process may use',
    registers,
    aggregator: 'max',
  } as const;
  new Gauge(cores).set(availableParallelism());
  const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter<Label>({ name, help, labelNames, registers });
  const histogram = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Histogram<Label>({ name, help, labelNames, buckets: secondsBuckets, registers });
  return {
    registry,
    observePool: (pool: PoolState, max: number) => observePool(registry, pool, max),
    httpRequestSeconds: histogram(
      'http_request_duration_seconds',
      'Time to answer a request, from its headers to the last byte',
      ['method', 'route', 'status'],
    ),
    httpInFlight: new Gauge({ name: 'http_requests_in_flight', help: 'Requests being answered', registers }),
    poolWaitSeconds: histogram('db_pool_wait_seconds', 'Time a request waited for a database connection'),
    poolTimeouts: counter('db_pool_timeouts_total', 'Requests that got no database connection in time'),
    cacheHits: counter('cache_hits_total', 'Reads the cache answered'),
    cacheMisses: counter('cache_misses_total', 'Reads the cache had no value for'),
    cacheErrors: counter('cache_errors_total', 'Cache commands that failed or timed out'),
    downstreamSeconds: histogram('downstream_request_duration_seconds', 'Time the payment provider took', ['outcome']),
    jobsCreated: counter('jobs_created_total', 'Jobs created'),
    bidsAccepted: counter('bids_accepted_total', 'Bids accepted, one escrow account each'),
    payments: counter('payments_total', 'Payments by how they ended', ['outcome']),
  };
}

/** Busy share of the event loop since the scrape before: 1 means no request can be answered any sooner. */
function observeEventLoop(registry: Registry): void {
  let last = performance.eventLoopUtilization();
  const gauge = new Gauge({
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Busy share of the event loop since the scrape before',
    aggregator: 'average',
    registers: [registry],
    collect() {
      const now = performance.eventLoopUtilization();
      gauge.set(performance.eventLoopUtilization(now, last).utilization);
      last = now;
    },
  });
}

function observeHashing(registry: Registry): void {
  const registers = [registry];
  const underWay = new Gauge({
    name: 'password_hashes_in_progress',
    help: 'Password hashes begun and not ended; four at a time run in the thread pool, the rest wait',
    registers,
    collect() {
      underWay.set(hashing().inProgress);
    },
  });
  const cpu = new Counter({
    name: 'password_hash_cpu_seconds_total',
    help: 'CPU time of password hashing, each hash at the least time that one has taken',
    registers,
    collect() {
      cpu.reset();
      cpu.inc(hashing().cpuSeconds);
    },
  });
}

function observePool(registry: Registry, pool: PoolState, max: number): void {
  const registers = [registry];
  const connections = new Gauge({
    name: 'db_pool_connections',
    help: 'Open database connections by state',
    labelNames: ['state'],
    registers,
    collect() {
      connections.set({ state: 'idle' }, pool.idleCount);
      connections.set({ state: 'active' }, pool.totalCount - pool.idleCount);
    },
  });
  const waiting = new Gauge({
    name: 'db_pool_waiting',
    help: 'Requests waiting for a database connection',
    registers,
    collect() {
      waiting.set(pool.waitingCount);
    },
  });
  new Gauge({ name: 'db_pool_max', help: 'Most database connections the pool opens', registers }).set(max);
}
