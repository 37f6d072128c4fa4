import type { HookContext, HookRequest, HookResponse } from '../../lib/plan/steps/hook-types.ts';
import type { RequestChanges } from './port.ts';
import { exportsOf, functionIn, type Functions, type ModuleContext } from './functions.ts';
import type { HookSetting, SeenRequest } from './messages.ts';

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
      const seen: HookRequest | undefined = request && { step, ...request, headers: { ...request.headers } };
      const answered: HookResponse | undefined = reply && { step, ...reply };
      const given = { beforeRequest: [seen], afterResponse: [answered] }[place as string] ?? [];
      return {
        invoke: (name, index) =>
          functionIn(functions, name)?.(...(place === 'function' ? (args?.[index] ?? []) : [...given, context])),
        changes: () => (request === undefined || seen === undefined ? undefined : changesOf(request, seen)),
      };
    },
  };
}

/** What differs between a request and what hooks have made of it. */
function changesOf(before: SeenRequest, { method, url, headers, body }: HookRequest): RequestChanges {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const changed = own.filter(([name, value]) => before.headers[name] !== value);
  const there = new Set(own.map(([name]) => name));
  const gone = Object.keys(before.headers).filter((name) => !there.has(name));
  return {
    ...(method !== before.method && { method }),
    ...(url !== before.url && { url }),
    ...(changed.length + gone.length > 0 && {
      headers: { ...Object.fromEntries(changed), ...Object.fromEntries(gone.map((name) => [name, null])) },
    }),
    ...(body !== before.body && { body }),
  };
}
