import type { Exchange, Outgoing, Reply } from '../senders/sender.ts';
import type { User, Value } from '../engine/user.ts';

/**
 * Where in a journey code of the plan's own is called: before its iteration, as a step, before a request, after a reply, for a
 * value of a template, or as the condition of an `if` or `while`.
 */
export type HookPlace = 'beforeJourney' | 'call' | 'beforeRequest' | 'afterResponse' | 'function' | 'if' | 'while';

/** Functions called one after another. */
export interface HookCall {
  readonly place: HookPlace;
  readonly names: readonly string[];
  /** The number of the request that it belongs to, in `planSteps`; of setup and teardown among their own. */
  readonly step: number;
  readonly request?: Outgoing | undefined;
  readonly reply?: Reply | undefined;
  /** Of functions of a template: those of each. */
  readonly args?: readonly (readonly Value[])[];
}

/** What a hook wants sent otherwise; what is not given stays. */
export interface RequestChanges {
  readonly method?: string | undefined;
  /** An absolute URL, or a path below the target. */
  readonly url?: string | undefined;
  /** Names in small letters; null takes one out. */
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
  readonly body?: string | Uint8Array | null | undefined;
}

/** How long hooks took: for `busyUs` no other could be called, `awaitedUs` they waited for something. */
export interface HookTimes {
  readonly calls: readonly { readonly name: string; readonly busyUs: number }[];
  readonly awaitedUs: number;
}

export type HookEnd = HookTimes &
  (
    | { readonly is: 'done'; readonly changes?: RequestChanges | undefined; readonly values: readonly Value[] }
    /** `detail` begins with the hook's place and name. */
    | { readonly is: 'failed'; readonly detail: string }
    | { readonly is: 'cut' }
  );

/** Calls a plan's own code, which runs elsewhere: a hook that never returns keeps no journey of another user. */
export interface Hooks {
  /** `settled` is called exactly once, and never before `call` has returned; the user's variables are as the hooks left them. */
  call(call: HookCall, user: User, settled: (end: HookEnd) => void): Exchange;
  /** Nothing more is called for this user. */
  leave(user: User): void;
}
