import type { LookAtFailure } from './reply/failure-look.ts';
import { parseExactJson } from '../../lib/document/exact-json.ts';
import { ONCE_KEYS } from '../../lib/plan/draft-steps.ts';
import type { Recorder } from '../../lib/measure/recorder.ts';
import type { Plan, Scenario } from '../../lib/plan/plan.ts';
import { allStepsOf, httpStepsOf, type Step } from '../../lib/plan/steps/index.ts';
import { parseTemplate, variablesOf } from '../../lib/plan/template.ts';
import { referenceIn, type AddressContext } from './address.ts';
import type { Clock } from './clock.ts';
import { Compiler, type Op } from './compile.ts';
import { referenceOf } from '../../lib/plan/name.ts';
import { Choice, type Constants } from './render.ts';
import { Apportionment, cumulative, indexBelow, stratified } from './weights.ts';
import { feedersOf } from './feeders.ts';
import type { RequestContext } from './request.ts';
import type { TimerQueue } from './timer-queue.ts';
import type { Hooks } from '../hooks/port.ts';
import type { FailureKind } from '../../lib/measure/failures.ts';
import type { Reply, Sender } from '../senders/sender.ts';
import type { Traces } from '../senders/traces.ts';
import type { User, Value } from './user.ts';

/** What every journey of a phase shares. */
export interface PhaseContext {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly sender: Sender;
  readonly timerQueue: TimerQueue;
  readonly look: LookAtFailure;
  /** Where requests are marked with the traces they begin. */
  readonly traces?: Traces;
  /** Of a plan that has any. */
  readonly hooks?: Hooks | undefined;
  /** Of a plan that is tried: sees what the request of that number came to. */
  readonly judged?: ((step: number, judged: JudgedReply) => void) | undefined;
  /** From the phase's end on no request is sent any more. */
  over: boolean;
}

/** A reply that a step's checks and captures have read, and whose user has what was captured. */
export interface JudgedReply {
  readonly reply: Reply;
  readonly tookUs: number;
  readonly user: User;
  readonly failure: FailureKind | undefined;
}

export interface Program {
  /** Its scenario's place in the plan. */
  readonly scenario: number;
  readonly ops: readonly Op[];
  /** Where the ops of `onStart` end and an iteration begins. */
  readonly iteration: number;
  readonly loops: number;
  readonly feeders: { readonly user: readonly string[]; readonly iteration: readonly string[] };
}

export interface Programs {
  readonly programs: readonly Program[];
  /** The scenario of a closed phase's user, by its number among all workers' users: weights hold as exactly as whole users allow. */
  ofUser(number: number): Program;
  /** The scenario of an open phase's arrival, by its index: by chance, yet as weighted among each hundred. */
  ofArrival(seed: number, index: number): Program;
}

function compileScenario(
  scenario: Scenario,
  place: number,
  context: RequestContext,
  firstStep: number,
): Program & { nextStep: number } {
  const compiler = new Compiler(context, firstStep, httpStepsOf([...scenario.onStart, ...scenario.steps]).length);
  compiler.add(scenario.onStart);
  const iteration = compiler.ops.length;
  compiler.beforeJourney();
  compiler.add(scenario.steps);
  return {
    scenario: place,
    ops: compiler.ops,
    iteration,
    loops: compiler.loops,
    feeders: feedersOf(scenario, context.plan),
    nextStep: compiler.step,
  };
}

function contextFor(plan: Plan, where: AddressContext): RequestContext {
  const journeys = plan.scenarios.flatMap(({ onStart, steps }) => [...onStart, ...steps]);
  const names = allStepsOf([...ONCE_KEYS.flatMap((key) => plan[key] ?? []), ...journeys]).flatMap((step) => {
    if (step.kind === 'http') return referenceIn(step.path) ?? [];
    return step.kind === 'loop' && 'over' in step.turns ? referenceOf(step.turns.over).root : [];
  });
  const values = constantsOf(plan);
  return { plan, ...where, pages: plan.pages, values, constants: withUnset(values, plan), references: new Set(names) };
}

