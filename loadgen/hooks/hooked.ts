import { parseExactJson } from '../../lib/document/exact-json.ts';
import type { HttpStep } from '../../lib/plan/steps/http.ts';
import { functionsIn, parseTemplate, type OwnCall } from '../../lib/plan/template.ts';
import type { Exchange, Outgoing, Reply } from '../senders/sender.ts';
import type { HookCall, HookEnd, Hooks, HookTimes, RequestChanges } from './port.ts';
import { heldAs, renderPiece, type Render } from '../engine/render.ts';
import { NoRequest, usable } from '../engine/no-request.ts';
import { compileChanges, type RequestContext } from '../engine/request.ts';
import type { User, Value } from '../engine/user.ts';

/** What a step's hooks make of its request. */
export type Prepared = HookTimes &
  ({ readonly is: 'done'; readonly request: Outgoing | NoRequest } | Exclude<HookEnd, { readonly is: 'done' }>);

/** The hooks of one request. */
export interface Hooked {
  prepare(user: User, hooks: Hooks, settled: (prepared: Prepared) => void): Exchange;
  readonly after?: ((asked: Outgoing | undefined, reply: Reply) => HookCall) | undefined;
}

/** A request with the hooks of its step and plan; undefined where it has none. */
export function compileHooked(
  step: HttpStep,
  number: number,
  context: RequestContext,
  request: Render<Outgoing | NoRequest>,
): Hooked | undefined {
  const { hooks } = context.plan;
  if (hooks === undefined) return undefined;
  const before = [...hooks.beforeRequest, ...(step.beforeRequest ?? [])];
  const after = [...hooks.afterResponse, ...(step.afterResponse ?? [])];
  const functions = compileFunctions(step, number, context);
  if (before.length + after.length === 0 && functions === undefined) return undefined;
  const parts = { before, functions, number, request, change: compileChanges(context) };
  return {
    prepare: hooks.signatures === 'processor' ? prepareAsWritten(parts) : prepareAsSent(parts),
    ...(after.length > 0 && {
      after: (asked, reply) => ({ place: 'afterResponse', names: after, step: number, request: asked, reply }),
    }),
  };
}

interface Parts {
  readonly before: readonly string[];
  readonly functions: Functions | undefined;
  readonly number: number;
  readonly request: Render<Outgoing | NoRequest>;
  readonly change: ReturnType<typeof compileChanges>;
}

const asking = ({ before, number }: Parts, request?: Outgoing): HookCall | undefined =>
  before.length === 0 ? undefined : { place: 'beforeRequest', names: before, step: number, request };

const changing =
  ({ change }: Parts) =>
  (made: Outgoing | NoRequest, changes: RequestChanges, user: User): Outgoing | NoRequest =>
    made instanceof NoRequest ? made : change(made, changes, user);

/** A processor sees what its script says, before templates are filled in. */
const prepareAsWritten =
  (parts: Parts): Hooked['prepare'] =>
  (user, port, settled) => {
    const { functions, request } = parts;
    const changed = changing(parts);
    const calls = [() => asking(parts), () => functions?.call(user)];
    return new Series(port, user, calls, (call, end) => functions?.hold(call, end.values, user)).run((end, changes) => {
      settled(end.is === 'done' ? { ...end, request: changed(request(user), changes, user) } : end);
    });
  };

/** Any other hook sees the request as it would be sent. */
const prepareAsSent =
  (parts: Parts): Hooked['prepare'] =>
  (user, port, settled) => {
    const { functions, request } = parts;
    const changed = changing(parts);
    let made: Outgoing | NoRequest | undefined;
    const render = (): HookCall | undefined => {
      made = request(user);
      return made instanceof NoRequest ? undefined : asking(parts, made);
    };
    const calls = [() => functions?.call(user), render];
    return new Series(port, user, calls, (call, end) => functions?.hold(call, end.values, user)).run((end, changes) =>
      settled(end.is === 'done' ? { ...end, request: changed(made ?? request(user), changes, user) } : end),
    );
  };

type Done = Extract<HookEnd, { readonly is: 'done' }>;

/** Calls one after another, up to the first that fails. */
class Series implements Exchange {
  readonly #port: Hooks;
  readonly #user: User;
  readonly #calls: readonly (() => HookCall | undefined)[];
  readonly #done: (call: HookCall, end: Done) => void;
  readonly #times: { name: string; busyUs: number }[] = [];
  #awaitedUs = 0;
  #exchange: Exchange | undefined;

  constructor(
    port: Hooks,
    user: User,
    calls: readonly (() => HookCall | undefined)[],
    done: (call: HookCall, end: Done) => void,
  ) {
    this.#port = port;
    this.#user = user;
    this.#calls = calls;
    this.#done = done;
  }

  run(settled: (end: HookEnd, changes: RequestChanges) => void): this {
    this.#next(0, {}, settled);
    return this;
  }

  cut(): void {
    this.#exchange?.cut();
  }

  #next(at: number, changes: RequestChanges, settled: (end: HookEnd, changes: RequestChanges) => void): void {
    const times = { calls: this.#times, awaitedUs: this.#awaitedUs };
    if (at === this.#calls.length) return settled({ is: 'done', values: [], ...times }, changes);
    const call = this.#calls[at]?.();
    if (call === undefined) return this.#next(at + 1, changes, settled);
    this.#exchange = this.#port.call(call, this.#user, (end) => {
      this.#times.push(...end.calls);
      this.#awaitedUs += end.awaitedUs;
      if (end.is !== 'done') return settled({ ...end, calls: this.#times, awaitedUs: this.#awaitedUs }, changes);
      this.#done(call, end);
      this.#next(at + 1, { ...changes, ...end.changes }, settled);
    });
  }
}

interface Functions {
  /** Undefined where an argument has no value: then the request can't be made. */
  call(user: User): HookCall | undefined;
  hold(call: HookCall, values: readonly Value[], user: User): void;
}

/** Values of the plan's own functions in the templates of a request, each different call once. */
function compileFunctions(step: HttpStep, number: number, { plan, constants }: RequestContext): Functions | undefined {
  const body = step.body !== undefined && 'json' in step.body ? parseExactJson(step.body.json) : step.body;
  const texts = textsIn([step.path, step.query, step.headers, plan.headers, body]);
  const calls = new Map<string, OwnCall>();
  for (const text of texts) for (const call of functionsIn(parseTemplate(text))) calls.set(heldAs(call), call);
  if (calls.size === 0) return undefined;
  const names = Array.from(calls.values(), ({ name }) => name);
  const held = [...calls.keys()];
  const args = usable((user: User) =>
    Array.from(calls.values(), (call) => call.args.map((arg) => renderPiece(arg, constants)(user))),
  );
  return {
    call(user) {
      for (const name of held) user.variables.delete(name);
      const values = args(user);
      return values instanceof NoRequest ? undefined : { place: 'function', names, step: number, args: values };
    },
    hold({ place }, values, user) {
      if (place !== 'function') return;
      for (const [i, name] of held.entries()) {
        const value = values[i];
        if (value !== undefined) user.variables.set(name, value);
      }
    },
  };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('(') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [...textsIn(key), ...textsIn(item)]);
}
