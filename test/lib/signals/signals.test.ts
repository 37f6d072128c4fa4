import { describe, expect, test } from '@jest/globals';
import { parseObjective } from '../../../lib/plan/objective.ts';
import { profiles } from '../../../lib/plan/profiles.ts';
import { signals } from '../../../lib/signals/index.ts';
import { never } from '../../../lib/signals/scrape.ts';
import { formatSignal, type Scrape } from '../../../lib/signals/signal.ts';

const ids = signals.map(({ id }) => id);

describe('the list of signals', () => {
  test('names each once', () => {
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('holds every signal that a profile is judged by', () => {
    const named = Object.values(profiles)
      .flat()
      .flatMap((line) => {
        const metric = parseObjective(line)?.metric;
        return metric?.of === 'signal' ? [metric.id] : [];
      });
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('lets traffic explain, and never accuse', () => {
    const traffic = signals.filter(({ kind }) => kind === 'traffic');
    expect(traffic.filter(({ limit, accuses }) => limit !== undefined || accuses !== undefined)).toEqual([]);
  });
});

/** Two scrapes of everything, a second apart; what counts has grown by what stands here. */
const before: Record<string, number> = {
  process_cpu_seconds_total: 100,
  password_hash_cpu_seconds_total: 40,
  cache_errors_total: 7,
  db_pool_timeouts_total: 2,
  pg_commits: 1000,
  pg_deadlocks: 1,
  pg_blocks_hit: 5000,
  pg_blocks_read: 100,
  cache_keyspace_hits: 10,
  cache_keyspace_misses: 10,
  cache_evicted_keys: 3,
  'downstream_request_duration_seconds_sum{outcome="accepted"}': 1,
  'downstream_request_duration_seconds_count{outcome="accepted"}': 10,
};
const now: Record<string, number> = {
  process_cpu_seconds_total: 101.5,
  cache_errors_total: 9,
  db_pool_timeouts_total: 3,
  pg_commits: 1250,
  pg_deadlocks: 1,
  pg_blocks_hit: 5080,
  pg_blocks_read: 120,
  cache_keyspace_hits: 40,
  cache_keyspace_misses: 20,
  cache_evicted_keys: 8,
  'downstream_request_duration_seconds_sum{outcome="accepted"}': 1.5,
  'downstream_request_duration_seconds_count{outcome="accepted"}': 20,
  host_cpu_ratio: 0.6,
  host_cores: 2,
  host_memory_bytes: 8e9,
  process_resident_memory_bytes: 2e9,
  nodejs_eventloop_lag_p99_seconds: 0.012,
  nodejs_eventloop_utilization_ratio: 0.7,
  http_requests_in_flight: 4,
  password_hashes_in_progress: 12,
  password_hash_cpu_seconds_total: 40.7,
  'db_pool_connections{state="active"}': 9,
  'db_pool_connections{state="idle"}': 1,
  db_pool_max: 10,
  db_pool_waiting: 3,
  pg_connections: 25,
  pg_max_connections: 100,
  pg_lock_waits: 2,
  cache_used_memory: 30,
  cache_maxmemory: 120,
};
const scrapes = (changed: Readonly<Record<string, number>> = {}): readonly [Scrape, Scrape] => [
  { atMs: 1000, values: new Map(Object.entries({ ...now, ...changed })) },
  { atMs: 0, values: new Map(Object.entries(before)) },
];
const read = (id: string, changed?: Readonly<Record<string, number>>): number | undefined =>
  signals.find((each) => each.id === id)?.read(...scrapes(changed));

describe('reads', () => {
  test.each([
    ['host.cpu', 0.6],
    ['service.cpu', 0.75], // 1.5 s of CPU in a second, on 2 cores
    ['service.memory', 0.25], // 2 of 8 GB
    ['service.resident-memory', 2e9],
    ['service.event-loop', 12_000],
    ['service.event-loop-use', 0.7],
    ['service.in-flight', 4],
    ['service.hashing', 12],
    ['service.hashing-cpu', 0.35], // 0.7 s of CPU in a second, on 2 cores
    ['database.pool-use', 0.9], // 9 of 10
    ['database.pool-waiting', 3],
    ['database.pool-timeouts', 1],
    ['database.connections', 25],
    ['database.connection-use', 0.25],
    ['database.lock-waits', 2],
    ['database.deadlocks', 0],
    ['database.commits', 250],
    ['database.hit-ratio', 0.8], // 80 of 80 + 20
    ['cache.hit-ratio', 0.75], // 30 of 30 + 10
    ['cache.evictions', 5],
    ['cache.memory', 0.25],
    ['cache.errors', 2],
    ['downstream.time', 50_000], // 0.5 s in 10 calls
    ['downstream.failed', 0], // all of them accepted
  ])('%s as %d', (id, value) => {
    expect(read(id)).toBeCloseTo(value, 9);
  });

  test('and what a service reads of its own is named here', () => {
    const local = signals.filter(({ read: reading }) => reading !== never).map(({ id }) => id);
    // Of other runtimes and exporters: ecosystems.test.ts.
    expect(local.filter((id) => read(id) === undefined)).toEqual([
      'balancer.dropped',
      'balancer.connections',
      'service.unhealthy',
      'balancer.unevenness',
      'service.scrape-time',
      'service.time',
      'service.garbage-collection',
      'service.collections',
      'service.heap',
      'service.worker-use',
      'service.worker-queue',
      'service.goroutines',
      'service.started',
      'service.marking',
      'service.reply-size',
      'network.sent',
      'service.descriptors',
      'database.pool-wait-time',
      'database.statement-time',
      'database.active',
      'database.statement-load',
      'database.idle-in-transaction',
      'database.sequential-rows',
      'database.io-waits',
      'cache.down',
      'downstream.retried',
    ]);
  });

  test("CPU and memory against the service's own limit, where it reports one", () => {
    expect(read('service.cpu', { process_cpu_limit_cores: 3 })).toBe(0.5);
    expect(read('service.memory', { process_memory_limit_bytes: 2.5e9 })).toBe(0.8);
  });

  test('nothing out of nothing', () => {
    const nothing: Scrape = { atMs: 0, values: new Map() };
    expect(signals.filter((each) => each.read({ ...nothing, atMs: 1000 }, nothing) !== undefined)).toEqual([]);
  });
});

test.each([
  [0.52, 'ratio', '52 %'],
  [12_000, 'us', '12 ms'],
  [3 * 2 ** 20, 'bytes', '3 MiB'],
  [41.26, 'perSecond', '41.3/s'],
  [1250, 'count', '1,250'],
] as const)('%d as %s is shown as %s', (value, unit, text) => {
  expect(formatSignal(value, unit)).toBe(text);
});
