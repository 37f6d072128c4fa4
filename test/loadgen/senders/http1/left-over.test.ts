import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Http1Sender } from '../../../../loadgen/senders/http1/sender.ts';
import { SHARED_POOL } from '../../../../loadgen/senders/sender.ts';

const BURST = 40;

test('connections left over from a burst are closed one by one, not one with each reply, until none is left', async () => {
  const open = new Set<Socket>();
  // It says that it keeps connections for 2 s, so the sender gives idle ones up after 1 s.
  const server = createServer({ keepAliveTimeout: 2000 }, (_, response) => response.end('ok'));
  // The server itself would end them only after ours did.
  server.keepAliveTimeoutBuffer = 60_000;
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const sender = new Http1Sender({ tls: { insecure: false }, sourceAddresses: [] });
  const get = async (): Promise<void> =>
    await new Promise((resolve, reject) => {
      const outgoing = {
        origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        path: '/',
        method: 'GET',
        headers: {},
        body: null,
        deadlineUs: 5e6,
        needs: { head: false, body: false, headers: false },
      };
      sender.send(outgoing, SHARED_POOL, (end) => ('reply' in end ? resolve() : reject(new Error(end.failure))));
    });
  try {
    await Promise.all(Array.from({ length: BURST }, get));
    expect(open.size).toBe(BURST);
    await pause(1050);
    const startedMs = performance.now();
    let replies = 0;
    // 2 ms a connection; the server hears of it a little later.
    while (open.size > 1 && replies < 100_000) {
      await get();
      replies += 1;
      expect(BURST - open.size).toBeLessThanOrEqual(2 + (performance.now() - startedMs) / 2);
    }
    expect(open.size).toBe(1);
    expect(replies).toBeGreaterThan(0);
  } finally {
    sender.close();
    server.close();
    server.closeAllConnections();
  }
});
