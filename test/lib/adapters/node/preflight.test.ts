import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readHealth } from '../../../../lib/adapters/node/preflight.ts';

let server: Server;
let origin = '';

beforeAll(async () => {
  server = createServer(({ url }, reply) => {
    if (url === '/long') return reply.end('x'.repeat(200_000));
    if (url === '/moved') return reply.writeHead(302, { location: 'http://192.0.2.1/' }).end();
    if (url === '/broken') return reply.destroy();
    if (url === '/silent') return;
    if (url === '/half') return reply.write('half');
    if (url === '/cut') {
      reply.writeHead(200, { 'content-length': '1000' });
      return reply.write('half', () => reply.destroy());
    }
    return reply.writeHead(503).end('{"database":"down"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const tookMs = expect.any(Number);

test('status, text, and how long it took', async () => {
  const startedMs = performance.now();
  const found = await readHealth(`${origin}/health`);
  expect(found).toEqual({ status: 503, tookMs, text: '{"database":"down"}' });
  expect(found.tookMs).toBeGreaterThan(0);
  expect(found.tookMs).toBeLessThanOrEqual(performance.now() - startedMs);
});

test('64 KiB of a long text', async () => {
  expect((await readHealth(`${origin}/long`)).text).toHaveLength(65_536);
});

test('goes nowhere else', async () => {
  expect(await readHealth(`${origin}/moved`)).toEqual({ status: 302, tookMs, text: '' });
});

test.each([
  ['a connection that breaks', () => `${origin}/broken`, /other side closed|ECONNRESET|socket hang up/],
  ['a reply that breaks off in the middle', () => `${origin}/cut`, /other side closed|ECONNRESET|terminated|aborted/],
  ['nobody who listens', () => 'http://127.0.0.1:1/', /ECONNREFUSED|bad port/],
  ['no address', () => 'nonsense', /URL/],
])('%s is told, not thrown', async (_, url, reason) => {
  expect(await readHealth(url())).toEqual({ status: 0, tookMs, text: expect.stringMatching(reason) });
});

test.each([
  ['never answers', '/silent'],
  ['stops in the middle', '/half'],
])('a page that %s is given up', async (_, path) => {
  const soon = AbortSignal.timeout(100);
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(soon);
  expect(await readHealth(`${origin}${path}`)).toEqual({ status: 0, tookMs, text: expect.stringMatching(/timeout/) });
  expect(timeout).toHaveBeenCalledWith(5000);
  timeout.mockRestore();
});
