import { Redis } from 'ioredis';
import { both, type Fault, integer, valueOf } from '../fault.ts';
import { costlyMisses, recomputing } from './misses.ts';

export const cacheTooSmall: Fault = {
  name: 'cache-too-small',
  title: 'The cache has room for a part of what is read',
  bottleneck: 'cache.evictions',
  // What is evicted is missed at the next read.
  alsoRight: ['cache.misses'],
  parameters: { size_kb: integer(64, 16, 65_536), ...recomputing },
  begin: async (bench, values) => {
    const client = new Redis(bench.cacheUrl, { protocol: 2, maxRetriesPerRequest: 1 });
    client.on('error', () => undefined);
    const [, before = '64mb'] = await client.config('GET', 'maxmemory');
    await client.flushdb();
    // A server counts its own tables and buffers too, so the room is beyond what it needs when empty.
    const used = Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1] ?? 0);
    await client.config('SET', 'maxmemory', String(used + valueOf(values, 'size_kb') * 1024));
    const { cache, database } = bench.services;
    return both(bench.replace('cache', costlyMisses(cache, database, valueOf(values, 'recompute_ms'))), async () => {
      await client.config('SET', 'maxmemory', before).catch(() => undefined);
      client.disconnect();
    });
  },
};
