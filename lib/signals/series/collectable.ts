import { never } from '../scrape.ts';
import type { Scrape, Signal } from '../signal.ts';

/** All that a database says of itself, by lib/adapters/node/database-source.ts. */
export const DATABASE_NAMES = [
  'pg_connections',
  'pg_lock_waits',
  'pg_io_waits',
  'pg_active',
  'pg_idle_in_transaction',
  'pg_seq_rows_read',
  'pg_max_connections',
  'pg_commits',
  'pg_deadlocks',
  'pg_blocks_hit',
  'pg_blocks_read',
  'pg_active_ms',
  'pg_idle_in_transaction_ms',
  'pg_statement_calls',
] as const;

/** Of what a cache says of itself, as much as signals are read from. */
export const CACHE_NAMES = [
  'cache_keyspace_hits',
  'cache_keyspace_misses',
  'cache_evicted_keys',
  'cache_used_memory',
  'cache_maxmemory',
  'cache_down',
] as const;

/** Of a machine that generator and target share. */
const HOST_NAMES = ['host_cpu_ratio', 'host_cores', 'host_memory_bytes'];

/** What is read beside a load: the service's own figures, its database's, its cache's. */
export interface ReadSources {
  readonly service: boolean;
  readonly database: boolean;
  readonly cache: boolean;
}

/** Whether a signal can be read from these. What a service exports is known only when it is asked, so it may be anything. */
export function isCollectable(signal: Signal, { service, database, cache }: ReadSources): boolean {
  if (signal.read === never || readsFrom(signal, HOST_NAMES)) return false;
  return service || readsFrom(signal, [...(database ? DATABASE_NAMES : []), ...(cache ? CACHE_NAMES : [])]);
}

const readsFrom = ({ read }: Signal, names: readonly string[]): boolean =>
  read(madeUp(names, 2), madeUp(names, 1)) !== undefined;

/** Everything has grown by 1 within a second. */
const madeUp = (names: readonly string[], value: number): Scrape => ({
  atMs: value * 1000,
  values: new Map(names.map((name) => [name, value])),
});
