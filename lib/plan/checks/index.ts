import { checkCapacity } from './capacity.ts';
import { checkCaptureGroups } from './captures.ts';
import type { PlanCheck } from './check.ts';
import { checkConditions } from './conditions.ts';
import { checkEmpty } from './empty.ts';
import { checkExpectations } from './expectations.ts';
import { checkForeignTemplates } from './foreign-templates.ts';
import { checkHooks } from './hooks.ts';
import { checkJourneys, checkLoad, checkOnce, checkTurns } from './load.ts';
import { checkNames } from './names.ts';
import { checkNumbers } from './numbers.ts';
import { checkAbort, checkObjectives } from './objectives.ts';
import { checkOpposed } from './opposed.ts';
import { checkProxy } from './proxy.ts';
import { checkDurations, checkHeaders, checkJsonPaths } from './steps.ts';
import { checkAddresses, checkClientKey, checkSignalNames, checkSignalSources } from './target.ts';
import { checkWeights } from './weights.ts';
import { checkTemplates } from './templates.ts';
import { checkVariables } from './variables.ts';

/** Every check of a plan beyond its schema. A new one is a function in the file of its subject, or in one of its own, and its line here. */
export const planChecks: readonly PlanCheck[] = [
  checkAddresses,
  checkClientKey,
  checkProxy,
  checkSignalSources,
  checkSignalNames,
  checkNames,
  checkJourneys,
  checkOnce,
  checkTurns,
  checkHeaders,
  checkTemplates,
  checkForeignTemplates,
  checkHooks,
  checkConditions,
  checkVariables,
  checkJsonPaths,
  checkExpectations,
  checkCaptureGroups,
  checkDurations,
  checkNumbers,
  checkEmpty,
  checkLoad,
  checkWeights,
  checkObjectives,
  checkOpposed,
  checkAbort,
  checkCapacity,
];
