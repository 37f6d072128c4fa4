import type { Path } from '../../document/problems.ts';
import { asList, asRecord, asText, recordsOf, type Draft } from '../../plan/draft.ts';
import { requestOf, withInnerSteps } from '../../plan/draft-steps.ts';
import type { PlanInput } from '../../plan/schema.ts';
import type { StepInput } from '../../plan/steps/index.ts';
import { stepsOf } from './flow.ts';
import { type VariableNames, wordOf } from './names.ts';
import { Scope, type ScriptFacts } from './scope.ts';

interface ScenarioReading {
  readonly names: VariableNames;
  readonly facts: ScriptFacts;
  /** `config.engine`. */
  readonly engine: unknown;
}

type Scenario = PlanInput['scenarios'][number];

/** A script's scenarios, but for those of which nothing can be done. */
export function scriptScenarios(written: unknown, reading: ScenarioReading): Scenario[] {
  const names = new Set<string>();
  return asList(written).flatMap((each, i) => {
    const { remarks } = reading.facts;
    const since = remarks.differences.length;
    const scenario = scenarioOf(asRecord(each), i, reading);
    if (scenario === undefined) return [];
    remarks.place(since, ['scenarios', names.size]);
    let { name } = scenario;
    for (let n = 2; names.has(name); n += 1) name = `${scenario.name} ${n}`;
    names.add(name);
    return [{ ...scenario, name }];
  });
}

function scenarioOf(
  scenario: Draft,
  i: number,
  { names, facts, engine: usual }: ScenarioReading,
): Scenario | undefined {
  const path = ['scenarios', i];
  const { remarks } = facts;
  const engine = asText(scenario['engine']) ?? asText(usual) ?? 'http';
  const name = asText(scenario['name']) ?? `scenario ${i + 1}`;
  if (engine !== 'http') {
    remarks.leftOut([...path, 'engine'], `the scenario ${name} of the engine ${engine}; a plan sends HTTP`);
    return undefined;
  }
  const since = remarks.differences.length;
  const steps = flowOf(scenario, path, new Scope(facts, names.inner()));
  if (steps.length === 0 && remarks.differences.slice(since).some(({ effect }) => effect === 'left out')) {
    remarks.leftOut(path, `the scenario ${name}, of which nothing is left`);
    return undefined;
  }
  if (!sendsAny(steps)) {
    remarks.noted(path, `the scenario ${name} sends nothing`);
    steps.push(NOTHING_SENT);
  }
  return { name, ...weightOf(scenario['weight'], [...path, 'weight'], names), steps };
}

/** `before` and `after` of a script. */
export function setupSteps(written: unknown, key: 'before' | 'after', { names, facts }: ScenarioReading): StepInput[] {
  const { flow } = asRecord(written);
  return flow === undefined ? [] : flowOf(asRecord(written), [key], new Scope(facts, names));
}

/** A flow with the functions that are called before and after it, and at each of its requests. */
function flowOf(scenario: Draft, path: Path, scope: Scope): StepInput[] {
  const named = (hook: string): string[] => scope.functions([...path, hook], hook, scenario[hook]);
  if (scenario['onError'] !== undefined && named('onError').length > 0)
    scope.remarks.changed([...path, 'onError'], "onError isn't called; the journey ends as it does in Artillery");
  const around = { beforeRequest: named('beforeRequest'), afterResponse: named('afterResponse') };
  const [before, after] = [named('beforeScenario'), named('afterScenario')];
  return [
    ...before.map((call) => ({ call })),
    ...stepsOf(scenario['flow'], [...path, 'flow'], scope.with(around)),
    ...after.map((call) => ({ call })),
  ];
}

function weightOf(written: unknown, path: Path, names: VariableNames): { weight?: number } {
  if (written === undefined) return {};
  const weight = Number.parseInt(wordOf(names.fixed(written, path)), 10);
  return weight === 1 ? {} : { weight: Number.isNaN(weight) ? 0 : weight };
}

/** A plan's scenario has a request, be it one that is never sent. */
const NOTHING_SENT: StepInput = { if: 'false', steps: [{ get: '/', name: 'nothing is sent' }] };

const sendsAny = (steps: readonly StepInput[]): boolean =>
  withInnerSteps(recordsOf({ path: [], value: { steps } }, 'steps')).some(
    ({ value }) => requestOf(value) !== undefined,
  );
