/** A load balancer for several nodes on loopback, request by request in turn: `node target/levels/balancer.ts PORT…`; prints {"port":N}. */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onParentGone } from '../lifeline.ts';

const ports = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
let turn = 0;

function pass(client: IncomingMessage, reply: ServerResponse): void {
  turn = (turn + 1) % ports.length;
  const { method, url: path, headers } = client;
  const upstream = request({ host: '127.0.0.1', port: ports[turn], method, path, headers, agent }, (answer) => {
    reply.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(reply);
  });
  upstream.on('error', () => (reply.headersSent ? reply.destroy() : reply.writeHead(502).end()));
  client.pipe(upstream);
  reply.on('close', () => upstream.destroy());
}

const server = createServer({ keepAliveTimeout: 65_000 }, pass);
const stop = (): void => {
  agent.destroy();
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
onParentGone(stop);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
