import type { CookieJar } from 'tough-cookie';
import type { Lane } from '../senders/sender.ts';

export type Value = string | number | boolean | null | object;

/** A user's cookies, and what they come to for a URL, kept until the next Set-Cookie: asking the jar costs a quarter of a request. */
export interface Cookies {
  readonly jar: CookieJar;
  readonly headers: Map<string, string>;
}

/**
 * One actor of a closed model, or the carrier of one arrival: everything that a request may take from it. There may be tens of
 * thousands a second, so what few need is made when it is first asked for.
 */
export class User {
  readonly number: number;
  /** Whose connections it uses. */
  readonly lane: Lane;
  /** Uniform in [0, 1), repeatable. */
  readonly random: () => number;
  iteration = 0;
  /** Only once a reply has set a cookie. */
  cookies: Cookies | undefined;
  #variables: Map<string, Value> | undefined;

  constructor(number: number, lane: Lane, random: () => number) {
    this.number = number;
    this.lane = lane;
    this.random = random;
  }

  /** Captures and feeder values (`users.email`); the plan's variables stand behind them. */
  get variables(): Map<string, Value> {
    return (this.#variables ??= new Map());
  }
}
