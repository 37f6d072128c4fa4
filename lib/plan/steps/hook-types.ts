/** What the hooks of a plan are given. What they change here is what the journey goes on with. */
export interface HookContext {
  /** Variables, captures and values of feeders (`users.email`), by name. */
  readonly variables: Record<string, unknown>;
  /** The user's number. */
  readonly user: number;
  /** Of the user, from 0. */
  readonly iteration: number;
}

/** A request as it is going to be sent, but for cookies. */
export interface HookRequest {
  /** The step's name. */
  readonly step: string;
  method: string;
  url: string;
  /** Names in small letters. */
  headers: Record<string, string>;
  body: string | Uint8Array | null;
}

/** The reply to a request, its body as text. */
export interface HookResponse {
  /** The step's name. */
  readonly step: string;
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

type Result = void | Promise<void>;

/** Hooks of a plan that is written as a module: functions, where a plan in YAML names them. */
export interface PlanCode {
  readonly beforeJourney?: (context: HookContext) => Result;
  readonly beforeRequest?: (request: HookRequest, context: HookContext) => Result;
  readonly afterResponse?: (response: HookResponse, context: HookContext) => Result;
  /** What templates (`{{ sign(order) }}`), `call`, `if` and `while` may call by name. */
  readonly functions?: Readonly<Record<string, (...args: never[]) => unknown>>;
  readonly sets?: string[] | Record<string, string | number | boolean>;
  readonly timeout?: string;
  readonly env?: string[];
}
