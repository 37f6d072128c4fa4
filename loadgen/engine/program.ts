import { parseExactJson } from '../../lib/document/exact-json.ts';
import type { Plan, Scenario } from '../../lib/plan/plan.ts';
import { Compiler, type Op } from './compile.ts';
import { cumulative, indexBelow } from './weights.ts';
import { feedersOf } from './feeders.ts';
import type { RequestContext } from './request.ts';
import type { Value } from './user.ts';

export interface Program {
  readonly ops: readonly Op[];
  /** Where the ops of `onStart` end and an iteration begins. */
  readonly iteration: number;
  readonly loops: number;
  readonly feeders: { readonly user: readonly string[]; readonly iteration: readonly string[] };
}

export interface Programs {
  readonly programs: readonly Program[];
  /** Picks a program by the scenarios' weights; `draw` gives a number in [0, 1), and is not asked where there is no choice. */
  pick(draw: () => number): Program;
}

function compileScenario(
  scenario: Scenario,
  context: RequestContext,
  firstStep: number,
): Program & { nextStep: number } {
  const compiler = new Compiler(context, firstStep);
  compiler.add(scenario.onStart);
  const iteration = compiler.ops.length;
  compiler.add(scenario.steps);
  return {
    ops: compiler.ops,
    iteration,
    loops: compiler.loops,
    feeders: feedersOf(scenario, context.plan.headers),
    nextStep: compiler.step,
  };
}

/** Every scenario of the plan; steps are numbered as in `planSteps`. */
export function compilePrograms(plan: Plan, target: URL): Programs {
  const constants = Object.entries(plan.variables).map(
    ([name, text]) => [name, parseExactJson(text) as Value] as const,
  );
  const context: RequestContext = { plan, target, constants: new Map(constants) };
  const programs: Program[] = [];
  let nextStep = 0;
  for (const scenario of plan.scenarios) {
    const program = compileScenario(scenario, context, nextStep);
    nextStep = program.nextStep;
    programs.push(program);
  }
  const bounds = cumulative(plan.scenarios.map((scenario) => scenario.weight));
  return { programs, pick: (draw) => programs[bounds.length > 1 ? indexBelow(bounds, draw()) : 0] ?? throwEmpty() };
}

function throwEmpty(): never {
  throw new RangeError('a plan has at least one scenario');
}
