import { PERCENT, cacheMetric, formula } from '../cloudwatch/cloud.ts';
import { customary } from './customary.ts';
import { promql } from '../prometheus/promql.ts';
import { always, firstOf, gauge, never, plus, rate, ratio, share, times } from '../scrape.ts';
import type { Signal } from '../signal.ts';

export const cache: readonly Signal[] = [
  /** Look-ups that found their key. Below one half the cache costs more round trips than it saves. */
  {
    id: 'cache.hit-ratio',
    title: 'Cache hit ratio',
    unit: 'ratio',
    kind: 'saturation',
    accuses: 'cache.misses',
    limit: { below: 0.5 },
    read: firstOf(
      ratio(rate('cache_keyspace_hits'), plus(rate('cache_keyspace_hits'), rate('cache_keyspace_misses'))),
      ratio(
        rate('redis_keyspace_hits_total'),
        plus(rate('redis_keyspace_hits_total'), rate('redis_keyspace_misses_total')),
      ),
      share('memcached_commands_total{command="get",status="hit"}', 'memcached_commands_total{command="get"}'),
      share('cache_gets_total{result="hit"}'), // Micrometer, of a cache in the service
      customary.cacheHits,
    ),
    cloud: {
      reading: formula('hits / (hits + misses)', {
        hits: cacheMetric('CacheHits', 'Sum'),
        misses: cacheMetric('CacheMisses', 'Sum'),
      }),
      drawn: { on: 'resources', graph: 'Cache hit ratio' },
      alarm: {
        id: 'cache-hit-ratio',
        severity: 'notice',
        limit: { below: 0.8 },
        forMinutes: 10,
        ofMinutes: 15,
        missing: 'notBreaching',
        meaning: 'More than one look-up in five misses the cache: the database does work that it should be spared.',
        lookAt: [
          'Was the cache emptied or failed over just before? Then it warms up by itself.',
          'Evictions: does what is read still fit (cache-memory)?',
          'Did a deployment change key names or times to live?',
        ],
      },
    },
  },
  /** Keys thrown out for want of memory. */
  {
    id: 'cache.evictions',
    title: 'Cache evictions',
    unit: 'perSecond',
    kind: 'saturation',
    accuses: 'cache.evictions',
    limit: { above: 10 },
    read: firstOf(
      rate('cache_evicted_keys'),
      rate('redis_evicted_keys_total'),
      rate('memcached_items_evicted_total'),
      rate('cache_evictions_total'),
    ),
    cloud: {
      reading: formula('n / PERIOD(n)', { n: cacheMetric('Evictions', 'Sum') }),
      drawn: { on: 'resources', graph: 'Cache evictions' },
      alarm: {
        id: 'cache-evictions',
        severity: 'notice',
        limit: { above: 10 },
        forMinutes: 5,
        ofMinutes: 5,
        missing: 'notBreaching',
        meaning: 'The cache throws keys out to make room; those that are still wanted come back as database queries.',
        lookAt: [
          'Cache memory: is it at its limit because of growth, or because of one large key?',
          'Times to live: is anything stored for ever?',
          'The next node type, if hit ratio falls as well.',
        ],
      },
    },
  },
  /** Memory used against maxmemory. */
  {
    id: 'cache.memory',
    title: 'Cache memory',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'cache.evictions',
    limit: { above: 0.95 },
    read: firstOf(
      ratio(gauge('cache_used_memory'), gauge('cache_maxmemory')),
      ratio(gauge('redis_memory_used_bytes'), gauge('redis_memory_max_bytes')),
      ratio(gauge('memcached_current_bytes'), gauge('memcached_limit_bytes')),
    ),
    cloud: {
      reading: cacheMetric('DatabaseMemoryUsagePercentage', 'Maximum', PERCENT),
      drawn: { on: 'resources', graph: 'Cache memory' },
      alarm: {
        id: 'cache-memory',
        severity: 'notice',
        limit: { above: 0.9 },
        forMinutes: 10,
        ofMinutes: 10,
        missing: 'missing',
        meaning: 'The cache is nearly full; beyond this it evicts.',
        lookAt: [
          'Is it one of many nodes, or all of them?',
          'Which keys grew? Sample with SCAN and MEMORY USAGE, never with KEYS.',
          'Shorter times to live, or the next node type, before evictions begin.',
        ],
      },
    },
  },
  /** Look-ups that failed, as the service counts them. */
  {
    id: 'cache.errors',
    title: 'Cache errors',
    unit: 'perSecond',
    kind: 'errors',
    accuses: 'cache.outage',
    limit: { above: 0 },
    read: firstOf(rate('cache_errors_total'), customary.cacheErrors),
  },
  /** 1 while the cache answers no question about its figures. */
  {
    id: 'cache.down',
    title: 'Cache unreachable',
    unit: 'count',
    kind: 'errors',
    ofTasks: 'worst',
    accuses: 'cache.outage',
    limit: { above: 0 },
    read: firstOf(
      gauge('cache_down'),
      plus(always(1), times(-1, gauge('redis_up'))),
      plus(always(1), times(-1, gauge('memcached_up'))),
    ),
  },
  /** CPU of the engine's one command thread; AWS advises 90 % as the limit (ElastiCache User Guide, "Which metrics should I monitor?"). */
  {
    id: 'cache.cpu',
    title: 'Cache engine CPU',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'cache.outage',
    limit: { above: 0.9 },
    exported: promql.firstOf(
      promql.plus(
        promql.rate('redis_cpu_user_main_thread_seconds_total'),
        promql.rate('redis_cpu_sys_main_thread_seconds_total'),
      ),
      promql.plus(promql.rate('redis_cpu_user_seconds_total'), promql.rate('redis_cpu_sys_seconds_total')), // before Redis 6.2
    ),
    read: never,
    cloud: {
      reading: cacheMetric('EngineCPUUtilization', 'Maximum', PERCENT),
      drawn: { on: 'resources', graph: 'Cache CPU' },
      alarm: {
        id: 'cache-cpu',
        severity: 'notice',
        limit: { above: 0.9 },
        forMinutes: 5,
        ofMinutes: 5,
        missing: 'missing',
        meaning: "The cache's one command thread is busy; every look-up of every task waits in line.",
        lookAt: [
          'Slow log: which commands take long? KEYS and large SMEMBERS are the usual ones.',
          'One hot key? Then a local cache of a second helps more than a larger node.',
          'Reads to the replicas, or the next node type.',
        ],
      },
    },
  },
];
