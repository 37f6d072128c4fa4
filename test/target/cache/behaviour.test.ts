import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createCacheServer } from '../../../target/cache/server.ts';
import { Store } from '../../../target/cache/store.ts';
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

/** Commands in order, each with its reply; an error is its text. A RegExp stands for replies that may differ in wording. */
type Exchange = readonly [command: string, reply: unknown];

const scripts: readonly (readonly [string, readonly Exchange[]])[] = [
  [
    'GET and SET',
    [
      ['GET a', null],
      ['SET a 1', 'OK'],
      ['GET a', '1'],
      ['set a 2', 'OK'],
      ['get a', '2'],
    ],
  ],
  [
    'SET NX and XX',
    [
      ['SET a 1 XX', null],
      ['SET a 1 NX', 'OK'],
      ['SET a 2 NX', null],
      ['SET a 3 XX', 'OK'],
      ['GET a', '3'],
    ],
  ],
  [
    'SET EX and PX',
    [
      ['SET a 1 EX 100', 'OK'],
      ['TTL a', 100],
      ['SET a 1 PX 5000', 'OK'],
      ['TTL a', 5],
      ['SET a 1', 'OK'],
      ['TTL a', -1],
    ],
  ],
  [
    'SET with both',
    [
      ['SET a 1 EX 10 NX', 'OK'],
      ['SET a 1 NX EX 10', null],
      ['TTL a', 10],
    ],
  ],
  [
    'SET refuses',
    [
      ['SET a 1 EX', /^ERR syntax error/],
      ['SET a 1 EX 1 PX 1', /^ERR syntax error/],
      ['SET a 1 NX XX', /^ERR syntax error/],
      ['SET a 1 SOON', /^ERR syntax error/],
      ['SET a 1 EX 0', "ERR invalid expire time in 'set' command"],
      ['SET a 1 EX -1', "ERR invalid expire time in 'set' command"],
      ['SET a 1 EX 1.5', 'ERR value is not an integer or out of range'],
      ['SET a', "ERR wrong number of arguments for 'set' command"],
      ['EXISTS a', 0],
    ],
  ],
  [
    'SETEX',
    [
      ['SETEX a 50 x', 'OK'],
      ['GET a', 'x'],
      ['TTL a', 50],
      ['SETEX a 0 x', "ERR invalid expire time in 'setex' command"],
    ],
  ],
  [
    'DEL and EXISTS',
    [
      ['MGET a b', [null, null]],
      ['SET a 1', 'OK'],
      ['SET b 2', 'OK'],
      ['EXISTS a b a c', 3],
      ['DEL a a c', 1],
      ['MGET a b', [null, '2']],
    ],
  ],
  [
    'EXPIRE',
    [
      ['EXPIRE a 5', 0],
      ['SET a 1', 'OK'],
      ['EXPIRE a 5', 1],
      ['TTL a', 5],
      ['EXPIRE a -1', 1],
      ['EXISTS a', 0],
      ['EXPIRE a x', /^ERR value is not an integer/],
    ],
  ],
  [
    'TTL and PTTL of nothing',
    [
      ['TTL a', -2],
      ['PTTL a', -2],
      ['SET a 1', 'OK'],
      ['TTL a', -1],
      ['PTTL a', -1],
    ],
  ],
  [
    'INCR',
    [
      ['INCR n', 1],
      ['INCRBY n 41', 42],
      ['INCRBY n -50', -8],
      ['GET n', '-8'],
      ['INCRBY n x', /^ERR value is not an integer/],
    ],
  ],
  [
    'INCR keeps the time to live',
    [
      ['SET n 1 EX 90', 'OK'],
      ['INCR n', 2],
      ['TTL n', 90],
    ],
  ],
  [
    'INCR of text',
    [
      ['SET n x', 'OK'],
      ['INCR n', /^ERR value is not an integer/],
      ['SET n 01', 'OK'],
      ['INCR n', /^ERR value is not an integer/],
    ],
  ],
  // 2^63 - 1; the reply to INCRBY is beyond a JavaScript number, so GET shows it.
  [
    'INCR beyond 64 bits',
    [
      ['SET n 9223372036854775806', 'OK'],
      ['INCR n', expect.anything()],
      ['GET n', '9223372036854775807'],
      ['INCR n', 'ERR increment or decrement would overflow'],
    ],
  ],
  [
    'DBSIZE and FLUSH',
    [
      ['SET a 1', 'OK'],
      ['SET b 1', 'OK'],
      ['DBSIZE', 2],
      ['FLUSHDB', 'OK'],
      ['DBSIZE', 0],
      ['SET a 1', 'OK'],
      ['FLUSHALL', 'OK'],
      ['DBSIZE', 0],
    ],
  ],
  [
    'PING, ECHO, SELECT',
    [
      ['PING', 'PONG'],
      ['PING hi', 'hi'],
      ['ECHO hi', 'hi'],
      ['SELECT 0', 'OK'],
      ['SELECT 99', 'ERR DB index is out of range'],
    ],
  ],
  [
    'CONFIG',
    [
      ['CONFIG SET maxmemory 10mb', 'OK'],
      ['CONFIG GET maxmemory', ['maxmemory', '10485760']],
      ['CONFIG SET maxmemory x', /^ERR /],
      ['CONFIG GET no-such', []],
      ['CONFIG SET maxmemory 64mb', 'OK'],
    ],
  ],
  [
    'CLIENT',
    [
      ['CLIENT SETNAME me', 'OK'],
      ['CLIENT SETINFO LIB-NAME x', 'OK'],
      ['CLIENT SETNAME', /^ERR wrong number/],
      ['CLIENT NONSENSE', /^ERR unknown subcommand/],
    ],
  ],
  [
    'unknown commands',
    [
      ['NONSENSE a b', /^ERR unknown command 'NONSENSE', with args beginning with: 'a' 'b'/],
      ['GET', "ERR wrong number of arguments for 'get' command"],
    ],
  ],
];

function behaviour(open: () => Promise<Opened>): void {
  let cache: Opened;
  let client: Redis;
  const call = (command: string): Promise<unknown> => {
    const [name = '', ...args] = command.split(' ');
    return client.call(name, ...args).catch((error: Error) => error.message);
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

  test.each(scripts)('%s', async (_name, exchanges) => {
    const seen: unknown[] = [];
    for (const [command] of exchanges) seen.push([command, await call(command)]);
    const wanted = exchanges.map(([command, reply]) => [
      command,
      reply instanceof RegExp ? expect.stringMatching(reply) : reply,
    ]);
    expect(seen).toEqual(wanted);
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
real(
  `${installed ?? 'a real Redis or Valkey (skipped: neither redis-server nor valkey-server is on the PATH)'}`,
  () => {
    behaviour(openInstalled);
  },
);
