import type { Cache } from '../../service/cache.ts';
import type { Database } from '../../service/database/database.ts';
import { integer } from '../fault.ts';

const recompute = { name: 'lab-recompute', text: 'SELECT pg_sleep($1)' };

/** What a value costs that the cache does not have: the reason why it is cached. */
export const recomputing = { recompute_ms: integer(300, 1, 2_000) };

/** A cache behind whose misses, and failures, a value is computed in the database. */
export const costlyMisses = (cache: Cache, database: Database, milliseconds: number): Cache => ({
  ...cache,
  async get(key) {
    const value = await cache.get(key);
    if (value === undefined) await database.rows(recompute, [milliseconds / 1_000]);
    return value;
  },
});
