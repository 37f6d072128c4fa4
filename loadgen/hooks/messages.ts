import type { HookPlace, RequestChanges } from './port.ts';
import type { HttpStep } from '../../lib/plan/steps/http.ts';

/** Values by name: those of the plan's variables, of captures and feeders, and those that hooks have set. */
export type Variables = Readonly<Record<string, unknown>>;

/** What the hooks' thread is started with. */
export interface HookSetting {
  /** An absolute path. */
  readonly module: string;
  readonly signatures: 'plan' | 'processor';
  /** Functions that have to be there. */
  readonly wanted: readonly string[];
  /** Of a processor: a name in its variables → a name in the plan. */
  readonly names: Readonly<Record<string, string>>;
  /** Of every user; `variables` of a message stand over them. */
  readonly variables: Variables;
  readonly target: string;
  /** Requests of the journeys, as numbered in calls; those of setup or teardown where these are run. */
  readonly steps: readonly HttpStep[];
  readonly signals: SharedArrayBuffer;
}

/** A request as a hook of a plan sees it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

export interface SeenReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Messages to the hooks' thread. Calls are begun in the order in which they are sent. */
export type ToHooks =
  | {
      readonly do: 'call';
      /** Counted from 1. */
      readonly number: number;
      readonly place: HookPlace;
      readonly names: readonly string[];
      readonly step: number;
      /** Of a user's context in the thread. */
      readonly user: number;
      readonly userNumber: number;
      readonly iteration: number;
      /** Those that have changed since the last call for this user; undefined of those that have gone. */
      readonly variables: Variables;
      readonly request?: SeenRequest | undefined;
      readonly reply?: SeenReply | undefined;
      readonly args?: readonly (readonly unknown[])[] | undefined;
    }
  | { readonly do: 'forget'; readonly user: number };

/** A call that has come to its end. Times are µs. */
export interface Called {
  readonly did: 'call';
  readonly number: number;
  readonly calls: readonly { readonly name: string; readonly busyUs: number }[];
  readonly awaitedUs: number;
  /** Those that the hooks have changed. */
  readonly variables: Variables;
  readonly changes?: RequestChanges | undefined;
  readonly values: readonly unknown[];
  /** What went wrong, beginning with the function's name. */
  readonly failed?: string | undefined;
}

export type FromHooks = { readonly did: 'ready' } | { readonly did: 'refuse'; readonly why: string } | Called;

/** What both threads look at: how many calls were begun, which one the thread is busy with (0: none), and a number that grows while it lives. */
export const signalsIn = (
  memory: SharedArrayBuffer,
): { begun: Int32Array; running: Int32Array; beats: Int32Array } => ({
  begun: new Int32Array(memory, 0, 1),
  running: new Int32Array(memory, 4, 1),
  beats: new Int32Array(memory, 8, 1),
});

/** How often the thread shows that it lives. */
export const BEAT_MS = 20;
