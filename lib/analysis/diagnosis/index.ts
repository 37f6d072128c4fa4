import type { Hypothesis } from './hypothesis.ts';
import { cacheEvictions } from './hypotheses/cache-evictions.ts';
import { cacheMisses } from './hypotheses/cache-misses.ts';
import { cacheOutage } from './hypotheses/cache-outage.ts';
import { connectionLeak } from './hypotheses/connection-leak.ts';
import { connectionPool } from './hypotheses/connection-pool.ts';
import { databaseCpu } from './hypotheses/database-cpu.ts';
import { databaseIo } from './hypotheses/database-io.ts';
import { downstreamErrors } from './hypotheses/downstream-errors.ts';
import { downstreamLatency } from './hypotheses/downstream-latency.ts';
import { eventLoop } from './hypotheses/event-loop.ts';
import { garbageCollection } from './hypotheses/garbage-collection.ts';
import { lateGenerator } from './hypotheses/generator.ts';
import { largeReplies } from './hypotheses/large-replies.ts';
import { lockContention } from './hypotheses/lock-contention.ts';
import { memory } from './hypotheses/memory.ts';
import { missingIndex } from './hypotheses/missing-index.ts';
import { passwordHashing } from './hypotheses/password-hashing.ts';
import { rateLimit } from './hypotheses/turned-away/rate-limit.ts';
import { refusals } from './hypotheses/turned-away/refusals.ts';
import { retryStorm } from './hypotheses/retry-storm.ts';
import { serviceCpu } from './hypotheses/service-cpu.ts';
import { slowStatements } from './hypotheses/slow-statements.ts';
import { statementsPerRequest } from './hypotheses/statements-per-request.ts';
import { unevenNodes } from './hypotheses/uneven-nodes.ts';
import { workerPool } from './hypotheses/worker-pool.ts';

/** Every way to give way that is weighed; of two that are as likely the earlier one is named first. A new one is a file and its line. */
export const hypotheses: readonly Hypothesis[] = [
  lateGenerator,
  rateLimit,
  refusals,
  lockContention,
  missingIndex,
  statementsPerRequest,
  connectionLeak,
  cacheOutage,
  cacheEvictions,
  cacheMisses,
  retryStorm,
  downstreamLatency,
  downstreamErrors,
  passwordHashing,
  databaseIo,
  connectionPool,
  slowStatements,
  databaseCpu,
  largeReplies,
  garbageCollection,
  memory,
  unevenNodes,
  serviceCpu,
  workerPool,
  eventLoop,
];
