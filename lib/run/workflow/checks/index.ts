import { balancerActive, databaseAvailable, quotaHolds, snapshotFresh, tasksSteady } from './service.ts';
import { cacheReached, databaseReached, targetAnswers } from './target.ts';
import { alarmsQuiet, cleanData, errorTracker, logsEnd, monitoringOn } from './watch.ts';
import type { Check } from './check.ts';

/** The checklist, in the order in which it is read. A new item is declared beside its like, and added here. */
export const checks: readonly Check[] = [
  targetAnswers,
  databaseReached,
  cacheReached,
  balancerActive,
  tasksSteady,
  databaseAvailable,
  snapshotFresh,
  quotaHolds,
  alarmsQuiet,
  monitoringOn,
  logsEnd,
  errorTracker,
  cleanData,
];
