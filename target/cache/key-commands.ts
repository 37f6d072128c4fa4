import { type Command, notInteger, outOfMemory, type Session, syntaxError, textOf as keyOf } from './command.ts';
import { int64, inRange } from './integer.ts';
import { ok, type Reply, type Request } from './resp.ts';

const empty = Buffer.alloc(0);

/** Commands on keys, as Redis documents them; options that the service does not use are syntax errors. */
export const keyCommands: Readonly<Record<string, Command>> = {
  GET: { arity: 2, run: ([key], { store, nowMs }) => store.read(keyOf(key), nowMs) ?? null },
  MGET: { arity: -2, run: (keys, { store, nowMs }) => keys.map((key) => store.read(keyOf(key), nowMs) ?? null) },
  SET: { arity: -3, run: set },
  SETEX: { arity: 4, run: setWithSeconds },
  DEL: { arity: -2, run: (keys, { store, nowMs }) => keys.filter((key) => store.delete(keyOf(key), nowMs)).length },
  EXISTS: {
    arity: -2,
    run: (keys, { store, nowMs }) => keys.filter((key) => store.peek(keyOf(key), nowMs) !== undefined).length,
  },
  EXPIRE: { arity: 3, run: expire },
  TTL: { arity: 2, run: ([key], session) => remaining(key, session, (ms) => Math.floor((ms + 500) / 1000)) },
  PTTL: { arity: 2, run: ([key], session) => remaining(key, session, (ms) => ms) },
  INCR: { arity: 2, run: ([key], session) => increment(key, 1n, session) },
  INCRBY: { arity: 3, run: ([key, by = empty], session) => increment(key, int64(by), session) },
};

type SetOptions = { expiresAtMs: number; when: 'always' | 'NX' | 'XX' };

function set([key, value = empty, ...words]: Request, { store, nowMs }: Session): Reply {
  const options = setOptions(words, nowMs);
  if ('error' in options) return options;
  const exists = store.peek(keyOf(key), nowMs) !== undefined;
  if ((options.when === 'NX' && exists) || (options.when === 'XX' && !exists)) return null;
  return store.write(keyOf(key), value, options.expiresAtMs, nowMs) ? ok : outOfMemory;
}

function setOptions(words: Request, nowMs: number): SetOptions | { readonly error: string } {
  const options: SetOptions = { expiresAtMs: Infinity, when: 'always' };
  for (let index = 0; index < words.length; index += 1) {
    const word = keyOf(words[index]).toUpperCase();
    const next = words[index + 1];
    if ((word === 'NX' || word === 'XX') && (options.when === 'always' || options.when === word)) options.when = word;
    else if ((word === 'EX' || word === 'PX') && next !== undefined && options.expiresAtMs === Infinity) {
      const after = lifetimeMs(next, word === 'EX' ? 1000 : 1, 'set');
      if (typeof after !== 'number') return after;
      options.expiresAtMs = nowMs + after;
      index += 1;
    } else return syntaxError;
  }
  return options;
}

function setWithSeconds([key, seconds = empty, value = empty]: Request, { store, nowMs }: Session): Reply {
  const after = lifetimeMs(seconds, 1000, 'setex');
  if (typeof after !== 'number') return after;
  return store.write(keyOf(key), value, nowMs + after, nowMs) ? ok : outOfMemory;
}

/** Beyond this a moment in milliseconds is no exact number any more; Redis's own limit lies near. */
const longestMs = BigInt(Number.MAX_SAFE_INTEGER) / 2n;

function lifetimeMs(text: Buffer, unitMs: number, command: string): number | { readonly error: string } {
  const value = int64(text);
  if (value === undefined) return notInteger;
  const ms = value * BigInt(unitMs);
  if (ms <= 0n || ms > longestMs) return { error: `ERR invalid expire time in '${command}' command` };
  return Number(ms);
}

function expire([key, seconds = empty]: Request, { store, nowMs }: Session): Reply {
  const value = int64(seconds);
  if (value === undefined) return notInteger;
  const ms = value * 1000n;
  if (ms > longestMs || ms < -longestMs) return { error: "ERR invalid expire time in 'expire' command" };
  return store.expire(keyOf(key), nowMs + Number(ms), nowMs) ? 1 : 0;
}

/** −2: no such key; −1: it never goes. */
function remaining(key: Buffer | undefined, { store, nowMs }: Session, inUnit: (ms: number) => number): Reply {
  const entry = store.peek(keyOf(key), nowMs);
  if (entry === undefined) return -2;
  return entry.expiresAtMs === Infinity ? -1 : inUnit(entry.expiresAtMs - nowMs);
}

function increment(key: Buffer | undefined, by: bigint | undefined, { store, nowMs }: Session): Reply {
  const entry = store.peek(keyOf(key), nowMs);
  const value = entry === undefined ? 0n : int64(entry.value);
  if (value === undefined || by === undefined) return notInteger;
  const sum = value + by;
  if (!inRange(sum)) return { error: 'ERR increment or decrement would overflow' };
  const written = store.write(keyOf(key), Buffer.from(String(sum)), entry?.expiresAtMs ?? Infinity, nowMs);
  return written ? sum : outOfMemory;
}
