import type { Step } from '../../lib/plan/steps/index.ts';
import type { Outgoing, Reply } from '../senders/sender.ts';
import { compileRedirect, pageOf } from './address.ts';
import { compileCondition } from './condition.ts';
import { compileCaptures, compileJudge, needsOf, type Judge } from './judge.ts';
import { valueOf } from './render.ts';
import { compileRequest, type RequestContext } from './request.ts';
import type { User, Value } from './user.ts';
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
      /** Of a step after whose failure the journey goes on, where the reply holds what it captures. */
      readonly goOn?: Judge | undefined;
      /** Of a step that follows redirects: the request that a reply asks for; false where it asks for none. */
      readonly redirect?: ((asked: Outgoing, reply: Reply) => Outgoing | undefined | false) | undefined;
    }
  | { readonly op: 'wait'; readonly us: (user: User) => number }
  /**
   * `turns` are the journey's counters, one a loop. `left`: where it goes on that only counts what is left of a journey, since how often
   * a condition will still hold is not known.
   */
  | { readonly op: 'go'; readonly next: (user: User, turns: number[]) => number; readonly left?: number };

/** How each kind of step becomes ops. A new kind is a line here. */
const compile: { readonly [Kind in Step['kind']]: (step: Extract<Step, { kind: Kind }>, into: Compiler) => void } = {
  http(step, into) {
    const { plan, references } = into.context;
    const follows = (step.redirects ?? plan.redirects) === 'follow';
    const goesOn = (step.onFail ?? plan.onFail) === 'next';
    const { body, headers } = needsOf(step);
    into.ops.push({
      op: 'send',
      step: into.step++,
      request: compileRequest(step, into.context, { body, headers: headers || follows }),
      judge: compileJudge(goesOn ? { ...step, captures: [] } : step, references),
      ...(goesOn && { goOn: compileCaptures(step, references) }),
      ...(follows && { redirect: compileRedirect(into.context) }),
    });
  },
  pause({ minUs, spanUs, meanUs }, into) {
    const us = ({ random }: User): number =>
      minUs + spanUs * random() + (meanUs > 0 ? -meanUs * Math.log1p(-random()) : 0);
    into.ops.push({ op: 'wait', us });
  },
  loop({ turns, steps }, into) {
    if ('times' in turns) repeat(turns, steps, into);
    else forEach(turns, steps, into);
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
  if({ condition, steps, otherwise }, into) {
    const holds = compileCondition(condition, into.context.constants);
    const start = into.ops.length + 1;
    let [other, after] = [0, 0];
    into.ops.push({ op: 'go', next: (user) => (holds(user) ? start : other) });
    into.add(steps);
    into.ops.push({ op: 'go', next: () => after });
    other = into.ops.length;
    into.add(otherwise);
    after = into.ops.length;
  },
  while({ condition, atMost, steps }, into) {
    const holds = compileCondition(condition, into.context.constants);
    const [head, loop] = [into.ops.length, into.loops++];
    let after = 0;
    const next = (user: User, turns: number[]): number => {
      const done = turns[loop] ?? 0;
      const again = done < atMost && holds(user);
      turns[loop] = again ? done + 1 : 0;
      return again ? head + 1 : after;
    };
    into.ops.push({ op: 'go', next });
    into.add(steps);
    after = into.ops.length + 1;
    into.ops.push({ op: 'go', next: () => head, left: after });
  },
};

type Times = Extract<Extract<Step, { kind: 'loop' }>['turns'], { times: number }>;

function repeat({ times, as, from = 0 }: Times, steps: readonly Step[], into: Compiler): void {
  const loop = into.loops++;
  const start = into.ops.length;
  if (as !== undefined)
    into.ops.push({
      op: 'go',
      next: (user, turns) => {
        user.variables.set(as, from + (turns[loop] ?? 0));
        return start + 1;
      },
    });
  into.add(steps);
  const after = into.ops.length + 1;
  const next = (_: User, turns: number[]): number => {
    const done = (turns[loop] ?? 0) + 1;
    turns[loop] = done < times ? done : 0;
    return done < times ? start : after;
  };
  into.ops.push({ op: 'go', next });
}

function forEach({ over, as }: { over: string; as: string }, steps: readonly Step[], into: Compiler): void {
  const value = valueOf(over, into.context.constants);
  const [head, loop] = [into.ops.length, into.loops++];
  // No name of a plan holds a blank. The items are those at the loop's beginning, whatever is captured in it.
  const held = `items ${loop}`;
  let after = 0;
  const next = (user: User, turns: number[]): number => {
    const done = turns[loop] ?? 0;
    if (done === 0) user.variables.set(held, itemsOf(value(user)));
    const items = user.variables.get(held) as readonly Value[];
    const more = done < items.length;
    turns[loop] = more ? done + 1 : 0;
    if (!more) [as, held].forEach((name) => user.variables.delete(name));
    else {
      user.variables.set(as, items[done] ?? null);
      const page = pageOf(over, user, into.context);
      if (page !== undefined) (user.pages ??= new Map()).set(as, page);
    }
    return more ? head + 1 : after;
  };
  into.ops.push({ op: 'go', next });
  into.add(steps);
  after = into.ops.length + 1;
  into.ops.push({ op: 'go', next: () => head });
}

/** What is no list is one item, and what is nothing none. */
const itemsOf = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? (value as Value[]) : value === undefined || value === null ? [] : [value];

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
