import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One task of the scaling demonstration, as a process of its own: `node task.ts <slots> <service ms> <start-up ms> <patience ms>`.
 * Its limit is artificial, since processes that compute share this machine's cores and do not scale: so many slots, each of
 * which a request holds for the service time; one that would wait longer than the patience is turned away. It prints its port.
 */
const [slots = 1, serviceMs = 10, startUpMs = 0, patienceMs = 500] = process.argv.slice(2).map(Number);
const freeAtMs = Array.from({ length: slots }, () => 0);

await sleep(startUpMs);
const server = createServer((_, reply) => {
  const nowMs = performance.now();
  const slot = freeAtMs.indexOf(Math.min(...freeAtMs));
  const beginMs = Math.max(nowMs, freeAtMs[slot] ?? 0);
  if (beginMs - nowMs > patienceMs) {
    reply.writeHead(503).end();
    return;
  }
  // In the time that it should be, so that what a timer is late is not handed on to the next request.
  freeAtMs[slot] = beginMs + serviceMs;
  setTimeout(() => reply.end('ok'), beginMs + serviceMs - nowMs);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
// A task does not outlive the demonstration that started it; one that is to go answers what it has, as behind a balancer that drains it.
process.stdin.resume().on('end', () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(0), patienceMs + serviceMs).unref();
});
