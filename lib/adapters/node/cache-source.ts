import { Redis } from 'ioredis';
import type { SignalSource } from './sampler.ts';

/** The cache's own account: the numbers of Redis' INFO, with `cache_` before their names. */
export function cacheSource(url: string): SignalSource {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    commandTimeout: 700,
    connectionName: 'plimsoll',
  });
  // Without a listener a lost connection is printed; the next reading fails and leaves a gap.
  client.on('error', () => undefined);
  return {
    read: async () => parseInfo(await client.info()),
    close: async () => client.disconnect(),
  };
}

/** `keyspace_hits:12` → `cache_keyspace_hits` 12; lines that hold no number are left out. */
export function parseInfo(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const [, name, value] of text.matchAll(/^(\w+):(\d+(?:\.\d+)?)\r?$/gm)) {
    if (name !== undefined) values.set(`cache_${name}`, Number(value));
  }
  return values;
}
