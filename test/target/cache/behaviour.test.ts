import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createCacheServer } from '../../../target/cache/server.ts';
import { Store } from '../../../target/cache/store.ts';
import { compared, scripts } from './exchanges.ts';
import { installedServer, startInstalled } from '../../../target/stack/cache.ts';

type Opened = { readonly url: string; close(): Promise<void> };

async function openEmbedded(): Promise<Opened> {
  const server = createCacheServer(new Store(64 * 2 ** 20, Math.random)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const installed = await installedServer();

async function openInstalled(): Promise<Opened> {
  const cache = await startInstalled(installed ?? '', () => undefined);
  return { url: cache.url, close: () => cache.stop() };
}

function behaviour(open: () => Promise<Opened>): void {
  let cache: Opened;
  let client: Redis;
  const call = (command: string): Promise<unknown> => {
    const [name = '', ...args] = command.split(' ');
    return client.call(name, ...args).catch((error: unknown) => error);
  };
  const infoField = async (name: string): Promise<string | undefined> =>
    new RegExp(`^${name}:(.*)\r$`, 'm').exec(await client.info())?.[1];

  beforeAll(async () => {
    cache = await open();
    client = new Redis(cache.url, { protocol: 2 });
  });
  beforeEach(() => client.flushall());
  afterAll(async () => {
    await client.quit();
    await cache.close();
  });

  test.each(scripts)('$name', async ({ exchanges }) => {
    const seen: unknown[] = [];
    for (const { command, wanted } of exchanges) seen.push([command, compared(await call(command), wanted)]);
    expect(seen).toEqual(exchanges.map(({ command, wanted }) => [command, wanted]));
  });

  test('values and keys are bytes', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await client.set(bytes, bytes);
    expect(await client.getBuffer(bytes)).toEqual(bytes);
    expect(await client.get('a')).toBeNull();
  });

  test('a key goes at its moment', async () => {
    await client.set('a', '1', 'PX', 30);
    await expect(client.pttl('a')).resolves.toBeLessThanOrEqual(30);
    while ((await client.exists('a')) === 1) await client.ping();
    expect(await client.get('a')).toBeNull();
  });

  test('INFO counts hits, misses, expiries and commands', async () => {
    const before = await counters();
    await client.mget('a', 'b');
    await client.set('a', '1');
    await client.mget('a', 'b');
    const after = await counters();
    expect(after.hits - before.hits).toBe(1);
    expect(after.misses - before.misses).toBe(3);
    expect(after.commands).toBeGreaterThan(before.commands);
    expect(Number(await infoField('used_memory'))).toBeGreaterThan(0);
    expect(await infoField('connected_clients')).toBe('1');
  });

  test('over its memory it evicts and says so', async () => {
    const evicted = Number(await infoField('evicted_keys'));
    const used = Number(await infoField('used_memory'));
    await client.config('SET', 'maxmemory', String(used + 200_000));
    for (let n = 0; n < 100; n += 1) await client.set(`key${n}`, 'x'.repeat(10_000));
    expect(await client.dbsize()).toBeLessThan(100);
    expect(Number(await infoField('evicted_keys'))).toBeGreaterThan(evicted);
    await client.config('SET', 'maxmemory', '64mb');
  });

  test('pipelined commands are answered in order', async () => {
    const replies = await Promise.all(Array.from({ length: 500 }, () => client.incr('n')));
    expect(replies).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  async function counters() {
    return {
      hits: Number(await infoField('keyspace_hits')),
      misses: Number(await infoField('keyspace_misses')),
      commands: Number(await infoField('total_commands_processed')),
    };
  }
}

describe('the embedded RESP cache', () => {
  behaviour(openEmbedded);
});

const real = installed === undefined ? describe.skip : describe;
real(installed ?? 'a real Redis or Valkey (skipped: neither redis-server nor valkey-server is on the PATH)', () => {
  behaviour(openInstalled);
});
