import { once } from 'node:events';
import { createServer as createPlain, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sumUs } from '../../../lib/measure/histogram.ts';
import type { StepRecord } from '../../../lib/measure/interval.ts';
import { emptyTransfers, partNames, partsOf, type PartName } from '../../../lib/measure/transfer.ts';
import type { HttpInput } from '../../../lib/plan/steps/schemas/request.ts';
import { selfSigned } from '../../system/honesty/certificates.ts';
import { recordOfJourney, senders } from './exchange.ts';

const { key, cert } = selfSigned({ host: 'localhost', fromDays: -1, untilDays: 1 });

/** ms that a server takes over a handshake, the head of a reply, and what comes behind its beginning. */
const SLOW = 40;

type Said = Pick<ServerResponse, 'writeHead' | 'write' | 'end'>;

async function answer(path: string, reply: Said): Promise<void> {
  if (path === '/never') return;
  if (path === '/late') await sleep(SLOW);
  reply.writeHead(200, { 'content-type': 'text/plain' });
  if (path === '/slow-body') {
    reply.write('begins');
    await sleep(SLOW);
  }
  reply.end('x'.repeat(5000));
}

/** Counts what passes over its connections, before TLS. */
class CountingServer {
  readonly #sockets: Socket[] = [];
  readonly #server: Server;

  /** `shakes`: whether a handshake comes to an end. */
  constructor(secure: boolean, shakes = true) {
    const slowly = (_: string, done: (error: Error | null, context: ReturnType<typeof createSecureContext>) => void) =>
      shakes && setTimeout(() => done(null, createSecureContext({ key, cert })), SLOW);
    this.#server = secure
      ? createSecureServer({ key, cert, allowHTTP1: true, SNICallback: slowly }, (request, reply) => {
          request.resume();
          void answer(request.url, reply as unknown as Said);
        })
      : createPlain((request, reply) => {
          request.resume();
          void answer(request.url ?? '', reply);
        });
    this.#server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => this.#sockets.push(socket));
  }

