import { hostCpu } from './host-cpu.ts';
import { serviceCpu } from './service-cpu.ts';
import { serviceMemory } from './service-memory.ts';
import { serviceEventLoop } from './service-event-loop.ts';
import { serviceEventLoopUse } from './service-event-loop-use.ts';
import { serviceInFlight } from './service-in-flight.ts';
import { databasePoolUse } from './database-pool-use.ts';
import { databasePoolWaiting } from './database-pool-waiting.ts';
import { databasePoolTimeouts } from './database-pool-timeouts.ts';
import { databaseConnections } from './database-connections.ts';
import { databaseConnectionUse } from './database-connection-use.ts';
import { databaseLockWaits } from './database-lock-waits.ts';
import { databaseDeadlocks } from './database-deadlocks.ts';
import { databaseCommits } from './database-commits.ts';
import { databaseHitRatio } from './database-hit-ratio.ts';
import { cacheHitRatio } from './cache-hit-ratio.ts';
import { cacheEvictions } from './cache-evictions.ts';
import { cacheMemory } from './cache-memory.ts';
import { cacheErrors } from './cache-errors.ts';
import { downstreamTime } from './downstream-time.ts';
import type { Signal } from './signal.ts';

/** Every signal, in the order in which reports show them. A new one is a file and its line here. */
export const signals: readonly Signal[] = [
  hostCpu,
  serviceCpu,
  serviceMemory,
  serviceEventLoop,
  serviceEventLoopUse,
  serviceInFlight,
  databasePoolUse,
  databasePoolWaiting,
  databasePoolTimeouts,
  databaseConnections,
  databaseConnectionUse,
  databaseLockWaits,
  databaseDeadlocks,
  databaseCommits,
  databaseHitRatio,
  cacheHitRatio,
  cacheEvictions,
  cacheMemory,
  cacheErrors,
  downstreamTime,
];
