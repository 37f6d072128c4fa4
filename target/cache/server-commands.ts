import { type Command, type Session, syntaxError, textOf } from './command.ts';
import { ok, printable, type Reply, type Request } from './resp.ts';

/** Commands about the server: its size, its limit, its counters. */
export const serverCommands: Readonly<Record<string, Command>> = {
  DBSIZE: { arity: 1, run: (_args, { store }) => store.size },
  FLUSHALL: { arity: -1, run: flush },
  FLUSHDB: { arity: -1, run: flush },
  CONFIG: { arity: -2, run: config },
  INFO: { arity: -1, run: info },
};

function flush([how, more]: Request, { store }: Session): Reply {
  const word = textOf(how).toUpperCase();
  if (more !== undefined || !['', 'SYNC', 'ASYNC'].includes(word)) return syntaxError;
  store.clear();
  return ok;
}

function config([what, name, value]: Request, session: Session): Reply {
  const word = textOf(what).toUpperCase();
  if (word === 'GET' && name !== undefined) return getParameter(textOf(name).toLowerCase(), session);
  if (word === 'SET' && name !== undefined && value !== undefined) return setParameter(name, value, session);
  return { error: `ERR unknown subcommand or wrong number of arguments for 'config|${word.toLowerCase()}' command` };
}

/** The two parameters there are; any other name matches none, as in Redis. */
function getParameter(name: string, { store }: Session): Reply {
  const values: Readonly<Record<string, string>> = {
    maxmemory: String(store.maxBytes),
    'maxmemory-policy': 'allkeys-lru',
  };
  const value = values[name];
  return value === undefined ? [] : [Buffer.from(name), Buffer.from(value)];
}

function setParameter(name: Buffer, value: Buffer, { store, nowMs }: Session): Reply {
  if (textOf(name).toLowerCase() !== 'maxmemory') {
    return { error: `ERR Unknown option or number of arguments for CONFIG SET - '${printable(name)}'` };
  }
  const bytes = memoryBytes(textOf(value));
  if (bytes === undefined) {
    return {
      error: "ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value",
    };
  }
  store.limit(bytes, nowMs);
  return ok;
}

/** A memory size as in redis.conf: bytes, or with k, kb, m, mb, g, gb (k = 1000, kb = 1024). */
export function memoryBytes(text: string): number | undefined {
  const parts = /^(\d{1,12})(b|k|kb|m|mb|g|gb)?$/i.exec(text);
  if (parts === null) return undefined;
  const units: Readonly<Record<string, number>> = {
    b: 1,
    k: 1e3,
    kb: 2 ** 10,
    m: 1e6,
    mb: 2 ** 20,
    g: 1e9,
    gb: 2 ** 30,
  };
  return Number(parts[1]) * (units[(parts[2] ?? 'b').toLowerCase()] ?? 1);
}

type Section = Readonly<Record<string, string | number>>;

/** The sections and fields of Redis's INFO that a monitor of hits, misses, evictions and memory reads. */
function info([wanted]: Request, session: Session): Reply {
  const name = textOf(wanted).toLowerCase();
  const all = ['', 'all', 'default', 'everything'].includes(name);
  const sections = Object.entries(sectionsOf(session)).filter(([title]) => all || title.toLowerCase() === name);
  const text = sections.map(([title, fields]) => `# ${title}\r\n${lines(fields)}`);
  return Buffer.from(text.join('\r\n'));
}

function lines(fields: Section): string {
  return Object.entries(fields)
    .map(([field, value]) => `${field}:${value}\r\n`)
    .join('');
}

function sectionsOf({ store, stats, nowMs }: Session): Readonly<Record<string, Section>> {
  const { keyspaceHits, keyspaceMisses, evictedKeys, expiredKeys } = store.counters;
  return {
    Server: {
      server_name: 'embedded-resp-cache',
      process_id: process.pid,
      uptime_in_seconds: Math.floor((nowMs - stats.startedAtMs) / 1000),
    },
    Clients: { connected_clients: stats.connectedClients },
    Memory: { used_memory: store.usedBytes, maxmemory: store.maxBytes, maxmemory_policy: 'allkeys-lru' },
    Persistence: { loading: 0 },
    Stats: {
      total_commands_processed: stats.commandsProcessed,
      keyspace_hits: keyspaceHits,
      keyspace_misses: keyspaceMisses,
      evicted_keys: evictedKeys,
      expired_keys: expiredKeys,
    },
    Keyspace: store.size === 0 ? {} : { db0: `keys=${store.size},expires=0,avg_ttl=0` },
  };
}
