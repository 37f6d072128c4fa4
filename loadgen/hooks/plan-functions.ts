import type { HookContext, HookRequest, HookResponse } from '../../lib/plan/steps/hook-types.ts';
import { exportsOf, functionIn, type Functions, type ModuleContext } from './functions.ts';
import type { HookSetting } from './messages.ts';
import { changedRequest, refuseCopy, whenDone } from './request-changes.ts';

/** Functions as docs/plan.md has them: of a module of their own, or below `hooks` of a plan that is one. */
export function planFunctions(module: Readonly<Record<string, unknown>>, { steps }: HookSetting): Functions {
  const all = exportsOf(module);
  const { hooks } = all as { readonly hooks?: { readonly functions?: object } };
  const functions: Record<string, unknown> = typeof hooks === 'object' ? { ...hooks, ...hooks.functions } : all;
  return {
    has: (name) => functionIn(functions, name) !== undefined,
    contextOf: ({ userNumber }): ModuleContext & HookContext => ({ variables: {}, user: userNumber, iteration: 0 }),
    begin(call, context) {
      const { place, request, reply, args } = call;
      Object.assign(context, { iteration: call.iteration });
      const step = steps[call.step]?.name ?? '';
      // What no reader would ever see throws, as a module's code is strict: another property, or a change of the reply.
      const seen: HookRequest | undefined =
        request && Object.seal({ step, ...request, headers: { ...request.headers } });
      const answered: HookResponse | undefined = reply && Object.freeze({ step, ...reply });
      const given = { beforeRequest: [seen], afterResponse: [answered] }[place as string] ?? [];
      return {
        invoke(name, index) {
          const values = place === 'function' ? (args?.[index] ?? []) : [...given, context];
          const result = functionIn(functions, name)?.(...values);
          return seen === undefined ? result : whenDone(result, (value) => refuseCopy(value, seen));
        },
        changes: () => (request === undefined || seen === undefined ? undefined : changedRequest(request, seen)),
      };
    },
  };
}
