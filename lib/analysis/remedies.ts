import type { BottleneckId } from '../signals/signal.ts';

/** What to try for each bottleneck (R108–R116), the cheapest and likeliest first. */
export const remedies: Readonly<Record<BottleneckId, string>> = {
  generator: 'Give the generator more cores or machines before you read anything into these figures.',
  network: 'Compare the bytes a second with the bandwidth of the instance, and compress or page large replies.',
  balancer: 'Check the balancer for surge queues and its number of nodes.',
  'service.cpu': 'Take a CPU profile under this load, then cache or move the hottest work; after that add instances.',
  'service.memory': 'Take two heap snapshots under load and compare them; raise the limit only if nothing leaks.',
  'service.event-loop': 'Find the blocking call with a CPU profile, and move it to a worker thread or make it smaller.',
  'service.workers': 'Raise the number of workers up to the number of cores, then add instances.',
  'database.connections':
    'Shorten transactions first; then raise the pool within max_connections, or put a pooler between.',
  'database.statements': 'Take the slowest statements below, and read their plans with EXPLAIN (ANALYZE, BUFFERS).',
  'database.locks': 'Find the blocking statements in pg_locks; lock fewer rows, in one order, for a shorter time.',
  'database.cpu': 'Tune the statements with the largest total time; then a larger instance, or a replica for reads.',
  'database.io': 'Add the index that the plans lack; then more memory so that the working set fits shared buffers.',
  'cache.misses': 'Lengthen the time to live, fill the cache before the peak, and check that keys repeat at all.',
  'cache.evictions': 'Raise maxmemory or store less; evictions under load turn into database reads.',
  'cache.outage': 'Restore the cache; until then the database carries its reads as well.',
  'downstream.latency': 'Put a deadline on the call, and take it out of the request where the reply does not need it.',
  'downstream.errors': 'Open a circuit breaker on the call, and answer without it where that is possible.',
  'retry-storm': 'Give retries a budget and a jittered back-off; they multiply the load at the worst moment.',
  unknown: 'Sample the service (signals.metrics in the plan) so that the next run can name what gives way.',
  none: 'Nothing gave way: raise the load of the stress phase until something does.',
};
