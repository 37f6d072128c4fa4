import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PutWhen } from '../../../lib/run/archive/store.ts';
import { runTask } from '../../../loadgen/task/task.ts';
import { PrecisionTimer } from '../../../loadgen/thread/precision-timer.ts';
import { MemoryStore } from '../../lib/run/archive/memory-store.ts';
import { PreparedRun } from '../../system/task-process.ts';

let server: Server;
beforeAll(async () => {
  server = createServer((_, reply) => reply.end('ok'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Takes its time with intervals, and notes what it has. */
class SlowStore extends MemoryStore {
  readonly has: string[] = [];
  override async put(key: string, body: string | Uint8Array, when?: PutWhen): Promise<boolean> {
    if (key.includes('/intervals/')) await sleep(100);
    const isPut = await super.put(key, body, when);
    if (isPut) this.has.push(key);
    return isPut;
  }
}

async function runIn(store: SlowStore): Promise<{ run: PreparedRun; lines: string[] }> {
  const run = new PreparedRun('', store, '');
  await run.prepare(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    scenarios: [{ name: 'one', steps: [{ get: '/' }] }],
    phases: [{ name: 'p', kind: 'sustained', duration: '300ms', closed: { users: 1 } }],
  });
  const lines: string[] = [];
  const door = { store, timer: new PrecisionTimer(), signal: new AbortController().signal, warn: () => undefined };
  const share = { index: 0, of: 1 };
  const input = { storeAddress: '', runId: run.id, phase: 0, share, environment: 'test', barrierSeconds: 30 };
  expect(await runTask(input, { ...door, publish: (line) => void lines.push(line) })).toBe('done');
  return { run, lines };
}

test('its last word follows its last second into the store: who reads it finds all of them', async () => {
  const store = new SlowStore();
  const { run, lines } = await runIn(store);
  expect(await run.intervals(0)).toHaveLength(lines.length);
  expect(store.has.slice(-2)).toEqual([run.keys.intervals(0, 0), run.keys.end(0)]);
  expect(await run.end(0)).toEqual({});
});

test('the first word stands: why a worker was lost is not hidden by the one that came after it', async () => {
  const store = new SlowStore();
  const { end } = new PreparedRun('', store, '').keys;
  await store.put(end(0), '{"lost":"it was stopped"}');
  const { run } = await runIn(store);
  expect(await run.end(0)).toEqual({ lost: 'it was stopped' });
});
