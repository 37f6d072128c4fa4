import type { CookieJar } from 'tough-cookie';
import type { Lane } from './sender.ts';

export type Value = string | number | boolean | null | object;

/** One actor of a closed model, or the carrier of one arrival: everything that a request may take from it. */
export interface User {
  readonly number: number;
  /** Whose connections it uses. */
  readonly lane: Lane;
  iteration: number;
  /** Uniform in [0, 1), repeatable. */
  readonly random: () => number;
  /** Captures and feeder values (`users.email`); the plan's variables stand behind them. */
  readonly variables: Map<string, Value>;
  /** Only once a reply has set a cookie. */
  cookies?: CookieJar;
  /** What the jar says for an origin, kept until the next Set-Cookie: asking it costs a quarter of a request. */
  readonly cookieHeaders: Map<string, string>;
}

export const newUser = (number: number, lane: Lane, random: () => number): User => ({
  number,
  lane,
  iteration: 0,
  random,
  variables: new Map(),
  cookieHeaders: new Map(),
});
