import { checkCapacity } from './capacity.ts';
import { checkCaptureGroups } from './captures.ts';
import type { PlanCheck } from './check.ts';
import { checkJourneys, checkLoad } from './load.ts';
import { checkNames } from './names.ts';
import { checkNumbers } from './numbers.ts';
import { checkObjectives } from './objectives.ts';
import { checkDurations, checkHeaders, checkJsonPaths } from './steps.ts';
import { checkAddresses, checkSignalNames, checkSignalSources } from './target.ts';
import { checkWeights } from './weights.ts';
import { checkTemplates, checkVariables } from './templates.ts';

/** Every check of a plan beyond its schema. A new one is a function in the file of its subject, or in one of its own, and its line here. */
export const planChecks: readonly PlanCheck[] = [
  checkAddresses,
  checkSignalSources,
  checkSignalNames,
  checkNames,
  checkJourneys,
  checkHeaders,
  checkTemplates,
  checkVariables,
  checkJsonPaths,
  checkCaptureGroups,
  checkDurations,
  checkNumbers,
  checkLoad,
  checkWeights,
  checkObjectives,
  checkCapacity,
];
