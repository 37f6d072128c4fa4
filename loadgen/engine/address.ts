import { isIP } from 'node:net';
import { referenceOf } from '../../lib/plan/name.ts';
import { NoRequest, refuseValue } from './no-request.ts';
import { urlText } from '../senders/header-text.ts';
import { headerIn, type Outgoing, type Reply } from '../senders/sender.ts';
import { allRequests, type Plan } from '../../lib/plan/plan.ts';
import { parseTemplate } from '../../lib/plan/template.ts';
import type { User } from './user.ts';

/** Where a request goes: the origin that is connected to, and path and query on it. */
export interface Address {
  readonly origin: string;
  readonly path: string;
  /** Of a request that a redirect asked for: the `set-cookie` lines of the replies on the way. */
  readonly setBefore?: readonly string[];
}

export interface AddressContext {
  /** Origin and base path of the target. */
  readonly target: URL;
  /** Whether another host than the target's may be loaded. */
  readonly mayLoad: (url: URL) => boolean;
  /** Of what the setup has captured, the URL of the page on which it stood. */
  readonly pages?: Readonly<Record<string, string>> | undefined;
}

/** The URL of the page on which a capture stood. */
export const pageOf = (name: string, user: User, { pages }: AddressContext): string | undefined =>
  user.pages?.get(name) ?? pages?.[name];

/**
 * Where a request goes by its path and query with their templates filled in, and by its Host header where it has one of its own. An
 * address that there is not, or that may not be loaded, is refused.
 */
type AddressOf = (path: string, query: string, host: string | undefined, user: User) => Address;

/**
 * The addresses of a step's requests. A path goes below the target's own
 * (`http://host/api` + `/jobs` → `/api/jobs`), and a URL that is written out where it says. What begins with a template may be either,
 * and where it begins with a capture it is a reference (RFC 3986 §5) of the page on which it stood.
 */
export function compileAddress(step: string, context: AddressContext): AddressOf {
  const [first] = parseTemplate(step).pieces;
  const below = belowTarget(context.target);
  if (first?.kind === 'text') {
    const whole = isAbsolute(step) ? (path: string): URL | null => URL.parse(path) : below;
    return cached((path) => whole(path) ?? NO_URL);
  }
  const name = referenceIn(step) ?? '';
  return cached(
    (path, host, base) => {
      const url = base !== undefined ? URL.parse(path, base) : isAbsolute(path) ? URL.parse(path) : below(path);
      return allowed(url, host, context);
    },
    (user) => pageOf(name, user, context),
  );
}

/** Names of the captures that an address may begin with: of these the page has to be known. */
export const referenceIn = (step: string): string | undefined => {
  const [first] = parseTemplate(step).pieces;
  return first?.kind === 'variable' ? referenceOf(first.name).root : undefined;
};

/** Origins of the URLs that a plan writes out, which were checked before the run. */
export const originsIn = (plan: Plan): ReadonlySet<string> =>
  new Set(allRequests(plan).flatMap((step) => (isAbsolute(step.path) ? (URL.parse(step.path)?.origin ?? []) : [])));

const isAbsolute = (path: string): boolean => /^https?:\/\//i.test(path);

