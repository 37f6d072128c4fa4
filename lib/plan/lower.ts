import { jsonTexts } from '../document/exact-json.ts';
import { durationUs } from '../units.ts';
import { lowerCapacity } from './capacity.ts';
import { ONCE_KEYS } from './draft-steps.ts';
import { inlineTexts, type BodyFiles } from './file-texts.ts';
import { objectivesFrom, requestNames, withSteps, type ObjectiveMetric } from './objective.ts';
import { lowerPhase, type Phase } from './phase.ts';
import { planSteps, type Feeder, type Plan, type Scenario } from './plan.ts';
import { profiles } from './profiles.ts';
import type { PlanInput } from './schema.ts';
import { isWeighted } from './steps/choose.ts';
import { lowerConnections } from './steps/connections.ts';
import { lowerHooks } from './steps/hooks.ts';
import { habitsOf } from './steps/http.ts';
import { lowerStep } from './steps/index.ts';

/** What was read from the files that a plan names: CSV rows by feeder, PEM texts of the authority and the client, and what steps send. */
export interface PlanFiles {
  readonly feeders: readonly Feeder[];
  readonly ca?: string;
  readonly cert?: string;
  readonly files?: BodyFiles;
  /** Where a file of the plan lies, as an absolute path. */
  readonly pathOf?: ((file: string) => string) | undefined;
}

const DEFAULT_TIMEOUT = '10s';

/** A plan that names no objective is held to the line at which the staging test plan fails, so that errors never pass unseen. */
const DEFAULT_OBJECTIVES = ['errors < 1%'];

/** Lowers a plan that schema and checks let through. */
export function lowerPlan(input: PlanInput, files: PlanFiles): Plan {
  const named = [...(input.profile === undefined ? [] : profiles[input.profile]), ...(input.objectives ?? [])];
  const objectives = named.length === 0 ? DEFAULT_OBJECTIVES : named;
  return withNumberedSteps({
    name: input.name,
    description: input.description ?? '',
    ...(input.target !== undefined && { target: input.target }),
    timeoutUs: durationUs(input.timeout ?? DEFAULT_TIMEOUT),
    seed: input.seed ?? 1,
    ...(input.profile !== undefined && { profile: input.profile }),
    headers: input.headers ?? {},
    variables: jsonTexts(input.variables ?? {}),
    ...heldFiles(files),
    ...lowerConnections(input, files),
    ...habitsOf(input),
    signals: input.signals ?? {},
    ...lowerHooks(input.hooks, files.pathOf),
    scenarios: inlineTexts(input.scenarios.filter(isWeighted).map(lowerScenario), files.files),
    ...lowerOnce(input, files),
    ...lowerPhases(input, objectives),
    ...(input.cost && { cost: input.cost }),
    capacity: lowerCapacity(input.capacity ?? {}, objectives, [input.abortOn ?? []].flat()),
  });
}

/** Objectives that name steps or scenarios get the numbers under which these are recorded. */
function withNumberedSteps(plan: Plan): Plan {
  const names = requestNames(planSteps(plan).map(({ scenario, step }) => ({ scenario, step: step.name })));
  const numbered = <T extends { readonly metric: ObjectiveMetric }>(list: readonly T[]): T[] =>
    list.map((each) => withSteps(each, names));
  const numberedIn = <T extends Pick<Phase, 'objectives' | 'abortOn'>>(of: T): T => ({
    ...of,
    objectives: numbered(of.objectives),
    ...(of.abortOn && { abortOn: numbered(of.abortOn) }),
  });
  return {
    ...plan,
    phases: plan.phases.map(numberedIn),
    ...(plan.runObjectives && { runObjectives: numbered(plan.runObjectives) }),
    capacity: numberedIn(plan.capacity),
  };
}

const lowerPhases = (
  { phases, runObjectives, abortOn = [] }: PlanInput,
  objectives: readonly string[],
): Pick<Plan, 'phases' | 'runObjectives' | 'search'> => ({
  phases: (phases ?? []).map((phase) => lowerPhase(phase, objectives, [abortOn].flat())),
  ...(runObjectives && { runObjectives: objectivesFrom(runObjectives) }),
  ...(phases === undefined && { search: true as const }),
});

const lowerOnce = (input: PlanInput, { files }: PlanFiles): Partial<Plan> =>
  Object.fromEntries(
    ONCE_KEYS.filter((key) => input[key] !== undefined).map((key) => [
      key,
      inlineTexts((input[key] ?? []).map(lowerStep), files),
    ]),
  );

const heldFiles = ({ feeders, files = {} }: PlanFiles): Pick<Plan, 'feeders' | 'files'> => ({ feeders, files });

const lowerScenario = ({ name, weight = 1, onStart = [], steps }: PlanInput['scenarios'][number]): Scenario => ({
  name,
  weight,
  onStart: onStart.map(lowerStep),
  steps: steps.map(lowerStep),
});
