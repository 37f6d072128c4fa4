import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { DATABASE_NAMES, isCollectable } from '../../../lib/signals/series/collectable.ts';
import { signals } from '../../../lib/signals/index.ts';

test('what can be read of what: a database knows its locks, a cache its memory, a service perhaps everything but its machine', () => {
  const from = (service: boolean, database: boolean, cache: boolean): string[] =>
    signals.filter((signal) => isCollectable(signal, { service, database, cache })).map(({ id }) => id);
  expect(from(false, false, false)).toEqual([]);
  expect(from(false, true, false)).toEqual([
    'database.connections',
    'database.connection-use',
    'database.lock-waits',
    'database.deadlocks',
    'database.commits',
    'database.hit-ratio',
    'database.active',
    'database.statement-rate',
    'database.idle-in-transaction',
    'database.sequential-rows',
    'database.io-waits',
  ]);
  expect(from(false, false, true)).toEqual([
    'cache.lookups',
    'cache.hit-ratio',
    'cache.evictions',
    'cache.memory',
    'cache.down',
  ]);
  const all = from(true, false, false);
  expect(all).toContain('service.event-loop');
  // Only CloudWatch knows these, only a laptop that.
  for (const id of ['database.cpu', 'balancer.throughput', 'host.cpu']) expect(all).not.toContain(id);
});

test('the names that a database is said to have are those that it is asked for', () => {
  const asked = readFileSync('lib/adapters/node/database-source.ts', 'utf8').matchAll(/ as (pg_\w+)/g);
  expect(new Set(DATABASE_NAMES)).toEqual(new Set(Array.from(asked, ([, name]) => name)));
});