const belowTarget = ({ origin, pathname }: URL): ((path: string) => URL | null) => {
  const base = `${origin}${pathname.replace(/\/$/, '')}/`;
  return (path) => URL.parse(base + path.replace(/^\//, ''));
};

const NO_URL = 'the address is no URL';

type Resolve = (path: string, host: string | undefined, base: string | undefined) => URL | string;

/** An address, and all that it depends on. */
interface Known {
  readonly path: string;
  readonly query: string;
  readonly host: string | undefined;
  readonly base: string | undefined;
  readonly address: Address | string;
}

/** Parsing a URL costs more than sending it, so the last one is remembered. */
function cached(resolve: Resolve, baseOf: (user: User) => string | undefined = () => undefined): AddressOf {
  let last: Known | undefined;
  return (path, query, host, user) => {
    const base = baseOf(user);
    if (last?.path !== path || last.query !== query || last.host !== host || last.base !== base) {
      const url = resolve(urlText(path), host, base);
      last = { path, query, host, base, address: typeof url === 'string' ? url : addressOf(url, query) };
    }
    return typeof last.address === 'string' ? refuseValue(last.address) : last.address;
  };
}

function addressOf({ origin, pathname, search }: URL, query: string): Address {
  const joined = query === '' ? search : `${search === '' ? '?' : `${search}&`}${query}`;
  return { origin, path: pathname + joined };
}

/**
 * The URL where it may be loaded. One on the host that is claimed (`Host: shop.example.test`) is the target's, for which it speaks;
 * on any other it takes the allow-list, since a reply must not choose whom to load. A password in it would go nowhere unseen. Else the
 * reason why it may not.
 */
function allowed(url: URL | null, host: string | undefined, { target, mayLoad }: AddressContext): URL | string {
  if (url === null) return NO_URL;
  if (!/^https?:$/.test(url.protocol)) return 'the address is neither http nor https';
  if (url.username !== '' || url.password !== '') return 'the address holds a user name or a password';
  if (url.origin === target.origin) return url;
  if (host !== undefined && url.origin === URL.parse(`${target.protocol}//${host}`)?.origin)
    return URL.parse(target.origin + url.pathname + url.search) ?? NO_URL;
  return mayLoad(url) ? url : `${url.origin} may not be loaded; the allow-list doesn't name it`;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Headers that say what the body is. */
const OF_BODY: ReadonlySet<string> = new Set(['content-type', 'content-encoding', 'content-length']);
/** Headers that are meant for one host. */
const OF_HOST: ReadonlySet<string> = new Set(['host', 'authorization', 'cookie']);

/**
 * The request that a reply redirects to, as browsers make it (https://fetch.spec.whatwg.org/#http-redirect-fetch): a POST becomes a GET
 * but by 307 and 308. false where the reply is no redirect.
 */
export const compileRedirect =
  (context: AddressContext) =>
  (asked: Outgoing, { status, headers }: Reply): Outgoing | NoRequest | false => {
    const location = [headers['location'] ?? []].flat()[0];
    if (!REDIRECTS.has(status) || location === undefined) return false;
    const url = URL.parse(urlText(location), asked.origin + asked.path);
    const place = allowed(url, headerIn(asked.headers, 'host'), context);
    if (typeof place === 'string') return new NoRequest(`of the redirect: ${place}`);
    const asGet = (status < 303 && asked.method === 'POST') || (status === 303 && asked.method !== 'HEAD');
    const { origin, path } = addressOf(place, '');
    const dropped = (name: string): boolean =>
      (asGet && OF_BODY.has(name)) || (origin !== asked.origin && OF_HOST.has(name));
    return {
      ...asked,
      origin,
      path,
      serverName: origin === asked.origin ? asked.serverName : undefined,
      headers: Object.fromEntries(Object.entries(asked.headers).filter(([name]) => !dropped(name))),
      ...(asGet && { method: 'GET', body: null }),
      wire: undefined,
      setBefore: [...(asked.setBefore ?? []), ...[headers['set-cookie'] ?? []].flat()],
    };
  };

/**
 * Whose certificate the server of a request has to show, and what SNI says: the host that its Host header claims, or of the target what
 * the plan says (`tls.servername`); undefined where that is the host of the address. Without TLS there is none.
 */
export function compileServerName({ plan, target }: { readonly plan: Plan; readonly target: URL }) {
  const { servername } = plan.tls;
  return ({ origin }: Address, host: string | undefined): string | undefined => {
    if (!origin.startsWith('https:')) return undefined;
    if (servername !== undefined && origin === target.origin) return servername;
    return host === undefined ? undefined : nameIn(host);
  };
}

/** `shop.example.test:8443` → `shop.example.test`, `[::1]:443` → `::1`; undefined where it is no name and no address. */
function nameIn(host: string): string | undefined {
  const [, address, name] = /^(?:\[([^\]]+)\]|([^:\s[\]]+))(?::\d*)?$/.exec(host.trim()) ?? [];
  return name ?? (address !== undefined && isIP(address) !== 0 ? address : undefined);
}
