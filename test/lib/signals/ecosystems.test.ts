import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { signals } from '../../../lib/signals/index.ts';
import { parsePrometheus } from '../../../lib/signals/prometheus/exposition.ts';
import { READ } from './exposition-readings.ts';

const FOLDER = join(import.meta.dirname, 'exposition');

/** Two scrapes of one service in one file, 2 s apart, which a machine of 2 cores and 1 GB adds its own to where `host` says so. */
function valuesOf(name: string): Record<string, number> {
  const texts = readFileSync(join(FOLDER, name), 'utf8').split('# 2 s later');
  const [before, now] = texts.map((text, i) => ({
    atMs: i * 2000,
    values: new Map([['host_cores', 2], ['host_memory_bytes', 1e9], ...parsePrometheus(text)]),
  }));
  if (before === undefined || now === undefined) throw new Error(`${name} has no second scrape`);
  return Object.fromEntries(
    signals.flatMap(({ id, read }) => {
      const value = read(now, before);
      return value === undefined ? [] : [[id, Number(value.toPrecision(5))]];
    }),
  );
}

/** Names with such words that mean something else: nothing is read from them. */
test.each([
  'db_lock_waiting 9',
  'pg_locks_waiting 9',
  'http_client_connection_pool_waiting 9',
  'http_connections_active 9\nhttp_connections_max 10',
  'nginx_connections_waiting 9',
  'executor_queued_tasks{name="taskScheduler"} 40',
  'db_connections_active 9\ndb_connections_max 0',
  'redis_target_scrape_request_errors_total 9',
  'myapp_orders_waiting 9',
  'db_size_bytes 9\ndb_active_users 3',
  'promhttp_metric_handler_errors_total{cause="gathering"} 9',
])('of %j nothing is read', (text) => {
  const scrapes = [2000, 0].map((atMs) => ({ atMs, values: parsePrometheus(text) }));
  const [now, before] = scrapes;
  if (now === undefined || before === undefined) throw new Error('there are two');
  expect(signals.filter(({ read }) => read(now, before) !== undefined).map(({ id }) => id)).toEqual([]);
});

test.each(readdirSync(FOLDER))('%s', (name) => {
  expect(valuesOf(name)).toEqual(READ[name]);
});
