import { CookieJar } from 'tough-cookie';
import type { PoolKey, Outgoing, Reply } from '../senders/sender.ts';

export type Value = string | number | boolean | null | object;

/** A user's cookies, and the header they make for a URL, cached until the next Set-Cookie: the jar's answer costs a quarter of a request. */
export interface Cookies {
  readonly jar: CookieJar;
  readonly headers: Map<string, string>;
}

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

/** A user who asks for a new path each time must not fill the memory. */
const MOST_CACHED = 64;

/** The request with the user's cookies (RFC 6265), which stand before what the plan itself sends. */
export function withCookies(outgoing: Outgoing, user: User): Outgoing {
  const { cookies } = user;
  if (cookies === undefined) return outgoing;
  const url = outgoing.origin + (outgoing.path.split('?')[0] ?? '/');
  const { jar, headers } = cookies;
  let header = headers.get(url);
  if (headers.size > MOST_CACHED) headers.clear();
  if (header === undefined) headers.set(url, (header = jar.getCookieStringSync(url)));
  if (header === '') return outgoing;
  const own = outgoing.headers['cookie'];
  return {
    ...outgoing,
    wire: undefined,
    headers: { ...outgoing.headers, cookie: own === undefined ? header : `${header}; ${own}` },
  };
}

/** Stores the cookies that the reply sets. One that the jar refuses is left out, as a browser does. */
export function storeCookies(reply: Reply, outgoing: Outgoing, user: User): void {
  const set = reply.headers['set-cookie'];
  if (set === undefined) return;
  const { jar, headers } = (user.cookies ??= { jar: new CookieJar(), headers: new Map() });
  for (const cookie of [set].flat()) jar.setCookieSync(cookie, outgoing.origin + outgoing.path, { ignoreError: true });
  headers.clear();
}
