import { access, constants } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { TargetFailure } from '../failure.ts';
import { type Child, startChild, startGuarded } from './children.ts';
import { freePort } from './free-port.ts';
import { makeGuardedFolder, reap } from './guarded-folder.ts';

/** Small enough for evictions to be seen within a run that asks for them, large enough for every job of the seed. */
const maxMemory = '64mb';

const answerPatienceMs = 5_000;

/** A cache that answers, and what it truly is. */
export interface RunningCache {
  /** "Redis 7.0.15", "Valkey 8.1.0" or "embedded RESP cache". */
  readonly kind: string;
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The cache in REDIS_URL; else a redis-server or valkey-server from the PATH, in a process of our own; else our own.
 * @throws TargetFailure E-TARGET-CACHE when the one in REDIS_URL, or the one started here, does not answer
 */
export async function startCache(onLost: (name: string) => void): Promise<RunningCache> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') {
    return { kind: await kindOf(given), url: given, stop: () => Promise.resolve() };
  }
  const program = await installedServer();
  return program === undefined ? startEmbedded(onLost) : startInstalled(program, onLost);
}

async function startEmbedded(onLost: (name: string) => void): Promise<RunningCache> {
  const child = await startChild('cache', 'cache/main.ts', { args: ['--maxmemory', maxMemory], onLost });
  const url = `redis://127.0.0.1:${child.hello.port}`;
  return { kind: 'embedded RESP cache', url, stop: () => child.stop() };
}

/** The first redis-server, else valkey-server, of the PATH; undefined when there is none. */
export async function installedServer(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = ['redis-server', 'valkey-server'].flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of candidates) {
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/** Starts a Redis or Valkey on a free loopback port: nothing persisted, LRU within its memory limit. */
export async function startInstalled(command: string, onLost: (name: string) => void): Promise<RunningCache> {
  const folder = await makeGuardedFolder('cache');
  const port = await freePort();
  const address = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'];
  const limits = ['--save', '', '--appendonly', 'no', '--maxmemory', maxMemory, '--maxmemory-policy', 'allkeys-lru'];
  const marks = [basename(command), String(port)];
  const program = {
    command,
    args: [...address, ...limits],
    folder,
    marks,
    stopSignals: ['SIGTERM', 'SIGKILL'] as const,
  };
  let child: Child | undefined;
  const stop = async (): Promise<void> => {
    await child?.stop();
    await reap(folder);
  };
  try {
    child = await startGuarded('cache', program, { onLost });
    const url = `redis://127.0.0.1:${port}`;
    return { kind: await kindOf(url), url, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** Asks a server what it is, waiting for it to come up: the question stays queued until there is a connection. */
async function kindOf(url: string): Promise<string> {
  const client = new Redis(url, {
    protocol: 2,
    disconnectTimeout: 200,
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
  });
  let cause: unknown = new Error('no answer');
  client.on('error', (error) => (cause = error));
  // A client that is between two attempts to connect neither answers nor rejects when it is told to give up.
  const { promise: patienceOver, reject } = Promise.withResolvers<never>();
  const giveUp = setTimeout(() => reject(cause), answerPatienceMs);
  try {
    return kindFrom(await Promise.race([client.info('server'), patienceOver]));
  } catch {
    throw new TargetFailure('E-TARGET-CACHE', cause);
  } finally {
    clearTimeout(giveUp);
    client.disconnect();
  }
}

/** Valkey reports a redis_version too, for the sake of old clients, so its own field comes first. */
export function kindFrom(info: string): string {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  const valkey = field('valkey_version');
  const redis = field('redis_version');
  if (valkey !== undefined) return `Valkey ${valkey}`;
  return redis === undefined ? 'embedded RESP cache' : `Redis ${redis}`;
}
