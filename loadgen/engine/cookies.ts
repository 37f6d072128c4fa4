import { domainToASCII } from 'node:url';
import { Cookie, CookieJar } from 'tough-cookie';
import { headerIn, type Outgoing, type Reply } from '../senders/sender.ts';

/** A `cookie` header, and until when (ms since the epoch) all of its cookies live. */
interface CookieHeader {
  readonly text: string;
  readonly untilMs: number;
}

/** A user's cookies, and the header they make for a URL, cached until one of them changes: the jar's answer costs a quarter of a request. */
export interface Cookies {
  readonly jar: CookieJar;
  readonly headers: Map<string, CookieHeader>;
}

/** Whose cookies they are; undefined until a reply has set one. */
interface Holder {
  cookies: Cookies | undefined;
}

/** A user who asks for a new path each time must not fill the memory. */
const MOST_CACHED = 64;

/** The request with the user's cookies (RFC 6265bis), which stand before what the plan itself sends. */
export function withCookies(outgoing: Outgoing, user: Holder): Outgoing {
  const { cookies } = user;
  if (cookies === undefined) return outgoing;
  const { text } = headerFor(outgoing, cookies);
  if (text === '') return outgoing;
  const own = headerIn(outgoing.headers, 'cookie');
  return {
    ...outgoing,
    wire: undefined,
    headers: { ...outgoing.headers, cookie: own === undefined ? text : `${text}; ${own}` },
  };
}

/** Stores the cookies that the reply sets. One that the jar refuses is left out, as a browser does. */
export function storeCookies(reply: Reply, outgoing: Outgoing, user: Holder): void {
  const set = reply.headers['set-cookie'];
  if (set === undefined) return;
  const { jar, headers } = (user.cookies ??= {
    jar: new CookieJar(undefined, { looseMode: true }),
    headers: new Map(),
  });
  const url = sound(claimedUrl(outgoing), outgoing);
  for (const text of [set].flat()) store(jar, text, url);
  headers.clear();
}

/** Cookies belong to the host that is claimed, whatever address it has: one node may be loaded in a balancer's name. */
function claimedUrl({ origin, path, headers }: Outgoing): string {
  const host = headerIn(headers, 'host');
  const query = path.indexOf('?');
  const place = query < 0 ? path : path.slice(0, query);
  return (host === undefined ? origin : origin.slice(0, origin.indexOf('//') + 2) + host) + place;
}

/** A Host header may hold what is no host. */
const sound = (url: string, { origin, path }: Outgoing): string => (URL.canParse(url) ? url : origin + path);

function headerFor(outgoing: Outgoing, { jar, headers }: Cookies): CookieHeader {
  const url = claimedUrl(outgoing);
  const cached = headers.get(url);
  if (cached !== undefined && (cached.untilMs === Infinity || Date.now() < cached.untilMs)) return cached;
  const cookies = jar.getCookiesSync(sound(url, outgoing));
  const header = {
    text: cookies.map((cookie) => cookie.cookieString()).join('; '),
    untilMs: Math.min(...cookies.map((cookie) => cookie.expiryTime() ?? Infinity)),
  };
  if (headers.size >= MOST_CACHED) headers.clear();
  headers.set(url, header);
  return header;
}

/** As RFC 6265bis §5.7 has it where tough-cookie has it otherwise. */
function store(jar: CookieJar, text: string, url: string): void {
  const cookie = Cookie.parse(text, { loose: true });
  if (cookie === undefined || (cookie.key === '' && cookie.value === '') || breaksPrefix(cookie)) return;
  // tough-cookie counts max-age from the last access, so that a cookie in use would never end.
  if (typeof cookie.maxAge === 'number') {
    cookie.setExpires(new Date(Date.now() + cookie.maxAge * 1000));
    cookie.maxAge = null;
  }
  const { hostname } = new URL(url);
  const domain = cookie.domain === null ? null : domainToASCII(cookie.domain) || cookie.domain;
  // §5.7 step 9: an address, or a registry's name, is a domain of the host that bears it, and of no other.
  cookie.domain = domain === hostname && hostname.startsWith('[') ? null : domain;
  if (jar.setCookieSync(cookie, url, { ignoreError: true }) !== undefined || domain !== hostname) return;
  cookie.domain = null;
  jar.setCookieSync(cookie, url, { ignoreError: true });
}

/** §5.7 steps 20 and 21: names say what a cookie is, in letters of any case; tough-cookie knows one case alone. */
function breaksPrefix({ key, secure, path, domain }: Cookie): boolean {
  const name = key.toLowerCase();
  if (name.startsWith('__secure-')) return !secure;
  return name.startsWith('__host-') && !(secure && path === '/' && domain === null);
}
