import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Sampler, type SignalSource } from '../../../../lib/adapters/node/sampler.ts';
import { metricsSource } from '../../../../lib/adapters/node/sources.ts';
import { type TaskAddress, WatchedTasks } from '../../../../lib/adapters/node/task-sources.ts';
import { FleetSeries } from '../../../../lib/signals/series/fleet-series.ts';
import { gauge } from '../../../../lib/signals/scrape.ts';
import type { Signal } from '../../../../lib/signals/signal.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) end(server);
});

function end(server: Server): void {
  server.closeAllConnections();
  server.close();
}

/** As many waiting as the last number of its host, each on the same port, as tasks of one service are. */
async function serviceAt(hosts: readonly string[]): Promise<number> {
  let port = 0;
  for (const host of hosts) {
    const server = createServer((_, reply) => reply.end(`waiting ${host.at(-1)}\n`)).listen(port, host);
    servers.push(server);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }
  return port;
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(5);
};

const signal = (id: string, ofTasks?: 'worst'): Signal => ({
  id,
  title: id,
  unit: 'count',
  kind: 'traffic',
  read: gauge('waiting'),
  ...(ofTasks && { ofTasks }),
});

test('of three tasks one dies: the sum is that of three, then none, then that of two, and never another', async () => {
  const hosts = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
  const port = await serviceAt(hosts);
  const tasks = new WatchedTasks({
    list: async () => hosts.map((host) => ({ task: host, host })),
    sourceOf: (host) => metricsSource(new URL(`http://${host}:${port}/metrics`)),
  });
  const fleet = new FleetSeries([signal('sum'), signal('worst', 'worst')], Date.now());
  const sampler = new Sampler({ sources: [], tasks }, fleet, 10);
  const read = (id: string): number[] =>
    fleet
      .series()
      .find((each) => each.id === id)
      ?.points.map(([, value]) => value) ?? [];
  await tasks.look();
  sampler.start();
  await until(() => read('sum').length > 0);
  const [, , third] = servers;
  if (third !== undefined) end(third);
  await until(() => fleet.coverage.incomplete > 0);
  hosts.pop();
  await tasks.look();
  await until(() => read('sum').includes(3));
  await sampler.stop();
  // 1 + 2 + 3, then 1 + 2.
  expect(new Set(read('sum'))).toEqual(new Set([6, 3]));
  expect(read('sum')).toEqual(read('sum').toSorted((a, b) => b - a));
  expect(new Set(read('worst'))).toEqual(new Set([3, 2]));
});

describe('the tasks of a service', () => {
  const closed: string[] = [];
  const sourceOf = (host: string): SignalSource => ({
    read: async () => new Map(),
    close: async () => void closed.push(host),
  });
  const at = (...hosts: string[]): TaskAddress[] => hosts.map((host) => ({ task: `arn:${host}`, host }));

  test('are looked for every ten seconds; those that stay are read on, those that went are let go', async () => {
    const found = [at('a', 'b'), at('b', 'c')];
    let nowMs = 0;
    let looks = 0;
    const tasks = new WatchedTasks({ list: async () => found[looks++] ?? [], sourceOf, nowMs: () => nowMs });
    await tasks.look();
    const before = tasks.current().get('arn:b');
    nowMs = 9999;
    expect([...tasks.current().keys()]).toEqual(['arn:a', 'arn:b']);
    expect(looks).toBe(1);
    nowMs = 10_000;
    tasks.current();
    await sleep(1);
    expect([...tasks.current().keys()]).toEqual(['arn:b', 'arn:c']);
    expect([looks, tasks.current().get('arn:b')]).toEqual([2, before]);
    expect(closed).toEqual(['a']);
    await tasks.close();
    expect(closed).toEqual(['a', 'b', 'c']);
  });

  test('that can’t be looked for are read on as they were, and why is known', async () => {
    const answers = [async () => at('a'), () => Promise.reject(new Error('throttled')), async () => at('a')];
    let looks = 0;
    const tasks = new WatchedTasks({ list: async () => (await answers[looks++]?.()) ?? [], sourceOf });
    await tasks.look();
    await tasks.look();
    expect([[...tasks.current().keys()], tasks.failure]).toEqual([['arn:a'], new Error('throttled')]);
    await tasks.look();
    expect(tasks.failure).toBeUndefined();
  });
});
