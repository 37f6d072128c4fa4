import { once } from 'node:events';
import { type AddressInfo, connect, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCacheServer } from '../../../target/cache/server.ts';
import { Store } from '../../../target/cache/store.ts';

let server: Server;
let port: number;

beforeAll(async () => {
  server = createCacheServer(new Store(2 ** 20, Math.random)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.close();
  await once(server, 'close');
});

/** Sends text and gives what came back until the server, or this side, closed. */
async function exchange(text: string, close: boolean): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let reply = '';
  socket.on('data', (chunk) => (reply += chunk.toString('latin1')));
  if (close) socket.end(text, 'latin1');
  else socket.write(text, 'latin1');
  await once(socket, 'close');
  return reply;
}

test('answers HELLO 3 with NOPROTO, and HELLO 2 with who it is, which is not Redis', async () => {
  expect(await exchange('HELLO 3\r\n', true)).toBe('-NOPROTO unsupported protocol version\r\n');
  const self = await exchange('HELLO 2\r\n', true);
  expect(self).toContain('embedded-resp-cache');
  expect(await exchange('INFO\r\n', true)).not.toMatch(/redis/i);
});

test('CLIENT SETINFO, which came with Redis 7.2, takes a name and a value', async () => {
  expect(await exchange('CLIENT SETINFO LIB-NAME x\r\n', true)).toBe('+OK\r\n');
  expect(await exchange('CLIENT SETINFO LIB-NAME\r\n', true)).toMatch(/^-ERR wrong number/);
});

test('QUIT is answered, then the server closes, and nothing after it is run', async () => {
  expect(await exchange('QUIT\r\nPING\r\n', false)).toBe('+OK\r\n');
});

test('a breach of the protocol is answered after what came before, then the server closes', async () => {
  expect(await exchange('PING\r\n*1\r\n:9\r\n', false)).toBe("+PONG\r\n-ERR Protocol error: expected '$', got ':'\r\n");
});

test('a client cannot put line breaks into an error', async () => {
  const reply = await exchange('*1\r\n$7\r\nA\r\n+OKB\r\n', true);
  expect(reply).toMatch(/^-ERR unknown command '[^\r\n]*', with args beginning with: \r\n$/);
});

test('a client that does not read is not read from: its replies do not pile up', async () => {
  const value = 'x'.repeat(100_000);
  await exchange(`*3\r\n$3\r\nSET\r\n$1\r\na\r\n$${value.length}\r\n${value}\r\n`, true);
  const greedy = connect(port, '127.0.0.1').pause();
  await once(greedy, 'connect');
  // 14 kB of requests, which arrive as one chunk, for 200 MB of replies.
  const before = process.memoryUsage().arrayBuffers;
  greedy.write('GET a\r\n'.repeat(2_000));
  expect(await exchange('PING\r\n', true)).toBe('+PONG\r\n');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  let bytes = 0;
  greedy.on('data', (chunk) => (bytes += chunk.length));
  greedy.end('QUIT\r\n');
  greedy.resume();
  await once(greedy, 'close');
  expect(bytes).toBe(2_000 * (value.length + '$100000\r\n\r\n'.length) + '+OK\r\n'.length);
});
