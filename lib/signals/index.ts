import { hostCpu } from './host-cpu.ts';
import { balancerThroughput } from './balancer-throughput.ts';
import { balancerCapacityUse } from './balancer-capacity-use.ts';
import { balancerResponseP50 } from './balancer-response-p50.ts';
import { balancerResponseP95 } from './balancer-response-p95.ts';
import { balancerResponseP99 } from './balancer-response-p99.ts';
import { balancerErrors } from './balancer-errors.ts';
import { balancerServerErrors } from './balancer-server-errors.ts';
import { balancerOwnErrors } from './balancer-own-errors.ts';
import { balancerClientErrors } from './balancer-client-errors.ts';
import { balancerRequestsPerTarget } from './balancer-requests-per-target.ts';
import { balancerUnhealthyHosts } from './balancer-unhealthy-hosts.ts';
import { balancerHealthyHosts } from './balancer-healthy-hosts.ts';
import { serviceCpu } from './service-cpu.ts';
import { serviceMemory } from './service-memory.ts';
import { serviceEventLoop } from './service-event-loop.ts';
import { serviceEventLoopUse } from './service-event-loop-use.ts';
import { serviceInFlight } from './service-in-flight.ts';
import { serviceTasks } from './service-tasks.ts';
import { serviceTasksDesired } from './service-tasks-desired.ts';
import { serviceTasksShort } from './service-tasks-short.ts';
import { serviceTaskHeadroom } from './service-task-headroom.ts';
import { serviceCrashes } from './service-crashes.ts';
import { instancesInService } from './instances-in-service.ts';
import { instancesHeadroom } from './instances-headroom.ts';
import { instancesReservation } from './instances-reservation.ts';
import { instancesSpotInterruptions } from './instances-spot-interruptions.ts';
import { databasePoolUse } from './database-pool-use.ts';
import { databasePoolWaiting } from './database-pool-waiting.ts';
import { databasePoolTimeouts } from './database-pool-timeouts.ts';
import { databaseConnections } from './database-connections.ts';
import { databaseConnectionUse } from './database-connection-use.ts';
import { databaseLockWaits } from './database-lock-waits.ts';
import { databaseDeadlocks } from './database-deadlocks.ts';
import { databaseCommits } from './database-commits.ts';
import { databaseHitRatio } from './database-hit-ratio.ts';
import { databaseCpu } from './database-cpu.ts';
import { databaseStorage } from './database-storage.ts';
import { databaseLatency } from './database-latency.ts';
import { databaseDiskQueue } from './database-disk-queue.ts';
import { databaseMemory } from './database-memory.ts';
import { databaseReplicaLag } from './database-replica-lag.ts';
import { cacheHitRatio } from './cache-hit-ratio.ts';
import { cacheEvictions } from './cache-evictions.ts';
import { cacheMemory } from './cache-memory.ts';
import { cacheErrors } from './cache-errors.ts';
import { cacheCpu } from './cache-cpu.ts';
import { downstreamTime } from './downstream-time.ts';
import { loadTestOffered } from './load-test-offered.ts';
import { loadTestCarried } from './load-test-carried.ts';
import { loadTestDropped } from './load-test-dropped.ts';
import { loadTestUsers } from './load-test-users.ts';
import { loadTestPhase } from './load-test-phase.ts';
import { loadTestStartDelay } from './load-test-start-delay.ts';
import { loadTestGeneratorCpu } from './load-test-generator-cpu.ts';
import { loadTestEventLoop } from './load-test-event-loop.ts';
import type { Signal } from './signal.ts';

/** Every signal, in the order in which reports show them. A new one is a file and its line here. */
export const signals: readonly Signal[] = [
  hostCpu,
  balancerThroughput,
  balancerCapacityUse,
  balancerResponseP50,
  balancerResponseP95,
  balancerResponseP99,
  balancerErrors,
  balancerServerErrors,
  balancerOwnErrors,
  balancerClientErrors,
  balancerRequestsPerTarget,
  balancerUnhealthyHosts,
  balancerHealthyHosts,
  serviceCpu,
  serviceMemory,
  serviceEventLoop,
  serviceEventLoopUse,
  serviceInFlight,
  serviceTasks,
  serviceTasksDesired,
  serviceTasksShort,
  serviceTaskHeadroom,
  serviceCrashes,
  instancesInService,
  instancesHeadroom,
  instancesReservation,
  instancesSpotInterruptions,
  databasePoolUse,
  databasePoolWaiting,
  databasePoolTimeouts,
  databaseConnections,
  databaseConnectionUse,
  databaseLockWaits,
  databaseDeadlocks,
  databaseCommits,
  databaseHitRatio,
  databaseCpu,
  databaseStorage,
  databaseLatency,
  databaseDiskQueue,
  databaseMemory,
  databaseReplicaLag,
  cacheHitRatio,
  cacheEvictions,
  cacheMemory,
  cacheErrors,
  cacheCpu,
  downstreamTime,
  loadTestOffered,
  loadTestCarried,
  loadTestDropped,
  loadTestUsers,
  loadTestPhase,
  loadTestStartDelay,
  loadTestGeneratorCpu,
  loadTestEventLoop,
];
