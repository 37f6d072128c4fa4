import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { DatabaseSource } from '../../../../lib/adapters/node/database-source.ts';
import { cacheSource, metricsSource, parseInfo } from '../../../../lib/adapters/node/sources.ts';
import { reach } from '../../../../lib/adapters/node/preflight.ts';

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

/** ReadyForQuery, and AuthenticationOk before it, of PostgreSQL's protocol 3.0. */
const READY = Buffer.from([90, 0, 0, 0, 5, 73]);
const WELCOME = Buffer.concat([Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 0]), READY]);

describe('the metrics of a service', () => {
  const answering = async (listener: RequestListener): Promise<URL> =>
    new URL(`http://127.0.0.1:${await listening(createHttpServer(listener))}/metrics`);

  test('are read as Prometheus text', async () => {
    const source = metricsSource(await answering((_, reply) => void reply.end('# HELP a\na{b="c"} 1\nd 2\n')));
    expect([...(await source.read(patient))]).toEqual([
      ['a{b="c"}', 1],
      ['d', 2],
      ['scrape_duration_seconds', expect.any(Number)],
    ]);
    await source.close();
  });

  test('that come late are what the next reading takes, without another request', async () => {
    const waiting: (() => void)[] = [];
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const listener: RequestListener = (_, reply) => {
      waiting.push(() => void reply.end(`asked ${waiting.length}\n`));
      resolve();
    };
    const source = metricsSource(await answering(listener));
    const impatient = new AbortController();
    const first = source.read(impatient.signal);
    await asked;
    impatient.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    const second = source.read(patient);
    waiting[0]?.();
    expect((await second).get('asked')).toBe(1);
    const third = source.read(patient);
    await source.close();
    await expect(third).rejects.toThrow('was given up');
  });

  test('are none where the status says so', async () => {
    const source = metricsSource(await answering((_, reply) => void reply.writeHead(503).end('a 1\n')));
    await expect(source.read(patient)).rejects.toThrow('/metrics answered 503');
  });

  test('are not looked for where a redirect points: that host was never allowed', async () => {
    let lured = 0;
    const lure = await answering((_, reply) => void reply.end(`a ${(lured += 1)}\n`));
    const source = metricsSource(
      await answering((_, reply) => void reply.writeHead(302, { location: lure.href }).end()),
    );
    await expect(source.read(patient)).rejects.toThrow('/metrics answered 302');
    expect(lured).toBe(0);
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

test('a cache that is not there is read as down, and ends nothing', async () => {
  const source = await cacheSource(`redis://127.0.0.1:${await freePort()}`);
  expect(Object.fromEntries(await source.read(patient))).toEqual({ cache_down: 1 });
  await source.close();
});

describe('a database', () => {
  test('that refuses has no reading and no statements, and ends nothing', async () => {
    const source = new DatabaseSource(async () => `postgres://app@127.0.0.1:${await freePort()}/app`);
    await expect(source.read()).rejects.toThrow('ECONNREFUSED');
    await source.markStatements();
    expect(await source.slowestStatements()).toEqual([]);
    await source.close();
  });

  test('that hangs up at once, or later, is asked again on a new connection', async () => {
    // Welcomed, it hangs up on the first statement.
    const welcoming = (socket: Socket) =>
      socket.once('data', () => {
        socket.once('data', () => socket.destroy());
        socket.write(WELCOME);
      });
    let connections = 0;
    const port = await listening(
      createServer((socket) => {
        connections += 1;
        socket.on('error', () => undefined);
        if (connections % 2 === 0) welcoming(socket);
        else socket.destroy();
      }),
    );
    const source = new DatabaseSource(async () => `postgres://app@127.0.0.1:${port}/app`);
    for (const time of [1, 2, 3, 4]) {
      await expect(source.read()).rejects.toThrow(/terminated|ECONNRESET/);
      expect(connections).toBe(time);
    }
    await source.close();
  });
});

/** What a server of PostgreSQL's protocol 3.0 answers to a simple query: columns, rows, done, ready. */
function answerOf(columns: readonly (readonly [name: string, type: number])[], rows: readonly (readonly string[])[]) {
  const message = (tag: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(5);
    head.write(tag);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
  const int32 = (value: number): Buffer => Buffer.from([value >> 24, value >> 16, value >> 8, value]);
  const described = columns.map(([name, type]) =>
    Buffer.concat([Buffer.from(`${name}\0`), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]),
  );
  const told = rows.map((row) =>
    message('D', Buffer.concat([int16(row.length), ...row.flatMap((text) => [int32(text.length), Buffer.from(text)])])),
  );
  const done = message('C', Buffer.from(`SELECT ${rows.length}\0`));
  return Buffer.concat([message('T', Buffer.concat([int16(columns.length), ...described])), ...told, done, READY]);
}

/** Object ids of PostgreSQL's types: text and float8. */
const [TEXT, FLOAT] = [25, 701];

describe('the statements of a load', () => {
  /** Tells one statement, called ten times more with every question; answers only from the `from`th connection on. */
  async function tellingFrom(from: number): Promise<DatabaseSource> {
    let [connections, asked] = [0, 0];
    const columns = [
      ['id', TEXT],
      ['text', TEXT],
      ['calls', FLOAT],
      ['ms', FLOAT],
    ] as const;
    const port = await listening(
      createServer((socket) => {
        connections += 1;
        socket.on('error', () => undefined);
        if (connections < from) return socket.destroy();
        socket.once('data', () => {
          socket.write(WELCOME);
          socket.on('data', () => {
            asked += 1;
            socket.write(answerOf(columns, [['1', 'select 1', String(10 * asked), String(20 * asked)]]));
          });
        });
      }),
    );
    return new DatabaseSource(async () => `postgres://app@127.0.0.1:${port}/app`);
  }

  test('are counted from the mark on', async () => {
    const source = await tellingFrom(1);
    await source.markStatements();
    // 10 calls in 20 ms, 2 ms each.
    expect(await source.slowestStatements()).toEqual([{ text: 'select 1', calls: 10, meanUs: 2000, totalUs: 20_000 }]);
    await source.close();
  });

  test('are none where the mark failed, although the database answers again: the seeding is not the load', async () => {
    const source = await tellingFrom(4);
    await source.markStatements();
    expect(await source.slowestStatements()).toEqual([]);
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
    await reach(new URL(`http://127.0.0.1:${port}/path`), patient);
    expect(await gone).toBe(0);
  });

  test('a target that does not listen is E-TARGET-UNREACHABLE, in words', async () => {
    const origin = `http://127.0.0.1:${await freePort()}`;
    await expect(reach(new URL(`${origin}/path`), patient)).rejects.toMatchObject({
      code: 'E-TARGET-UNREACHABLE',
      message: `${origin} can't be reached: nothing listens there.`,
    });
  });

  test('a target need not be waited for by one who was told to stop', async () => {
    const port = await listening(createServer());
    const stopped = AbortSignal.abort();
    await expect(reach(new URL(`http://127.0.0.1:${port}`), stopped)).rejects.toMatchObject({ code: 'E-INTERRUPTED' });
    // Told while it waits: no connection can have come about in the same turn.
    const stopping = new AbortController();
    const reaching = reach(new URL(`http://127.0.0.1:${port}`), stopping.signal);
    stopping.abort();
    await expect(reaching).rejects.toMatchObject({ code: 'E-INTERRUPTED' });
  });
});
