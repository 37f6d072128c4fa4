import type { PlanCheck } from './check.ts';
import { checkAddresses } from './addresses.ts';
import { checkDurations } from './durations.ts';
import { checkHeaders } from './headers.ts';
import { checkJourneys } from './journeys.ts';
import { checkJsonPaths } from './json-paths.ts';
import { checkLoad } from './load.ts';
import { checkNames } from './names.ts';
import { checkObjectives } from './objectives.ts';
import { checkSignalSources } from './signal-sources.ts';
import { checkTemplates } from './templates.ts';
import { checkVariables } from './variables.ts';

/** Every check of a plan beyond its schema. A new one is a file and its line here. */
export const checks: readonly PlanCheck[] = [
  checkAddresses,
  checkSignalSources,
  checkNames,
  checkJourneys,
  checkHeaders,
  checkTemplates,
  checkVariables,
  checkJsonPaths,
  checkDurations,
  checkLoad,
  checkObjectives,
];
