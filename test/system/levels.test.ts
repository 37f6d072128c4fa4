import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { callerOf } from './target-caller.ts';
import { startTarget } from './target-process.ts';

const token = 'x'.repeat(40);

test('two nodes of two workers share the calls out, and are reloaded under load without a failed request', async () => {
  const target = await startTarget({ PLIMSOLL_LAB: token, LAB_NODES: '2', LAB_WORKERS: '2' });
  try {
    const call = callerOf(target.ready.url);
    const seen: { pid: unknown; node: unknown; status: number }[] = [];
    const ask = async (): Promise<void> => {
      const { status, body } = await call('GET', '/api/health/worker');
      seen.push({ status, pid: body['pid'], node: body['node'] });
    };
    // At once, since a node's workers take connections in turn.
    for (let i = 0; i < 5; i += 1) await Promise.all(Array.from({ length: 8 }, ask));
    const nodes = Map.groupBy(seen, ({ node }) => String(node).slice(0, 'node-1'.length));
    expect([...nodes.values()].map(({ length }) => length)).toEqual([20, 20]);
    const before = new Set(seen.map(({ pid }) => pid));
    expect(before.size).toBe(4);
    // One call for each node: they take turns.
    for (let i = 0; i < 2; i += 1) expect((await call('POST', '/lab/reload', { token })).status).toBe(202);
    const deadline = Date.now() + 50_000;
    const latest = (): unknown[] => seen.slice(-40).map(({ pid }) => pid);
    while (latest().some((pid) => before.has(pid)) && Date.now() < deadline) {
      await Promise.all([ask(), ask(), ask(), ask()]);
      await pause(20);
    }
    expect(latest().filter((pid) => before.has(pid))).toEqual([]);
    expect(seen.filter(({ status }) => status !== 200)).toEqual([]);
  } finally {
    target.child.kill('SIGTERM');
    await once(target.child, 'exit');
  }
});
