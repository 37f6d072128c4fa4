import type { PoolKey } from '../senders/sender.ts';
import type { Cookies } from './cookies.ts';

export type Value = string | number | boolean | null | object;

/**
 * One actor of a closed model, or the carrier of one arrival: everything that a request may take from it. There may be tens of
 * thousands a second, so what few of them need is made at its first use.
 */
export class User {
  readonly number: number;
  /** Whose connections it uses. */
  readonly poolKey: PoolKey;
  /** Uniform in [0, 1), repeatable. */
  readonly random: () => number;
  iteration = 0;
  /** Only once a reply has set a cookie. */
  cookies: Cookies | undefined;
  /** By capture, the URL of the page on which it stood: of those that an address may begin with. */
  pages: Map<string, string> | undefined;
  #variables: Map<string, Value> | undefined;

  constructor(number: number, poolKey: PoolKey, random: () => number) {
    this.number = number;
    this.poolKey = poolKey;
    this.random = random;
  }

  /** Captures and feeder values (`users.email`); a name that is not among them is one of the plan's variables. */
  get variables(): Map<string, Value> {
    return (this.#variables ??= new Map());
  }
}
