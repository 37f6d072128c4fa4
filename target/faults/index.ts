import { cacheOutage } from './cache/outage.ts';
import { cacheStampede } from './cache/stampede.ts';
import { cacheTooSmall } from './cache/too-small.ts';
import { cpuIntensive } from './compute/cpu-intensive.ts';
import { cpuLimit } from './compute/cpu-limit.ts';
import { cryptoPool, keyStretching } from './compute/crypto-pool.ts';
import { hash } from './compute/hash.ts';
import { jsonProcessing } from './compute/json-processing.ts';
import { noisyNeighbour } from './compute/noisy-neighbour.ts';
import { connectionLeak } from './database/connection-leak.ts';
import { expensiveQuery } from './database/expensive-query.ts';
import { hotRow } from './database/hot-row.ts';
import { missingIndex } from './database/missing-index.ts';
import { nPlusOne } from './database/n-plus-one.ts';
import { poolExhaust } from './database/pool-exhaust.ts';
import { callDownstream, cascadeFailure, noTimeout } from './downstream/calls.ts';
import {
  downstreamDown,
  downstreamFailing,
  downstreamHanging,
  downstreamHangingForEver,
  downstreamSlow,
  retryStorm,
} from './downstream/provider-trouble.ts';
import { largeResponses } from './edge/large-responses.ts';
import { rateLimit } from './edge/rate-limit.ts';
import { unevenNodes } from './edge/uneven-nodes.ts';
import type { Fault } from './fault.ts';
import { garbage } from './memory/garbage.ts';
import { memoryLeak, slowLeak } from './memory/leaks.ts';
import { memorySpike } from './memory/memory-spike.ts';
import { outOfMemory } from './memory/out-of-memory.ts';
import { blocking } from './waiting/blocking.ts';
import { slowLookUps } from './waiting/slow-look-ups.ts';
import { parallelIo, randomDelay, slow } from './waiting/worker-waits.ts';

/** Nothing is wrong: what a diagnosis says of it must be `none`. */
const healthy: Fault = { name: 'healthy', title: 'Nothing: the control', bottleneck: 'none', parameters: {} };

/** Every fault; a new one is a file and its line here. */
export const faults: readonly Fault[] = [
  healthy,
  cpuIntensive,
  hash,
  jsonProcessing,
  cryptoPool,
  keyStretching,
  cpuLimit,
  noisyNeighbour,
  slow,
  randomDelay,
  parallelIo,
  blocking,
  slowLookUps,
  memoryLeak,
  slowLeak,
  memorySpike,
  outOfMemory,
  garbage,
  poolExhaust,
  connectionLeak,
  expensiveQuery,
  missingIndex,
  nPlusOne,
  hotRow,
  cacheOutage,
  cacheTooSmall,
  cacheStampede,
  callDownstream,
  cascadeFailure,
  noTimeout,
  downstreamSlow,
  downstreamFailing,
  downstreamDown,
  downstreamHanging,
  downstreamHangingForEver,
  retryStorm,
  rateLimit,
  unevenNodes,
  largeResponses,
];
