import type { BottleneckId } from '../signals/signal.ts';

const FOLDER = 'docs/remedies';

/** What to look at and which change is usual, by what gives way: a page of the documentation and its section. */
const PAGES: Readonly<Record<Exclude<BottleneckId, 'none'>, string>> = {
  generator: 'README.md#the-generator',
  network: 'ecs.md#network',
  balancer: 'ecs.md#balancer',
  'rate-limit': 'ecs.md#balancer',
  refusals: 'README.md#in-which-order',
  'service.cpu': 'node.md#event-loop-and-cpu',
  'service.memory': 'node.md#memory',
  'service.event-loop': 'node.md#event-loop-and-cpu',
  'service.workers': 'node.md#workers-and-threads',
  'database.connections': 'postgresql.md#connections',
  'database.statements': 'postgresql.md#slow-statements',
  'database.locks': 'postgresql.md#locks',
  'database.cpu': 'postgresql.md#cpu-memory-disk',
  'database.io': 'postgresql.md#cpu-memory-disk',
  'cache.misses': 'redis.md#hits-and-evictions',
  'cache.evictions': 'redis.md#hits-and-evictions',
  'cache.outage': 'redis.md#outage',
  'downstream.latency': 'node.md#calls-to-others',
  'downstream.errors': 'node.md#calls-to-others',
  'retry-storm': 'node.md#calls-to-others',
  unknown: 'README.md#in-which-order',
};

/** Undefined where nothing gave way. */
export const remedyPageOf = (id: BottleneckId): string | undefined =>
  id === 'none' ? undefined : `${FOLDER}/${PAGES[id]}`;
