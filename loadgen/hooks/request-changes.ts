import type { HookRequest } from '../../lib/plan/steps/hook-types.ts';
import type { SeenRequest } from './messages.ts';
import type { RequestChanges } from './port.ts';

/**
 * What differs between a request and what hooks have made of it, which may be anything.
 * @throws TypeError where a value is none that can be sent
 */
export function changedRequest(before: SeenRequest, changed: HookRequest): RequestChanges {
  const own = Object.entries(changed.headers).flatMap(([name, value]) => headerOf(name, value));
  const others = own.filter(([name, value]) => before.headers[name] !== value);
  const there = new Set(own.map(([name]) => name));
  const gone = Object.keys(before.headers).filter((name) => !there.has(name));
  const [method, url, body] = [textOf('method', changed.method), textOf('url', changed.url), bodyOf(changed.body)];
  return {
    ...(method !== before.method && { method }),
    ...(url !== before.url && { url }),
    ...(others.length + gone.length > 0 && {
      headers: { ...Object.fromEntries(others), ...Object.fromEntries(gone.map((name) => [name, null])) },
    }),
    ...(body !== before.body && { body }),
  };
}

/** A number, true or false has one way to be written; what has no value is no header. */
function headerOf(name: string, value: unknown): (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  const isPlain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
  return [[name.toLowerCase(), isPlain ? String(value) : textOf(`headers.${name}`, value)]];
}

function textOf(what: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof URL) return value.href;
  throw new TypeError(`${what} is ${kindOf(value)}, and has to be text`);
}

function bodyOf(value: unknown): string | Uint8Array | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  throw new TypeError(`body is ${kindOf(value)}, and has to be text, bytes or null; JSON.stringify makes JSON of it`);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : typeof value;
}

const PARTS = ['method', 'url', 'headers', 'body'] as const;

/** A copy that a hook returns is nowhere sent, though it looks so. @throws TypeError */
export function refuseCopy(returned: unknown, seen: HookRequest): unknown {
  if (typeof returned !== 'object' || returned === null || returned === seen || returned === seen.headers)
    return returned;
  if (PARTS.some((part) => part in returned))
    throw new TypeError('it returns a request of its own, which is not sent; change the one that it is given');
  return returned;
}

/** Looks at a result, or at what is awaited. */
export const whenDone = (result: unknown, look: (value: unknown) => unknown): unknown =>
  result instanceof Promise ? result.then(look) : look(result);
