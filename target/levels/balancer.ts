/**
 * A load balancer for several nodes on loopback, request by request in turn: `node target/levels/balancer.ts PORT…`; prints {"port":N}.
 * Switches of the lab go to the first node. `/metrics` is the nodes' own, added up, and each one's times as seen from here.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { onParentGone } from '../lifeline.ts';

const ports = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
let turn = 0;

const registry = new Registry();
const upstreamSeconds = new Histogram({
  name: 'balancer_upstream_response_time_seconds',
  help: 'Time until a node had answered',
  labelNames: ['upstream'],
  buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
  registers: [registry],
});

function pass(client: IncomingMessage, reply: ServerResponse): void {
  const { method, url: path = '/', headers } = client;
  const isSwitch = path.startsWith('/lab/faults');
  if (!isSwitch) turn = (turn + 1) % ports.length;
  const node = isSwitch ? 0 : turn;
  const ended = upstreamSeconds.startTimer({ upstream: `node-${node + 1}` });
  const upstream = request({ host: '127.0.0.1', port: ports[node], method, path, headers, agent }, (answer) => {
    reply.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(reply);
  });
  upstream.on('error', () => (reply.headersSent ? reply.destroy() : reply.writeHead(502).end()));
  client.pipe(upstream);
  reply.on('close', () => {
    ended();
    upstream.destroy();
  });
}

/** prom-client's own rules say which figures add up, which are averaged and which say nothing of several processes. */
async function metricsOfAll(): Promise<string> {
  const pages = await Promise.all(
    ports.map(async (port) => (await fetch(`http://127.0.0.1:${port}/lab/metrics`)).json() as Promise<object[]>),
  );
  return `${await AggregatorRegistry.aggregate(pages).metrics()}\n${await registry.metrics()}`;
}

function answerMetrics(reply: ServerResponse): void {
  metricsOfAll().then(
    (text) => reply.writeHead(200, { 'content-type': registry.contentType }).end(text),
    () => reply.writeHead(502).end(),
  );
}

const server = createServer({ keepAliveTimeout: 65_000 }, (client, reply) =>
  client.url === '/metrics' ? answerMetrics(reply) : pass(client, reply),
);
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
