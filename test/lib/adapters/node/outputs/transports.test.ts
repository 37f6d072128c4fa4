import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileTransport } from '../../../../../lib/adapters/node/outputs/file.ts';
import { httpTransport } from '../../../../../lib/adapters/node/outputs/http.ts';
import { RunOutputs } from '../../../../../lib/adapters/node/outputs/run-outputs.ts';
import { scrapeTransport } from '../../../../../lib/adapters/node/outputs/scrape.ts';
import type { Attempt } from '../../../../../lib/adapters/node/outputs/transport.ts';
import { udpTransport } from '../../../../../lib/adapters/node/outputs/udp.ts';
import { chooseOutput } from '../../../../../lib/outputs/choose.ts';
import { freePort } from '../../../../../target/stack/free-port.ts';

const forever = new AbortController().signal;

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'plimsoll-transports-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('POST', () => {
  const asked: string[] = [];
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, reply) => {
      asked.push(`${request.url} ${request.headers.authorization}`);
      const status = Number(request.url?.slice(1));
      if (status > 0) reply.writeHead(status, { location: '/lured' }).end('a long story');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const attempt = async (path: string, signal = forever) =>
    await httpTransport({ by: 'http', url: `${url}${path}`, headers: { authorization: 'x' } }).send(['a'], signal);

  test.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [302, { refused: 'it answered 302' }],
    [400, { refused: 'it answered 400' }],
    [401, { refused: 'it answered 401' }],
    [408, { again: 'it answered 408' }],
    [429, { again: 'it answered 429' }],
    [503, { again: 'it answered 503' }],
  ])('%d', async (status, is) => {
    expect(await attempt(`/${status}`)).toEqual(is);
  });

  test('follows no redirect, and gives up when it is to', async () => {
    expect(asked).toContain('/302 x');
    expect(asked.filter((each) => each.startsWith('/lured'))).toEqual([]);
    const stop = new AbortController();
    const silent = attempt('/silent', stop.signal);
    stop.abort();
    expect(await silent).toEqual({ again: 'it did not answer in time' });
  });

  test('says why there is no answer', async () => {
    const none = httpTransport({ by: 'http', url: `http://127.0.0.1:${await freePort()}`, headers: {} });
    expect(await none.send(['a'], forever)).toEqual({ again: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('lines', () => {
  test('are appended to a file of the user, and a new one takes the place of an earlier run', async () => {
    const path = join(folder, 'lines');
    await writeFile(path, 'before\n');
    for (const how of ['appended', 'new', 'new'] as const) {
      const file = await fileTransport(path, how);
      await file.send(['a', 'b'], forever);
      expect(await file.close(forever)).toBeUndefined();
      expect(await readFile(path, 'utf8')).toBe(how === 'appended' ? 'before\na\nb\n' : 'a\nb\n');
    }
  });

  test('a file that nothing was written to is gone again', async () => {
    const empty = await fileTransport(join(folder, 'empty'), 'new');
    await empty.close(forever);
    expect(await readdir(folder)).not.toContain('empty');
  });

  test('a pipe whose reader is slow is not waited for, and gets whole lines, each once', async () => {
    const path = join(folder, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path]);
    const reader = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const pipe = await fileTransport(path, 'appended');
    const lines = Array.from({ length: 40 }, (_, at) => `${at} ${'x'.repeat(9000)}`);
    const taken: string[] = [];
    const refused: Attempt[] = [];
    let read = '';
    const drain = async (): Promise<void> => {
      const buffer = Buffer.alloc(1_000_000);
      const { bytesRead } = await reader.read(buffer).catch(() => ({ bytesRead: 0 }));
      read += buffer.toString('utf8', 0, bytesRead);
    };
    for (const line of lines) {
      const attempt = await pipe.send([line], forever);
      if (attempt === 'delivered') taken.push(line);
      else {
        refused.push(attempt);
        if (refused.length % 3 === 0) await drain();
      }
    }
    await drain();
    await pipe.close(forever);
    await drain();
    await reader.close();
    expect(refused.length).toBeGreaterThan(0);
    expect(refused).toEqual(refused.map(() => ({ again: 'its reader is slow' })));
    expect(read).toBe(taken.map((line) => `${line}\n`).join(''));
  });
});

test('datagrams arrive, and that none listens is seen', async () => {
  const socket = createSocket('udp4');
  const heard: string[] = [];
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const udp = await udpTransport({ by: 'udp', host: '127.0.0.1', port });
  const both = new Promise<void>((resolve) =>
    socket.on('message', (message) => heard.push(String(message)) === 2 && resolve()),
  );
  expect(await udp.send(['a', 'b'], forever)).toBe('delivered');
  await both;
  expect(heard).toEqual(['a', 'b']);
  socket.close();
  await once(socket, 'close');
  const attempts = [];
  for (let n = 0; n < 10; n += 1) {
    attempts.push(await udp.send(['c'], forever));
    await new Promise(setImmediate);
  }
  expect(attempts).toContainEqual({ refused: expect.stringContaining('ECONNREFUSED') });
  await udp.close(forever);
});

describe('a page', () => {
  const at = async () => {
    const port = await freePort();
    const page = await scrapeTransport({ by: 'scrape', host: '127.0.0.1', port, type: 'text/plain' });
    const get = async (path: string) => await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    return { page, get };
  };

  test('is the latest, and who has scraped before gets the last one too', async () => {
    const { page, get } = await at();
    await page.send(['first'], forever);
    await page.send(['second'], forever);
    expect(await get('/metrics')).toBe('second');
    expect(await get('/')).toBe('');
    await page.send(['last'], forever);
    const closing = page.close(forever);
    expect(await get('/metrics')).toBe('last');
    expect(await closing).toBeUndefined();
  });

  test('is not waited for longer than it may be', async () => {
    const { page, get } = await at();
    await page.send(['first'], forever);
    await get('/metrics');
    await page.send(['last'], forever);
    expect(await page.close(AbortSignal.abort())).toBe('was not scraped after its last second');
    const other = await at();
    await other.page.send(['first'], forever);
    expect(await other.page.close(forever)).toBe('was never scraped');
  });
});

test('what can not be opened is E-OUTPUT, and what was opened before it is closed again', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const chosen = ['ndjson', `prometheus=:${port}`].map((text) =>
    chooseOutput(text, { env: {}, pathOf: (path) => path }),
  );
  const own = await mkdtemp(join(folder, 'run-'));
  const refused = RunOutputs.open(chosen, own);
  await expect(refused).rejects.toMatchObject({ code: 'E-OUTPUT' });
  await expect(refused).rejects.toThrow(/^The output prometheus \(http:.*\) can't be opened: .*EADDRINUSE/);
  expect(await readdir(own)).toEqual([]);
  taken.close();
});
