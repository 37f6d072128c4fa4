import { counted } from '../../units.ts';
import type { Notes } from '../building/notes.ts';
import { headerOf, type Entry } from './entries.ts';

const STATIC_TYPES =
  /^(?:image|font|stylesheet|script|media|manifest|texttrack|cspviolationreport|ping|websocket|eventsource)$/;
const STATIC_MIME =
  /^(?:image|font|audio|video)\/|^text\/css$|javascript$|ecmascript$|^application\/(?:x-)?font|^application\/wasm$|^application\/manifest\+json$/;
const STATIC_ENDING =
  /\.(?:png|jpe?g|gif|svg|webp|avif|ico|bmp|css|js|mjs|map|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wasm|webmanifest)$/i;

const isStatic = ({ method, url, resourceType, reply }: Entry): boolean => {
  if (method !== 'GET' && method !== 'HEAD') return resourceType === 'ping' || resourceType === 'cspviolationreport';
  if (/^(?:document|xhr|fetch)$/.test(resourceType)) return false;
  if (STATIC_TYPES.test(resourceType)) return true;
  const mime = reply?.mime ?? '';
  return (
    STATIC_MIME.test(mime) ||
    (/^(?:|application\/octet-stream|text\/plain)$/.test(mime) && STATIC_ENDING.test(url.pathname))
  );
};

/** Why an entry is sent by no plan, whatever its host; undefined where it may be. */
function reasonAgainst({ method, url, reply, fromCache }: Entry): string | undefined {
  if (!/^https?:$/.test(url.protocol)) return `${url.protocol} addresses`;
  if (method === 'OPTIONS' || method === 'CONNECT') return `${method} requests, which a browser sends by itself`;
  if (fromCache) return "what came from the browser's cache";
  return reply !== undefined && reply.status <= 0 ? 'requests that were blocked or never answered' : undefined;
}

/** What of a recording is load on the system under test, and where that is. */
export interface Selection {
  readonly entries: readonly Entry[];
  readonly target: string;
}

/**
 * Keeps the requests to the host that was asked most often for something other than a static file. The rest, by rule, is counted and
 * listed. Undefined where nothing is left.
 */
export function selected(all: readonly Entry[], notes: Notes): Selection | undefined {
  const sent = dropped(all, reasonAgainst, notes);
  const host = mostOften(sent.filter((each) => !isStatic(each))) ?? mostOften(sent);
  if (host === undefined) return undefined;
  const own = dropped(sent, ({ url }) => (url.hostname === host ? undefined : `requests to ${url.host}`), notes);
  const origin = mostCommon(own.map(({ url }) => url.origin)) ?? '';
  const isAllStatic = own.every(isStatic);
  const dynamic = isAllStatic ? own : dropped(own, (each) => (isStatic(each) ? 'static files' : undefined), notes);
  const entries = dropped(
    dynamic,
    (each) => (leadsToItself(each, origin) ? 'redirects from http to https' : undefined),
    notes,
  );
  return { entries: entries.length > 0 ? entries : dynamic, target: origin };
}

/** Those without a reason against them; the others are counted by it, at the first one's line. */
function dropped(
  entries: readonly Entry[],
  reasonOf: (entry: Entry) => string | undefined,
  notes: Notes,
): readonly Entry[] {
  const reasons = Map.groupBy(entries, reasonOf);
  for (const [reason, group] of reasons)
    if (reason !== undefined)
      notes.noted(
        group[0]?.line,
        `not in the plan, by rule: ${reason} (${counted(group.length, 'request')}: ${examples(group)})`,
      );
  return reasons.get(undefined) ?? [];
}

const MOST_EXAMPLES = 3;

/** Paths without their queries, which may hold secrets. */
function examples(group: readonly Entry[]): string {
  const paths = [...new Set(group.map(({ url }) => shortened(url.pathname)))];
  const shown = paths.slice(0, MOST_EXAMPLES).join(', ');
  return paths.length > MOST_EXAMPLES ? `${shown} …` : shown;
}

/** Long parts of a path may be keys. */
const shortened = (path: string): string => {
  const plain = path.replaceAll(/;[^/]*/g, '').replaceAll(/[^/.]{24,}/g, '…');
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
};

const mostOften = (entries: readonly Entry[]): string | undefined => mostCommon(entries.map(({ url }) => url.hostname));

/** The first of those that stand most often. */
function mostCommon(texts: readonly string[]): string | undefined {
  const counts = [...Map.groupBy(texts, (text) => text)].toSorted(([, a], [, b]) => b.length - a.length);
  return counts[0]?.[0];
}

/** A redirect to the same path of the target would be a circle there. */
function leadsToItself({ url, reply }: Entry, origin: string): boolean {
  const location = headerOf(reply?.headers ?? [], 'location');
  if (
    reply === undefined ||
    reply.status < 300 ||
    reply.status > 399 ||
    location === undefined ||
    url.origin === origin
  )
    return false;
  return (
    URL.canParse(location, url.href) &&
    new URL(location, url).origin === origin &&
    new URL(location, url).pathname === url.pathname
  );
}
