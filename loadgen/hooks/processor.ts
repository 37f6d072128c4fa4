import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import {
  exportsOf,
  functionIn,
  type AnyFunction,
  type CallMessage,
  type Functions,
  type ModuleContext,
} from './functions.ts';
import type { HookSetting } from './messages.ts';
import { changesOf, paramsOf, type Params } from './processor-request.ts';
import { filled, randomNumber, randomString } from './processor-template.ts';

/** A virtual user as Artillery hands it to functions: https://www.artillery.io/docs/reference/extension-apis */
interface ProcessorContext extends ModuleContext {
  readonly vars: Record<string, unknown>;
  readonly funcs: Record<string, unknown>;
  /** Parameters of the request under way, as functions have left them. */
  params?: Params;
}

/** Figures of a script's own go nowhere: a plan has no place for them. */
const events = new EventEmitter();
events.on('error', () => undefined);

/** Functions of a processor that was written for Artillery, with its signatures: by callback, or with a promise. */
export function processorFunctions(module: Readonly<Record<string, unknown>>, setting: HookSetting): Functions {
  const all = exportsOf(module);
  Object.assign(globalThis, { artillery: { testRunId: randomUUID(), version: 'none', util: {} } });
  return {
    // What isn't there does nothing in Artillery.
    has: () => true,
    contextOf: () => newContext(setting),
    begin(call, context) {
      const own = context as ProcessorContext;
      const { place } = call;
      const step = setting.steps[call.step];
      if (place === 'beforeRequest' && step !== undefined) own.params = paramsOf(step, call.names, setting.target);
      const params = own.params ?? (step === undefined ? { url: '', method: '' } : paramsOf(step, [], setting.target));
      const before = place === 'beforeRequest' ? structuredClone(params) : undefined;
      if (place === 'afterResponse') Object.assign(params, sentOf(call, step === undefined ? undefined : params));
      const reply = {
        statusCode: call.reply?.status,
        headers: call.reply?.headers ?? {},
        body: call.reply?.body ?? '',
        timings: { phases: {} },
      };
      const given: Readonly<Record<string, readonly unknown[]>> = {
        beforeRequest: [params, own, events],
        afterResponse: [params, reply, own, events],
        call: [own, events],
        while: [own],
      };
      return {
        invoke: (name, index) => {
          if (place === 'function') return functionIn(own.funcs, `$${name}`)?.(...(call.args?.[index] ?? []));
          const known = functionIn(all, name);
          // What is no function is a variable.
          if (known === undefined) return place === 'if' ? own.vars[name] : undefined;
          if (place === 'if') return known(own.vars);
          return called(known, given[place] ?? [], place === 'while');
        },
        changes: () => (before === undefined || step === undefined ? undefined : changesOf(before, params, step, own)),
      };
    },
  };
}

function newContext({ target }: HookSetting): ProcessorContext {
  const vars: Record<string, unknown> = {
    target,
    $env: process.env,
    $processEnvironment: process.env,
    $uuid: randomUUID(),
  };
  const funcs: Record<string, unknown> = { $randomNumber: randomNumber, $randomString: randomString };
  const context: ProcessorContext = { vars, funcs, variables: vars };
  funcs['$template'] = (text: unknown): unknown => filled(text, context);
  return context;
}

/** What was sent in the end. */
const sentOf = ({ request }: CallMessage, params: Params | undefined): Partial<Params> =>
  request === undefined || params === undefined
    ? {}
    : { url: request.url, method: request.method, headers: { ...request.headers } };

/**
 * Calls a function whose last argument is its callback, or that is async. What the callback is given first is an error, and so is what
 * the promise of a hook comes to; of the condition of a loop it is the answer.
 */
function called(known: AnyFunction, args: readonly unknown[], isAnswer: boolean): unknown {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const done = (first?: unknown): void => {
    if (isAnswer) resolve(Boolean(first));
    else if (first === undefined || first === null || first === false || first === 0 || first === '')
      resolve(undefined);
    else reject(first instanceof Error ? first : Object.assign(new Error(JSON.stringify(first)), first));
  };
  const isAsync = known.constructor.name !== 'Function';
  const result = known(...args, done);
  if (isAsync && result instanceof Promise) result.then(args.length === 2 ? () => done() : done, reject);
  return promise;
}
