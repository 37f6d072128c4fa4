import type { Step } from '../../lib/plan/steps/index.ts';
import type { Outgoing, Reply } from '../senders/sender.ts';
import { compileRedirect, pageOf } from './address.ts';
import { parseCondition } from '../../lib/plan/condition.ts';
import { compileCondition } from './condition.ts';
import { compileHooked, type Hooked } from '../hooks/hooked.ts';
import type { HookCall } from '../hooks/port.ts';
import { compileCaptures, compileJudge, needsOf, type Judge } from './judge.ts';
import type { NoRequest } from './no-request.ts';
import { valueOf } from './render.ts';
import { compileRequest, type RequestContext } from './request.ts';
import type { User, Value } from './user.ts';
import { cumulative, indexBelow } from './weights.ts';

/**
 * A scenario lowered to a flat list: a journey is then an index into it. There are four ops, whatever kinds of step there are:
 * one sends, one waits, one calls code of the plan's own, and one goes on at another op at once.
 */
export type Op =
  | {
      readonly op: 'send';
      readonly step: number;
      readonly request: (user: User) => Outgoing | NoRequest;
      readonly judge: Judge;
      /** Of a step after whose failure the journey goes on, where the reply holds what it captures. */
      readonly goOn?: Judge | undefined;
      /** Of a step that follows redirects: the request that a reply asks for; false where it asks for none. */
      readonly redirect?: ((asked: Outgoing, reply: Reply) => Outgoing | NoRequest | false) | undefined;
      readonly hooked?: Hooked | undefined;
    }
  | {
      readonly op: 'call';
      readonly call: HookCall;
      /** Where its answer is held. */
      readonly into?: string;
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
    const needs = needsOf(step);
    const number = into.step++;
    const isSeen = plan.hooks !== undefined && [...plan.hooks.afterResponse, ...(step.afterResponse ?? [])].length > 0;
    const request = compileRequest(step, into.context, {
      body: needs.body || isSeen,
      headers: needs.headers || follows || isSeen,
    });
    const hooked = compileHooked(step, number, into.context, request);
    into.ops.push({
      op: 'send',
      step: number,
      request,
      ...(hooked !== undefined && { hooked }),
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
  call({ name }, into) {
    into.ops.push({ op: 'call', call: { place: 'call', names: [name], step: into.stepOfCall } });
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
    const holds = into.asks(condition, 'if');
    const start = into.ops.length + 1;
    let [other, after] = [0, 0];
    into.ops.push({ op: 'go', next: (user) => (holds(user) ? start : other) });
    into.add(steps);
    into.ops.push({ op: 'go', next: () => after });
    other = into.ops.length;
    into.add(otherwise);
    after = into.ops.length;
  },
  while({ condition, atMost, atLeastOnce, as, steps }, into) {
    const loop = into.loops++;
    const first = atLeastOnce ? into.skip() : undefined;
    const start = into.ops.length;
    const holds = into.asks(condition, 'while');
    let [body, after] = [0, 0];
    const begin = (user: User, turns: number[], turn: number): void => {
      turns[loop] = turn + 1;
      if (as !== undefined) user.variables.set(as, turn);
    };
    const next = (user: User, turns: number[]): number => {
      const done = turns[loop] ?? 0;
      const again = done < atMost && holds(user);
      if (again) begin(user, turns, done);
      else turns[loop] = 0;
      return again ? body : after;
    };
    into.ops.push({ op: 'go', next });
    body = into.ops.length;
    first?.(body, (user, turns) => begin(user, turns, 0));
    into.add(steps);
    after = into.ops.length + 1;
    into.ops.push({ op: 'go', next: () => start, left: after });
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
  const value = valueOf(over, into.context.values);
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

  readonly #last: number;

  /** `steps`: how many requests follow. */
  constructor(context: RequestContext, firstStep: number, steps: number) {
    this.context = context;
    this.step = firstStep;
    this.#last = Math.max(0, firstStep + steps - 1);
  }

  /** Under which request what calls code here is counted: the one that follows. */
  get stepOfCall(): number {
    return Math.min(this.step, this.#last);
  }

  /** What the plan has called before each iteration. */
  beforeJourney(): void {
    const names = this.context.plan.hooks?.beforeJourney ?? [];
    if (names.length > 0) this.ops.push({ op: 'call', call: { place: 'beforeJourney', names, step: this.stepOfCall } });
  }

  /** A condition, which may have to be asked of code first. */
  asks(text: string, place: 'if' | 'while'): (user: User) => boolean {
    const condition = parseCondition(text);
    if (!('is' in condition) || condition.is !== 'function') return compileCondition(text, this.context.values);
    const into = `answer ${this.ops.length}`;
    this.ops.push({ op: 'call', call: { place, names: [condition.name], step: this.stepOfCall }, into });
    return (user) => Boolean(user.variables.get(into));
  }

  /** An op that goes on elsewhere: where, is said later. */
  skip(): (to: number, passed: (user: User, turns: number[]) => void) => void {
    let next = 0;
    let pass: ((user: User, turns: number[]) => void) | undefined;
    this.ops.push({
      op: 'go',
      next: (user, turns) => {
        pass?.(user, turns);
        return next;
      },
    });
    return (to, passed) => ([next, pass] = [to, passed]);
  }

  add(steps: readonly Step[]): void {
    for (const step of steps) this.#addStep(step);
  }

  #addStep<Kind extends Step['kind']>(step: Extract<Step, { kind: Kind }> & { readonly kind: Kind }): void {
    compile[step.kind](step, this);
  }
}