/** The plan's variables. */
export const constantsOf = ({ variables, captured = [] }: Plan): Map<string, Value | Choice> =>
  new Map(
    Object.entries(variables).map(([name, text]) => {
      const value = parseExactJson(text) as Value;
      return [name, captured.includes(name) ? value : variableOf(value)];
    }),
  );

/** Beside them what templates write for a variable that hooks have not set. */
const withUnset = (values: Constants, { hooks }: Plan): Constants => {
  const unset = Object.entries(hooks?.sets ?? {}).flatMap(([name, value]): [string, Value][] =>
    value === null ? [] : [[name, value]],
  );
  return unset.length === 0 ? values : new Map([...unset, ...values]);
};

/** `{ pick: [values] }` is one of them, and a map with more in it is a map. */
const variableOf = (value: Value): Value | Choice =>
  typeof value === 'object' && value !== null && 'pick' in value && isChoice(value)
    ? new Choice(value.pick as Value[])
    : value;

const isChoice = (value: { readonly pick: unknown }): boolean =>
  Array.isArray(value.pick) && value.pick.length > 0 && Object.keys(value).length === 1;

/**
 * Steps of a setup or teardown, numbered from 0. The plan's headers go with them as far as they are known: none that reads a
 * feeder, and in the setup none that reads what is captured only in it.
 */
export function compileSteps(steps: readonly Step[], plan: Plan, where: AddressContext): Program {
  const headers = Object.fromEntries(
    Object.entries(plan.headers).filter(([, value]) =>
      variablesOf(parseTemplate(String(value))).every((name) => Object.hasOwn(plan.variables, referenceOf(name).root)),
    ),
  );
  const compiler = new Compiler(contextFor({ ...plan, headers }, where), 0, httpStepsOf(steps).length);
  compiler.add(steps);
  return { scenario: 0, ops: compiler.ops, iteration: 0, loops: compiler.loops, feeders: { user: [], iteration: [] } };
}

/** Every scenario of the plan; steps are numbered as in `planSteps`. */
export function compilePrograms(plan: Plan, where: AddressContext): Programs {
  const context = contextFor(plan, where);
  const programs: Program[] = [];
  let nextStep = 0;
  for (const [place, scenario] of plan.scenarios.entries()) {
    const program = compileScenario(scenario, place, context, nextStep);
    nextStep = program.nextStep;
    programs.push(program);
  }
  const weights = plan.scenarios.map((scenario) => scenario.weight);
  const bounds = cumulative(weights);
  const users = new Apportionment(weights);
  const only = programs.length === 1;
  const at = (index: number): Program => programs[index] ?? throwEmpty();
  return {
    programs,
    ofUser: (number) => at(users.kindOf(number)),
    ofArrival: (seed, index) => at(only ? 0 : indexBelow(bounds, stratified(seed, index))),
  };
}

function throwEmpty(): never {
  throw new RangeError('a plan has at least one scenario');
}

/** Most programs have no loop, and there may be tens of thousands of journeys a second. */
const NO_TURNS: number[] = [];

/** A counter for each loop. */
export const newTurns = ({ loops }: Program): number[] =>
  loops === 0 ? NO_TURNS : Array.from({ length: loops }, () => 0);

/** Of a journey that failed at the head of a loop of a million turns only so many ops are looked at, which takes less than a ms. */
const MOST_OPS_LEFT = 10_000;

/** Pauses of a program from an op on, in µs, as a user would take them. */
export function thinkLeftUs({ ops }: Program, from: number, user: User, turns: number[]): number {
  let us = 0;
  let at = from;
  for (let seen = 0; seen < MOST_OPS_LEFT; seen += 1) {
    const op = ops[at];
    if (op === undefined) break;
    if (op.op === 'wait') us += op.us(user);
    at = op.op === 'go' ? (op.left ?? op.next(user, turns)) : at + 1;
  }
  return us;
}
