import type { Experiment } from '../experiment.ts';
import { cacheExperiments } from './cache.ts';
import { computeExperiments } from './compute.ts';
import { databaseExperiments } from './database.ts';
import { downstreamExperiments } from './downstream.ts';
import { edgeExperiments } from './edge.ts';
import { memoryExperiments } from './memory.ts';
import { waitingExperiments } from './waiting.ts';

/** Every experiment, one a fault, in the order in which the lab runs them. */
export const experiments: readonly Experiment[] = [
  ...edgeExperiments,
  ...computeExperiments,
  ...waitingExperiments,
  ...memoryExperiments,
  ...databaseExperiments,
  ...cacheExperiments,
  ...downstreamExperiments,
];
