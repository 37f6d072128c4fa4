import { CookieJar } from 'tough-cookie';
import type { Outgoing, Reply } from '../senders/sender.ts';
import type { User } from './user.ts';

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

/** Keeps what the reply sets. A cookie that the jar refuses is left out, as a browser does. */
export function storeCookies(reply: Reply, outgoing: Outgoing, user: User): void {
  const set = reply.headers['set-cookie'];
  if (set === undefined) return;
  const { jar, headers } = (user.cookies ??= { jar: new CookieJar(), headers: new Map() });
  for (const cookie of [set].flat()) jar.setCookieSync(cookie, outgoing.origin + outgoing.path, { ignoreError: true });
  headers.clear();
}
