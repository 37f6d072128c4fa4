import type { RequestChanges } from './port.ts';
import type { ToHooks } from './messages.ts';

export type CallMessage = Extract<ToHooks, { readonly do: 'call' }>;

/** One user as the code of a module sees it. */
export interface ModuleContext {
  /** By the module's own names. */
  readonly variables: Record<string, unknown>;
}

/** The functions of a module, and how they are called. */
export interface Functions {
  has(name: string): boolean;
  contextOf(call: CallMessage): ModuleContext;
  /**
   * Makes ready what the functions of one call are given, and returns how one of them is called, which is with the last one's number as
   * well, and what has come of all of them.
   */
  begin(
    call: CallMessage,
    context: ModuleContext,
  ): {
    invoke(name: string, index: number): unknown;
    changes?(): RequestChanges | undefined;
  };
}

export type AnyFunction = (...args: readonly unknown[]) => unknown;

/** What a module exports; the members of its default export, where that is an object, stand below its own. */
export function exportsOf(module: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { default: whole } = module;
  return { ...(typeof whole === 'object' ? whole : {}), ...module };
}

export const functionIn = (from: Readonly<Record<string, unknown>>, name: string): AnyFunction | undefined => {
  const found = Object.hasOwn(from, name) ? from[name] : undefined;
  return typeof found === 'function' ? (found as AnyFunction) : undefined;
};
