import { Redis } from 'ioredis';
import type { Metrics } from './metrics.ts';

/**
 * A cache that may fail: a read then is a miss, a write or a removal is forgotten, and cache_errors_total counts it. The
 * service gets slower without its cache, and never wrong by more than a value's time to live.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  drop(key: string): Promise<void>;
  /** Rejects when the cache does not answer. */
  ping(): Promise<void>;
  close(): void;
}

export interface CacheOptions {
  readonly url: string;
  readonly prefix: string;
}

/** Beyond this a look-up costs more than the statement it saves. */
const commandTimeoutMs = 250;
const longestReconnectMs = 2_000;

/** Connects in the background, for ever; while there is no connection commands fail at once instead of queueing up. */
export function openCache({ url, prefix }: CacheOptions, metrics: Metrics): Cache {
  const client = new Redis(url, {
    protocol: 2,
    keyPrefix: prefix,
    commandTimeout: commandTimeoutMs,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempts) => Math.min(attempts * 50, longestReconnectMs),
  });
  // Each failed attempt is an event; every command that suffers from it is counted below.
  client.on('error', () => undefined);

  async function tolerant<Result>(command: Promise<Result>): Promise<Result | undefined> {
    try {
      return await command;
    } catch {
      metrics.cacheErrors.inc();
      return undefined;
    }
  }

  return {
    async get(key) {
      const value = await tolerant(client.get(key));
      if (typeof value === 'string') metrics.cacheHits.inc();
      // A failed read is no miss: it says nothing about what the cache holds.
      else if (value === null) metrics.cacheMisses.inc();
      return value ?? undefined;
    },
    set: async (key, value, ttlSeconds) => void (await tolerant(client.set(key, value, 'EX', ttlSeconds))),
    drop: async (key) => void (await tolerant(client.del(key))),
    ping: async () => void (await client.ping()),
    close: () => client.disconnect(),
  };
}
