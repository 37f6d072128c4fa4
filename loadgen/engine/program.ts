import type { Plan, Scenario } from '../../lib/plan/plan.ts';
import type { PauseStep } from '../../lib/plan/steps/pause.ts';
import type { Step } from '../../lib/plan/steps/index.ts';
import { feedersOf } from './feeders.ts';
import { compileJudge, needsOf, type Judge } from './judge.ts';
import { compileRequest, type RequestContext } from './request.ts';
import type { Outgoing } from '../senders/sender.ts';
import type { User } from './user.ts';

/** A scenario lowered to a flat list, in which loops and choices are jumps: a journey is then an index into it. */
export type Op =
  | {
      readonly op: 'http';
      readonly step: number;
      readonly request: (user: User) => Outgoing | undefined;
      readonly judge: Judge;
    }
  | { readonly op: 'pause'; readonly pause: PauseStep }
  /** Goes back to `to` until the ops between have run `times` times. `loop` numbers the counter. */
  | { readonly op: 'repeat'; readonly loop: number; readonly times: number; readonly to: number }
  /** Goes to one of `targets`, the i-th while a draw in [0, 1) is below `bounds[i]`. */
  | { readonly op: 'choose'; readonly bounds: readonly number[]; readonly targets: readonly number[] }
  | { readonly op: 'jump'; readonly to: number };

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

class Compiler {
  readonly ops: Op[] = [];
  loops = 0;
  readonly #context: RequestContext;
  #step: number;

  constructor(context: RequestContext, firstStep: number) {
    this.#context = context;
    this.#step = firstStep;
  }

  get step(): number {
    return this.#step;
  }

  add(steps: readonly Step[]): void {
    for (const step of steps) {
      switch (step.kind) {
        case 'http':
          this.#http(step);
          break;
        case 'pause':
          this.ops.push({ op: 'pause', pause: step });
          break;
        case 'loop':
          this.#loop(step);
          break;
        case 'choose':
          this.#choose(step);
      }
    }
  }

  #http(step: Extract<Step, { kind: 'http' }>): void {
    const request = compileRequest(step, this.#context, needsOf(step));
    this.ops.push({ op: 'http', step: this.#step++, request, judge: compileJudge(step) });
  }

  #loop({ times, steps }: Extract<Step, { kind: 'loop' }>): void {
    const [to, loop] = [this.ops.length, this.loops++];
    this.add(steps);
    this.ops.push({ op: 'repeat', loop, times, to });
  }

  #choose({ choices }: Extract<Step, { kind: 'choose' }>): void {
    const targets: number[] = [];
    const ends: { to: number }[] = [];
    this.ops.push({ op: 'choose', bounds: cumulative(choices.map((choice) => choice.weight)), targets });
    for (const choice of choices) {
      targets.push(this.ops.length);
      this.add(choice.steps);
      const end = { op: 'jump' as const, to: 0 };
      ends.push(end);
      this.ops.push(end);
    }
    for (const end of ends) end.to = this.ops.length;
  }
}

/** Upper bounds in (0, 1] in proportion to the weights. */
function cumulative(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight) => (sum += weight) / total);
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
  return { ops: compiler.ops, iteration, loops: compiler.loops, feeders: feedersOf(scenario), nextStep: compiler.step };
}

/** Every scenario of the plan; steps are numbered as in `planSteps`. */
export function compilePrograms(plan: Plan, target: URL): Programs {
  const context: RequestContext = { plan, target, constants: new Map(Object.entries(plan.variables)) };
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

/** The first index whose bound is above `draw`. */
export const indexBelow = (bounds: readonly number[], draw: number): number => {
  const index = bounds.findIndex((bound) => draw < bound);
  return index < 0 ? bounds.length - 1 : index;
};

function throwEmpty(): never {
  throw new RangeError('a plan has at least one scenario');
}