  async listen(): Promise<number> {
    await once(this.#server.listen(0, 'localhost'), 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#sockets.length;
  }

  /** Once its connections are gone. */
  async counted(): Promise<{ bytesSent: number; bytesReceived: number }> {
    for (const socket of this.#sockets) if (!socket.closed) await once(socket, 'close');
    const sum = (read: (socket: Socket) => number): number => this.#sockets.reduce((all, each) => all + read(each), 0);
    return { bytesSent: sum((socket) => socket.bytesRead), bytesReceived: sum((socket) => socket.bytesWritten) };
  }

  close(): void {
    this.#server.close();
  }
}

let server: CountingServer;
afterEach(() => server.close());

async function journey(
  [secure, http2]: readonly [secure: boolean, http2: boolean],
  steps: HttpInput[],
  plan: { timeout?: string } = {},
  shakes = true,
): Promise<StepRecord> {
  server = new CountingServer(secure, shakes);
  const target = `${secure ? 'https' : 'http'}://localhost:${await server.listen()}`;
  return await recordOfJourney({ target, plan: { http2, ...plan }, steps, ca: cert });
}

/** How many, and how long together. */
const told = (record: StepRecord, name: PartName) => {
  const part = partsOf(record)[name];
  return { count: part.totalCount, ms: sumUs(part) / 1000 };
};

/** Each recorded value is off by a thousandth of itself at most, or by a µs. */
function expectWhole(record: StepRecord): void {
  const whole = sumUs(record.serviceTime);
  const parts = partNames.reduce((sum, name) => sum + sumUs(partsOf(record)[name]), 0);
  const cells = 5 * record.serviceTime.totalCount;
  expect(Math.abs(parts - whole)).toBeLessThanOrEqual(0.002 * whole + cells);
}

const STEPS: HttpInput[] = [
  { get: '/late' },
  { post: '/late', body: 'y'.repeat(100_000) },
  { get: '/slow-body', expect: { body: { contains: 'begins' } } },
  { get: '/slow-body' },
];

describe.each([
  ['HTTP/1.1', false, false],
  ['HTTP/1.1 under TLS', true, false],
  ['HTTP/1.1 by undici', false, true],
  ['HTTP/2', true, true],
])('%s', (_, secure, http2) => {
  test('the wait stands in its part, and the parts are the whole', async () => {
    const record = await journey([secure, http2], STEPS);
    expect(record.ledger).toMatchObject({ sent: 4, ok: 4 });
    expect(record.transfers).toMatchObject({ opened: 1, reused: 3 });
    expectWhole(record);
    expect(told(record, 'lookup').count).toBe(1);
    expect(told(record, 'connect').count).toBe(1);
    expect(told(record, 'tls').count).toBe(secure ? 1 : 0);
    expect(told(record, 'tls').ms).toBeGreaterThanOrEqual(secure ? SLOW - 1 : 0);
    // Of four waits two are long, of four bodies the other two.
    for (const name of ['firstByte', 'body'] as const) {
      expect(told(record, name).count).toBe(4);
      expect(told(record, name).ms).toBeGreaterThanOrEqual(2 * SLOW - 2);
    }
  });

  test("bytes are the server's", async () => {
    const { transfers } = await journey([secure, http2], STEPS);
    const { bytesSent, bytesReceived } = await server.counted();
    expect(transfers.bytesSent).toBeGreaterThan(100_000);
    expect(transfers.bytesReceived).toBeGreaterThan(20_000);
    // Where a connection of HTTP/2 ends, frames that belong to no request pass: 100 bytes at the most.
    expect(bytesSent - transfers.bytesSent).toBeLessThanOrEqual(http2 && secure ? 100 : 0);
    expect(Math.abs(bytesReceived - transfers.bytesReceived)).toBeLessThanOrEqual(http2 && secure ? 100 : 0);
  });

  test('a request that comes to no end ends in the part that it was in', async () => {
    const record = await journey([secure, http2], [{ get: '/', timeout: '5s' }, { get: '/never' }], {
      timeout: '300ms',
    });
    expect(record.ledger).toMatchObject({ ok: 1, timedOut: 1 });
    expect(record.transfers).toMatchObject({ opened: 1, reused: 1 });
    expectWhole(record);
    expect(told(record, 'firstByte')).toMatchObject({ count: 2 });
    expect(told(record, 'firstByte').ms).toBeGreaterThanOrEqual(299);
  });

  test('in a handshake without an end nothing was sent', async () => {
    if (!secure) return;
    const record = await journey([secure, http2], [{ get: '/' }], { timeout: '250ms' }, false);
    expect(record.ledger).toMatchObject({ timedOut: 1 });
    expect(record.transfers).toEqual({ bytesSent: 0, bytesReceived: 0, opened: 1, reused: 0 });
    expect(told(record, 'firstByte').count).toBe(0);
    expect(told(record, 'tls').count).toBe(1);
    expectWhole(record);
  });
});

test.each(senders)('%s: where nothing listens, the time is that of connecting', async (_, http2) => {
  const record = await recordOfJourney({ target: 'http://127.0.0.1:1', plan: { http2 }, steps: [{ get: '/' }] });
  expect(record.ledger.failures).toEqual({ refused: 1 });
  expect(record.transfers).toEqual({ bytesSent: 0, bytesReceived: 0, opened: 1, reused: 0 });
  expect(partNames.map((name) => told(record, name).count)).toEqual([0, 1, 0, 0, 0]);
});

test('a request that can not be made went nowhere, and its time has no parts', async () => {
  server = new CountingServer(false);
  const target = `http://localhost:${await server.listen()}`;
  const steps: HttpInput[] = [{ get: '/', headers: { 'x-id': '{{ id }}' } }];
  const record = await recordOfJourney({ target, plan: { variables: { id: 'a\u0001b' } }, steps });
  expect(record.ledger.failures).toEqual({ request: 1 });
  expect(record.transfers).toEqual(emptyTransfers());
  expect(partNames.map((name) => told(record, name).count)).toEqual([0, 0, 0, 0, 0]);
});
