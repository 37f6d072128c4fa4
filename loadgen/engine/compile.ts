import type { Step } from '../../lib/plan/steps/index.ts';
import type { Outgoing } from '../senders/sender.ts';
import { compileJudge, needsOf, type Judge } from './judge.ts';
import { compileRequest, type RequestContext } from './request.ts';
import type { User } from './user.ts';
import { cumulative, indexBelow } from './weights.ts';

/**
 * A scenario lowered to a flat list: a journey is then an index into it. There are three ops, whatever kinds of step there are:
 * one sends, one waits, and one goes on at another op at once.
 */
export type Op =
  | {
      readonly op: 'send';
      readonly step: number;
      readonly request: (user: User) => Outgoing | undefined;
      readonly judge: Judge;
    }
  | { readonly op: 'wait'; readonly us: (user: User) => number }
  /** `turns` are the journey's counters, one a loop. */
  | { readonly op: 'go'; readonly next: (user: User, turns: number[]) => number };

/** How each kind of step becomes ops. A new kind is a line here. */
const compile: { readonly [Kind in Step['kind']]: (step: Extract<Step, { kind: Kind }>, into: Compiler) => void } = {
  http(step, into) {
    const request = compileRequest(step, into.context, needsOf(step));
    into.ops.push({ op: 'send', step: into.step++, request, judge: compileJudge(step, into.context.references) });
  },
  pause({ minUs, spanUs, meanUs }, into) {
    const us = ({ random }: User): number =>
      minUs + spanUs * random() + (meanUs > 0 ? -meanUs * Math.log1p(-random()) : 0);
    into.ops.push({ op: 'wait', us });
  },
  loop({ times, steps }, into) {
    const [start, loop] = [into.ops.length, into.loops++];
    into.add(steps);
    const after = into.ops.length + 1;
    const next = (_: User, turns: number[]): number => {
      const done = (turns[loop] ?? 0) + 1;
      turns[loop] = done < times ? done : 0;
      return done < times ? start : after;
    };
    into.ops.push({ op: 'go', next });
  },
  choose({ choices }, into) {
    const bounds = cumulative(choices.map((choice) => choice.weight));
    const starts: number[] = [];
    let after = 0;
    into.ops.push({ op: 'go', next: (user) => starts[indexBelow(bounds, user.random())] ?? after });
    for (const choice of choices) {
      starts.push(into.ops.length);
      into.add(choice.steps);
      into.ops.push({ op: 'go', next: () => after });
    }
    after = into.ops.length;
  },
};

/** Collects the ops of one scenario. */
export class Compiler {
  readonly ops: Op[] = [];
  readonly context: RequestContext;
  loops = 0;
  /** The number of the next HTTP step in the plan. */
  step: number;

  constructor(context: RequestContext, firstStep: number) {
    this.context = context;
    this.step = firstStep;
  }

  add(steps: readonly Step[]): void {
    for (const step of steps) this.#addStep(step);
  }

  #addStep<Kind extends Step['kind']>(step: Extract<Step, { kind: Kind }> & { readonly kind: Kind }): void {
    compile[step.kind](step, this);
  }
}
