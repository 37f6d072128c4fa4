import { asCodeValues, parseExactJson } from '../../lib/document/exact-json.ts';
import { ONCE_KEYS } from '../../lib/plan/draft-steps.ts';
import { parseCondition } from '../../lib/plan/condition.ts';
import { allRequests, planSteps, type Plan } from '../../lib/plan/plan.ts';
import { allStepsOf, httpStepsOf, type Step } from '../../lib/plan/steps/index.ts';
import { functionsIn, parseTemplate } from '../../lib/plan/template.ts';
import { constantsOf } from '../engine/program.ts';
import { Choice } from '../engine/render.ts';
import { HookThread } from './thread.ts';

/**
 * Starts what calls the hooks of a plan; undefined where it has none. `steps`: of its setup or teardown, where these are run.
 * @throws PlimsollError E-HOOKS where the module can't be loaded, or lacks a function
 */
export async function beginHooks(plan: Plan, target: string, steps?: readonly Step[]): Promise<HookThread | undefined> {
  const { hooks } = plan;
  if (hooks === undefined) return undefined;
  const constants = constantsOf(plan);
  const fixed = Object.entries(plan.variables).filter(([name]) => !(constants.get(name) instanceof Choice));
  const variables = Object.fromEntries(fixed.map(([name, text]) => [name, asCodeValues(parseExactJson(text))]));
  const requests = steps === undefined ? planSteps(plan).map(({ step }) => step) : httpStepsOf(steps);
  const { module, signatures, names } = hooks;
  const wanted = [...new Set(namesIn(plan))];
  return await HookThread.begin(
    hooks,
    { module, signatures, names, wanted, variables, target, steps: requests },
    constants,
  );
}

/** Functions that the plan calls. */
function namesIn(plan: Plan): string[] {
  const { hooks, scenarios } = plan;
  const steps = allStepsOf([
    ...ONCE_KEYS.flatMap((key) => plan[key] ?? []),
    ...scenarios.flatMap(({ onStart, steps: own }) => [...onStart, ...own]),
  ]);
  return [
    ...(hooks === undefined ? [] : [hooks.beforeJourney, hooks.beforeRequest, hooks.afterResponse].flat()),
    ...steps.flatMap((step) => (step.kind === 'call' ? [step.name] : [])),
    ...allRequests(plan).flatMap(({ beforeRequest = [], afterResponse = [] }) => [...beforeRequest, ...afterResponse]),
    ...steps.flatMap((step) => ('condition' in step ? askedIn(step.condition) : [])),
    ...textsIn([plan.headers, steps]).flatMap((text) => functionsIn(parseTemplate(text)).map(({ name }) => name)),
  ];
}

function askedIn(text: string): string[] {
  const condition = parseCondition(text);
  return 'is' in condition && condition.is === 'function' ? [condition.name] : [];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('{{') ? [value] : [];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => [...textsIn(key), ...textsIn(item)])
    : [];
}
