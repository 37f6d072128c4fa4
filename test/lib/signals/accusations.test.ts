import { expect, test } from '@jest/globals';
import { signals } from '../../../lib/signals/index.ts';
import type { Resource } from '../../../lib/signals/signal.ts';

/**
 * Whom each signal accuses. A `symptom` is what users feel, whatever the resource that causes it; a `machine` is one that
 * several share; `–` explains and has no limit. A new signal is classified here, or the test fails.
 */
const ACCUSATIONS: readonly (readonly [
  id: string,
  limit: 'limit' | '–',
  accuses: Resource | 'symptom' | 'machine' | '–',
])[] = [
  ['host.cpu', 'limit', 'machine'],
  ['balancer.throughput', '–', '–'],
  ['balancer.capacity-use', 'limit', 'balancer'],
  ['balancer.response-p50', '–', '–'],
  ['balancer.response-p95', 'limit', 'symptom'],
  ['balancer.response-p99', 'limit', 'symptom'],
  ['balancer.errors', '–', '–'],
  ['balancer.server-errors', '–', '–'],
  ['balancer.own-errors', '–', '–'],
  ['balancer.client-errors', '–', '–'],
  ['balancer.requests-per-target', '–', '–'],
  ['balancer.unhealthy-hosts', 'limit', 'symptom'],
  ['balancer.healthy-hosts', '–', '–'],
  ['balancer.dropped', 'limit', 'balancer'],
  ['balancer.connections', '–', '–'],
  ['service.cpu', 'limit', 'service.cpu'],
  ['service.memory', 'limit', 'service.memory'],
  ['service.resident-memory', '–', 'service.memory'],
  ['service.event-loop', 'limit', 'service.event-loop'],
  ['service.event-loop-use', 'limit', 'service.event-loop'],
  ['service.in-flight', '–', '–'],
  ['service.scrape-time', '–', '–'],
  ['service.time', '–', '–'],
  ['service.tasks', '–', '–'],
  ['service.tasks-desired', '–', '–'],
  ['service.tasks-short', 'limit', 'service.workers'],
  ['service.task-headroom', 'limit', 'service.workers'],
  ['service.crashes', 'limit', 'symptom'],
  ['service.garbage-collection', 'limit', 'service.memory'],
  ['service.collections', '–', '–'],
  ['service.heap', 'limit', 'service.memory'],
  ['service.worker-use', 'limit', 'service.workers'],
  ['service.worker-queue', 'limit', 'service.workers'],
  ['service.goroutines', '–', '–'],
  ['service.descriptors', 'limit', 'symptom'],
  ['instances.in-service', '–', '–'],
  ['instances.headroom', 'limit', 'service.workers'],
  ['instances.reservation', '–', 'service.workers'],
  ['instances.spot-interruptions', '–', 'service.workers'],
  ['database.pool-use', 'limit', 'database.connections'],
  ['database.pool-waiting', 'limit', 'database.connections'],
  ['database.pool-timeouts', 'limit', 'database.connections'],
  ['database.pool-wait-time', 'limit', 'database.connections'],
  ['database.statement-time', 'limit', 'database.statements'],
  ['database.connections', '–', 'database.connections'],
  ['database.connection-use', 'limit', 'database.connections'],
  ['database.lock-waits', 'limit', 'database.locks'],
  ['database.deadlocks', 'limit', 'database.locks'],
  ['database.commits', '–', '–'],
  ['database.hit-ratio', 'limit', 'database.io'],
  ['database.cpu', 'limit', 'database.cpu'],
  ['database.storage', 'limit', 'database.io'],
  ['database.latency', 'limit', 'database.io'],
  ['database.disk-queue', '–', 'database.io'],
  ['database.free-memory', '–', 'database.io'],
  ['proxy.clients', '–', 'database.connections'],
  ['proxy.pinned', '–', 'database.connections'],
  ['proxy.borrow-time', 'limit', 'database.connections'],
  ['database.rotation-failures', '–', '–'],
  ['cache.hit-ratio', 'limit', 'cache.misses'],
  ['cache.evictions', 'limit', 'cache.evictions'],
  ['cache.memory', 'limit', 'cache.evictions'],
  ['cache.errors', 'limit', 'cache.outage'],
  ['cache.down', 'limit', 'cache.outage'],
  ['cache.cpu', 'limit', 'cache.outage'],
  ['downstream.time', 'limit', 'downstream.latency'],
  ['downstream.failed', 'limit', 'downstream.errors'],
  ['downstream.retried', 'limit', 'retry-storm'],
  ['load-test.offered', '–', '–'],
  ['load-test.carried', '–', '–'],
  ['load-test.dropped', '–', 'generator'],
  ['load-test.users', '–', '–'],
  ['load-test.phase', '–', '–'],
  ['load-test.start-delay', 'limit', 'generator'],
  ['load-test.generator-cpu', 'limit', 'generator'],
  ['load-test.event-loop', '–', 'generator'],
];

test('every signal accuses the resource that is written here, or none', () => {
  const declared = signals.map(({ id, kind, limit, accuses }) => {
    const innocent = kind === 'utilisation' ? 'machine' : 'symptom';
    return [id, limit ? 'limit' : '–', accuses ?? (limit ? innocent : '–')];
  });
  expect(declared).toEqual(ACCUSATIONS);
});
