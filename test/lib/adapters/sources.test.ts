import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { cacheSource, parseInfo } from '../../../lib/adapters/cache-source.ts';
import { DatabaseSource } from '../../../lib/adapters/database-source.ts';
import { metricsSource } from '../../../lib/adapters/metrics-source.ts';
import { reach } from '../../../lib/adapters/preflight.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server.on('connection', (socket: Socket) => void sockets.push(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const patient = new AbortController().signal;

describe('the metrics of a service', () => {
  const answering = async (listener: RequestListener): Promise<URL> =>
    new URL(`http://127.0.0.1:${await listening(createHttpServer(listener))}/metrics`);

  test('are read as Prometheus text', async () => {
    const source = metricsSource(await answering((_, reply) => void reply.end('# HELP a\na{b="c"} 1\nd 2\n')));
    expect([...(await source.read(patient))]).toEqual([
      ['a{b="c"}', 1],
      ['d', 2],
    ]);
    await source.close();
  });

  test('are none where the status says so', async () => {
    const source = metricsSource(await answering((_, reply) => void reply.writeHead(503).end('a 1\n')));
    await expect(source.read(patient)).rejects.toThrow('/metrics answered 503');
  });

  test('are given up when asked to', async () => {
    const giveUp = new AbortController();
    const source = metricsSource(await answering(() => giveUp.abort()));
    await expect(source.read(giveUp.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test.each<readonly [string, Record<string, number>]>([
  ['# Stats\r\nkeyspace_hits:12\r\nkeyspace_misses:3\r\n', { cache_keyspace_hits: 12, cache_keyspace_misses: 3 }],
  [
    'used_memory:1024\nmem_fragmentation_ratio:1.25\n',
    { cache_used_memory: 1024, cache_mem_fragmentation_ratio: 1.25 },
  ],
  ['redis_version:7.0.15\r\nmaxmemory_policy:allkeys-lru\r\ndb0:keys=1,expires=0\r\nused_memory_human:1.00M\r\n', {}],
  ['', {}],
])('of INFO %j the numbers are read', (text, values) => {
  expect(Object.fromEntries(parseInfo(text))).toEqual(values);
});

test('a cache that is not there has no reading, and ends nothing', async () => {
  const source = cacheSource(`redis://127.0.0.1:${await freePort()}`);
  await expect(source.read(patient)).rejects.toThrow();
  await source.close();
});

describe('a database', () => {
  test('that refuses has no reading and no statements, and ends nothing', async () => {
    const source = new DatabaseSource(`postgres://app@127.0.0.1:${await freePort()}/app`);
    await expect(source.read()).rejects.toThrow('ECONNREFUSED');
    await source.markStatements();
    expect(await source.slowestStatements()).toEqual([]);
    await source.close();
  });

  test('that hung up is asked again on a new connection', async () => {
    let connections = 0;
    const port = await listening(
      createServer((socket) => {
        connections += 1;
        socket.on('error', () => undefined).destroy();
      }),
    );
    const source = new DatabaseSource(`postgres://app@127.0.0.1:${port}/app`);
    await expect(source.read()).rejects.toThrow();
    await expect(source.read()).rejects.toThrow();
    expect(connections).toBe(2);
    await source.close();
  });
});

describe('before a run', () => {
  test('a target that listens is reached, and not one byte is sent to it', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<number>();
    let bytes = 0;
    const port = await listening(
      createServer((socket) => {
        socket.on('data', (data) => (bytes += data.length)).on('error', () => undefined);
        socket.on('close', () => resolve(bytes));
      }),
    );
    await reach(new URL(`http://127.0.0.1:${port}/path`));
    expect(await gone).toBe(0);
  });

  test('a target that does not listen is E-TARGET-UNREACHABLE, in words', async () => {
    const origin = `http://127.0.0.1:${await freePort()}`;
    await expect(reach(new URL(`${origin}/path`))).rejects.toMatchObject({
      code: 'E-TARGET-UNREACHABLE',
      message: `${origin} can't be reached: nothing listens there.`,
    });
  });
});
