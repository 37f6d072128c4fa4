import { PlimsollError } from '../../errors.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { methods } from '../../plan/steps/methods.ts';
import type { PlanInput } from '../../plan/schema.ts';
import type { StepInput } from '../../plan/steps/index.ts';
import type { Conversion } from '../converter.ts';
import type { Notes } from './notes.ts';
import type { Secrets } from './secrets.ts';

/** A plan before its last touch, and what was found on the way. */
interface Draft {
  readonly plan: PlanInput;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly notes: Notes;
  readonly secrets: Secrets;
}

/** The plan without a secret, with what all its requests share said once, and the environment variables that it reads listed. */
export function finished({ plan, files, notes, secrets }: Draft): Conversion {
  for (const name of secrets.variables)
    notes.changed(undefined, `a secret is read from the environment: set ${name} before the run`);
  const shared = withSharedHeaders(expectingNoSecret(withinLimits(secrets.purge(plan), notes), notes));
  return { plan: withKeysInOrder(shared), files, differences: notes.differences };
}

const TOP_KEYS = [
  'name',
  'description',
  'target',
  'timeout',
  'onFail',
  'redirects',
  'headers',
  'variables',
  'feeders',
  'tls',
  'connections',
  'setup',
  'teardown',
  'scenarios',
  'phases',
] as const;

function withKeysInOrder(plan: PlanInput): PlanInput {
  const rank = new Map<string, number>(TOP_KEYS.map((key, at) => [key, at]));
  const entries = Object.entries(plan).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (rank.get(a) ?? 99) - (rank.get(b) ?? 99)),
  ) as unknown as PlanInput;
}

/** parsePlan takes 1 MiB and 100,000 values at most, and a plan is written with more letters than its JSON has. */
const MOST_LETTERS = 500_000;

export const isTooLarge = (plan: PlanInput): boolean => JSON.stringify(plan).length > MOST_LETTERS;

/** Steps beyond what a plan may hold are left out, the last ones first. */
function withinLimits(plan: PlanInput, notes: Notes): PlanInput {
  let letters = 0;
  const scenarios = plan.scenarios.flatMap((scenario) => {
    const steps = scenario.steps.filter((step) => (letters += JSON.stringify(step).length) <= MOST_LETTERS);
    const missing = scenario.steps.length - steps.length;
    if (missing > 0)
      notes.leftOut(undefined, `of ${scenario.name} the last ${missing} steps, with which the plan would be too large`);
    return steps.length === 0 ? [] : [{ ...scenario, steps }];
  });
  if (scenarios.length === 0 && plan.scenarios.length > 0)
    throw new PlimsollError(
      'E-SCRIPT-REFUSED',
      'Each of its steps is larger than a plan may be: move bodies into files.',
    );
  return { ...plan, scenarios };
}

/** Every request of a list of steps, at any depth. */
export function requestsIn(steps: readonly StepInput[]): HttpInput[] {
  return steps.flatMap((step): HttpInput[] => {
    if ('loop' in step) return requestsIn(step.loop.steps);
    if ('choose' in step) return step.choose.flatMap((choice) => requestsIn(choice.steps));
    if ('if' in step) return [...requestsIn(step.steps), ...requestsIn(step.else ?? [])];
    if ('while' in step) return requestsIn(step.steps);
    return methods.some((method) => method in step) ? [step as HttpInput] : [];
  });
}

const everyRequest = ({ setup = [], teardown = [], scenarios }: PlanInput): HttpInput[] =>
  requestsIn([...setup, ...teardown, ...scenarios.flatMap(({ onStart = [], steps }) => [...onStart, ...steps])]);

/** Expectations read no templates, so what a secret was purged from can't be one. */
function expectingNoSecret(plan: PlanInput, notes: Notes): PlanInput {
  for (const request of everyRequest(plan)) {
    const all = Object.entries(request.expect ?? {});
    const sound = all.filter(([, value]) => !JSON.stringify(value).includes('{{ $env('));
    if (sound.length === all.length) continue;
    notes.leftOut(undefined, `what ${request.name ?? 'a request'} is expected to answer, since it holds a secret`);
    if (sound.length === 0) delete request.expect;
    else request.expect = Object.fromEntries(sound);
  }
  return plan;
}

/** A header that every request has with the same value is the plan's. One that reads what is captured stays where it is. */
function withSharedHeaders(plan: PlanInput): PlanInput {
  const all = everyRequest(plan);
  if (all.length < 2) return plan;
  const shared = Object.entries(all[0]?.headers ?? {}).filter(
    ([name, value]) =>
      !/^content-type$/i.test(name) &&
      !/\{\{\s*[A-Za-z_]/.test(String(value)) &&
      all.every(({ headers }) => headers?.[name] === value),
  );
  if (shared.length === 0) return plan;
  for (const request of all) {
    for (const [name] of shared) delete request.headers?.[name];
    if (Object.keys(request.headers ?? {}).length === 0) delete request.headers;
  }
  return { ...plan, headers: { ...plan.headers, ...Object.fromEntries(shared) } };
}
