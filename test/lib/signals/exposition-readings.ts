/** What each ecosystem's text reads as, all of it: what is not here is not read. Growth is over 2 s. */
export const READ: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'otelsql.txt': {
    'database.pool-use': 1,
    'database.pool-waiting': 3, // 6 s in 2 s
    'downstream.calls': 20,
    'downstream.in-flight': 0.4, // 0.8 s in 2 s
    'downstream.time': 20_000, // 0.8 s in 40 calls
    'downstream.failed': 0.75, // 30 of 40; no error_type
  },
  'puma-5.txt': { 'service.worker-use': 0.75, 'service.worker-queue': 7 }, // of 8 threads 2 could begin at once
  'grpc-and-loops.txt': {
    'service.event-loop': 350_000,
    'downstream.calls': 25, // 10 and 40 in 2 s
    'downstream.in-flight': 1,
    'downstream.time': 200_000, // 2 s in 10 calls
    'downstream.failed': 0.25, // 10 of the 40 that say how they ended
  },
  'go.txt': {
    'service.cores': 0.015,
    'service.cpu': 0.0075, // 0.03 s in 2 s, of GOMAXPROCS 2
    'service.memory': 0.013775, // 13.8 MB of 1 GB
    'service.resident-memory': 13_775_000,
    'service.in-flight': 1, // and not the scrape's own promhttp_metric_handler_requests_in_flight
    'service.time': 110_690, // (8.16166 − 4.06612) s in 37 requests
    'service.garbage-collection': 0,
    'service.collections': 0,
    'service.goroutines': 12,
    'service.descriptors': 0.0007, // 14 of 20,000
    'database.pool-use': 0.5, // 1 of 2; audit has no limit
    'database.pool-waiting': 0.85559, // (3.70637 − 1.99519) s of waiting in 2 s
  },
  'python.txt': {
    'service.cores': 0.06,
    'service.cpu': 0.06, // 0.12 s in 2 s, of the one core that CPython computes on
    'service.memory': 0.024293,
    'service.resident-memory': 24_293_000,
    'service.in-flight': 0,
    'service.time': 45_073, // (0.73025 − 0.41474) s in 7 requests
    'service.collections': 3.5, // 7 of the oldest generation
    'service.descriptors': 0.0004,
  },
  'node.txt': {
    'service.cores': 0.68836,
    'service.cpu': 0.68836, // 1.376716 s in 2 s, of one core
    'service.memory': 0.17288,
    'service.resident-memory': 172_880_000,
    'service.event-loop': 80_347,
    'service.time': 20_000, // 1.32 s in 66 requests
    'service.garbage-collection': 0.11064, // (0.057298 + 0.163976) s in 2 s
    'service.collections': 0.5, // 1 of kind major
    'service.descriptors': 0.0011,
  },
  'spring-boot.txt': {
    'cache.lookups': 50,
    'downstream.calls': 20,
    'downstream.in-flight': 4,
    'service.cpu': 0.6,
    'service.time': 300_000, // (12 + 3) s in 40 + 10 requests
    'service.garbage-collection': 0.1, // 0.2 s in 2 s
    'service.collections': 2,
    'service.heap': 0.92,
    'service.worker-use': 1, // 200 of 200
    'service.worker-queue': 12, // without the scheduler's 40, which are not due yet
    'service.descriptors': 0.95,
    'database.pool-use': 1, // orders, 10 of 10; all together are 11 of 100
    'database.pool-waiting': 18, // 17 + 1
    'database.pool-timeouts': 2, // 4 in 2 s
    'database.pool-wait-time': 300_000, // 15 s in 50
    'cache.hit-ratio': 0.3, // 30 of 30 + 70
    'cache.evictions': 20,
    'downstream.time': 200_000, // (4 + 3 + 1) s in 40 calls
    'downstream.failed': 0.1, // 3 + 1 of 40; neither was there before
    'downstream.retried': 0.25, // 6 + 4 of 40
  },
  'jetty.txt': { 'service.worker-use': 0.95, 'service.worker-queue': 31 },
  'opentelemetry.txt': {
    'database.statement-load': 1,
    'database.statement-rate': 5,
    'downstream.calls': 10,
    'downstream.in-flight': 8,
    'service.cpu': 0.75,
    'service.in-flight': 9,
    'service.time': 200_000, // 4 s in 20
    'service.garbage-collection': 0.25, // 0.5 s in 2 s
    'service.heap': 0.95, // 950 of 1,000; −1 is no limit, Metaspace no heap
    'database.pool-use': 1, // 8 used of 8
    'database.pool-waiting': 11,
    'database.pool-timeouts': 1.5, // 3 in 2 s
    'database.pool-wait-time': 200_000, // 2 s in 10
    'database.statement-time': 200_000, // 2 s in 10
    'downstream.time': 800_000, // (6 + 10) s in 15 + 5
    'downstream.failed': 0.25, // 5 of 20
  },
  'dotnet.txt': {
    'service.cores': 3,
    'service.cpu': 0.75, // 5 + 1 s in 2 s, of 4 cores
    'service.memory': 0.12,
    'service.resident-memory': 120_000_000,
    'service.garbage-collection': 0.15, // 0.3 s in 2 s
    'service.collections': 3,
    'service.worker-queue': 44,
  },
  'prometheus-net.txt': {
    'downstream.calls': 5,
    'downstream.in-flight': 1.5,
    'service.cores': 0.5,
    'service.cpu': 0.25, // 1 s in 2 s, of the machine's 2 cores
    'service.memory': 0.06,
    'service.resident-memory': 60_000_000,
    'service.in-flight': 7,
    'service.garbage-collection': 0.25, // 0.5e9 ns in 2 s
    'service.worker-queue': 9,
    'downstream.time': 300_000, // (2 + 1) s in 5 + 5
    'downstream.failed': 0.5, // 5 of 10
  },
  'pools-in-go.txt': {
    'database.pool-use': 1,
    'database.pool-waiting': 6, // 12e9 ns of waiting in 2 s
    'database.pool-timeouts': 4,
  },
  'by-custom.txt': {
    'database.statement-load': 4,
    'database.statement-rate': 20,
    'cache.lookups': 50,
    'downstream.in-flight': 10,
    'downstream.calls': 40,
    'service.worker-use': 1,
    'service.worker-queue': 25,
    'database.pool-use': 1, // 20 of 20
    'database.pool-waiting': 14,
    'database.pool-timeouts': 3, // 6 in 2 s
    'database.pool-wait-time': 200_000, // 8 s in 40
    'database.statement-time': 200_000, // 8 s in 40
    'cache.hit-ratio': 0.3, // 30 of 30 + 70
    'cache.errors': 5,
    'downstream.time': 500_000, // 20 s in 40
    'downstream.failed': 0.25, // 10 of 40
    'downstream.retried': 0.2, // 8 of 40
  },
  'exporters.txt': {
    'cache.lookups': 25,
    'database.active': 95,
    'database.statement-rate': 250,
    'balancer.dropped': 10, // 100 accepted − 80 handled, in 2 s
    'balancer.connections': 512,
    'database.pool-waiting': 21,
    'database.statement-time': 200_000, // 20 s in 100
    'database.connections': 95, // 63 + 32
    'database.connection-use': 0.95,
    'database.lock-waits': 32,
    'database.io-waits': 0, // others wait, and none for the disk
    'database.deadlocks': 2,
    'database.commits': 250,
    'database.hit-ratio': 0.6, // 60 of 60 + 40
    'cache.hit-ratio': 0.2, // 10 of 10 + 40
    'cache.evictions': 50,
    'cache.memory': 0.99,
    'cache.down': 0,
  },
  'opentelemetry-node.txt': {
    'service.cores': 0.7, // (5 + 1.4 − 4 − 1) s in 2 s
    'service.cpu': 0.7, // of the one core that Node computes on
    'service.memory': 0.12,
    'service.resident-memory': 120_000_000,
    'service.event-loop': 90_000,
    'service.event-loop-use': 0.7,
    'service.time': 200_000, // 8 s in 40
    'service.garbage-collection': 0.15, // 0.3 s in 2 s
    'database.pool-waiting': 12,
    'database.statement-time': 150_000, // 6 s in 40
    'database.statement-load': 3,
    'database.statement-rate': 20,
    'downstream.time': 400_000, // (6 + 2) s in 16 + 4
    'downstream.in-flight': 4,
    'downstream.calls': 10,
    'downstream.failed': 0.2, // 4 of 20
  },
  'federate.txt': {
    'service.cores': 0.5, // 1 s in 2 s, and not the 2 s of the exporter
    'service.cpu': 0.5,
    'service.memory': 0.1,
    'service.resident-memory': 100_000_000,
    'database.connections': 9,
    'database.active': 8, // 16,000 ms in 2 s
    'database.idle-in-transaction': 2,
    'database.commits': 100,
    'database.statement-rate': 100,
  },
  'micrometer.txt': {
    'service.cores': 1.5, // 3e9 ns in 2 s
    'service.in-flight': 33,
    'service.reply-size': 500_000, // 20 MB in 40
    'network.sent': 10_000_000,
    'downstream.time': 875_000, // (3 + 4) s in 8
    'downstream.in-flight': 3.5,
    'downstream.calls': 4,
    'downstream.failed': 0.25, // 2 of 8
  },
  'mysql-memcached.txt': {
    'database.connections': 90,
    'database.connection-use': 0.9,
    'database.lock-waits': 9,
    'database.deadlocks': 1,
    'database.commits': 20,
    'database.active': 14,
    'database.statement-rate': 300,
    'database.sequential-rows': 40_000, // 80,000 in 2 s
    'cache.hit-ratio': 0.25, // 10 of 10 + 30
    'cache.lookups': 20,
    'cache.evictions': 30,
    'cache.memory': 0.98,
    'cache.down': 0,
  },
  'prisma.txt': {
    'database.pool-use': 1,
    'database.pool-waiting': 17,
    'database.pool-wait-time': 300_000, // 6,000 ms in 20
    'database.statement-time': 200_000, // 4,000 ms in 20
    'database.statement-rate': 150,
  },
  'by-custom-in-ms.txt': {
    'service.time': 200_000, // 8,000 ms in 40
    'database.pool-waiting': 13,
    'database.statement-time': 100_000, // 4,000 ms in 40
    'database.statement-load': 2,
    'database.statement-rate': 20,
    'downstream.time': 400_000, // 8,000 ms in 20
    'downstream.in-flight': 4,
    'downstream.calls': 10,
  },
  'servers.txt': {
    'service.in-flight': 8,
    'service.time': 400_000, // 8 s in 20
    'service.worker-use': 1,
    'service.worker-queue': 11,
  },
  'clients.txt': {
    'downstream.time': 500_000, // (9 + 1) s in 18 + 2
    'downstream.in-flight': 5,
    'downstream.calls': 10,
    'downstream.failed': 0.1, // 2 of 20
  },
  'reactive-clients.txt': {
    'downstream.time': 500_000, // (8 + 2) s in 10 + 10
    'downstream.in-flight': 5,
    'downstream.calls': 10,
    'downstream.failed': 0.5, // 10 of 20
  },
};
