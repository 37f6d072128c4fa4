import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server of known capacity, run as a process of its own: `node queue-server.ts <kind> <per second>`. One request at a time, in
 * the order in which they came; each takes as long as the last, or (`random`) an exponential time. It prints its port.
 */
const [, , kind = 'steady', perSecond = '100'] = process.argv;
const meanMs = 1000 / Number(perSecond);
let freeAtMs = 0;

const server = createServer((_, reply) => {
  const nowMs = performance.now();
  const serviceMs = kind === 'random' ? -Math.log1p(-Math.random()) * meanMs : meanMs;
  // In the time that it should be, so that what a timer is late is not handed on to the next request.
  freeAtMs = Math.max(nowMs, freeAtMs) + serviceMs;
  setTimeout(() => reply.end('{"ok":true}'), freeAtMs - nowMs);
});

server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
