import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FolderStore } from '../../../lib/adapters/node/folder-store.ts';
import { metricsSource } from '../../../lib/adapters/node/sources.ts';
import { WatchedTasks } from '../../../lib/adapters/node/task-sources.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { lineFilter } from '../../../lib/signals/selector.ts';
import { collect } from '../../../loadgen/collector/collector.ts';
import { createMetrics } from '../../../target/service/metrics.ts';

/**
 * The collector beside a service of so many tasks, each of which says what the built-in service says after some traffic; they are one
 * process of their own, whose CPU does not count. Prints what the collector's process took. Arguments: seconds, tasks.
 */
const [role = '', tasks = '20'] = process.argv.slice(2);
/** The first readings compile everything; a run of an hour pays for them once. */
const WARM_SECONDS = 10;

async function serve(count: number): Promise<void> {
  const metrics = createMetrics();
  metrics.observePool({ totalCount: 10, idleCount: 4, waitingCount: 1 }, 10);
  const routes = ['/api/jobs', '/api/jobs/:id', '/api/bids', '/api/payments', '/api/login', '/health'];
  for (const route of routes)
    for (const status of ['200', '201', '404'])
      metrics.httpRequestSeconds.observe({ method: 'GET', route, status }, 0.01);
  for (const outcome of ['ok', 'error', 'timeout']) metrics.downstreamSeconds.observe({ outcome }, 0.05);
  let port = 0;
  for (let n = 1; n <= count; n += 1) {
    const server = createServer((_, reply) => {
      metrics.poolWaitSeconds.observe(0.001);
      void metrics.registry.metrics().then((text) => reply.end(text));
    });
    await once(server.listen(port, `127.0.0.${n}`), 'listening');
    ({ port } = server.address() as AddressInfo);
  }
  process.send?.(port);
  process.once('disconnect', () => process.exit());
}

async function measure(seconds: number, count: number): Promise<void> {
  const service = fork(fileURLToPath(import.meta.url), ['serve', String(count)]);
  const [port] = (await once(service, 'message')) as [number];
  const hosts = Array.from({ length: count }, (_, n) => `127.0.0.${n + 1}`);
  const watched = new WatchedTasks({
    list: async () => hosts.map((host) => ({ task: `arn:aws:ecs:us-east-1:111122223333:task/shop/${host}`, host })),
    sourceOf: (host) => metricsSource(new URL(`http://${host}:${port}/metrics`), lineFilter()),
  });
  await watched.look();
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-collector-'));
  const plan = lowerPlan(
    { name: 'p', scenarios: [], phases: [{ name: 'p', kind: 'sustained', duration: '1h', closed: { users: 1 } }] },
    { feeders: [] },
  );
  const facts = {
    id: 'r',
    startedAt: new Date().toISOString(),
    environment: 'e',
    target: 'http://shop',
    execution: 'x',
  };
  const stopping = new AbortController();
  const warn = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  const ended = collect(
    { keys: runKeys('r'), plan, facts: { ...facts, planSha256: 'a', workers: 1 } },
    {
      store: new FolderStore(folder),
      sampled: { sources: [], tasks: watched },
      database: undefined,
      doubts: () => [],
      signal: stopping.signal,
      warn,
    },
  );
  await sleep(WARM_SECONDS * 1000);
  const [before, beganMs] = [process.cpuUsage(), performance.now()];
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  const took = (performance.now() - beganMs) / 1000;
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  stopping.abort();
  await ended;
  service.disconnect();
  rmSync(folder, { recursive: true, force: true });
  const { rss } = process.memoryUsage();
  const result = {
    coreShare: (user + system) / 1e6 / took,
    seconds: took,
    tasks: count,
    bytesPerReply: text.length,
    rssBytes: rss,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

await (role === 'serve' ? serve(Number(tasks)) : measure(Number(role), Number(tasks)));
