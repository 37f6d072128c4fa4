import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { taskExits } from '../../loadgen/task/exits.ts';
import { decodeInterval } from '../../lib/measure/codec.ts';
import { allSteps, merge } from '../../lib/measure/interval.ts';
import { openEntries } from '../../lib/measure/ledger.ts';
import type { PlanInput } from '../../lib/plan/schema.ts';
import { PreparedRun, TaskProcess } from './task-process.ts';

const parent = mkdtempSync(join(tmpdir(), 'plimsoll-workers-'));

let server: Server;
let target = '';
let seen: { readonly path: string; readonly atMs: number }[] = [];
let heard = Promise.withResolvers<void>();

beforeAll(async () => {
  server = createServer((request, reply) => {
    seen.push({ path: request.url ?? '', atMs: Date.now() });
    heard.resolve();
    reply.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(parent, { recursive: true, force: true });
});

async function prepared(phase: Omit<NonNullable<PlanInput['phases']>[number], 'name' | 'kind'>): Promise<PreparedRun> {
  const run = new PreparedRun(mkdtempSync(join(parent, 'run-')));
  seen = [];
  heard = Promise.withResolvers();
  await run.prepare(target, {
    scenarios: [{ name: 'one', steps: [{ get: '/{{ $user }}', name: 'one' }, { pause: '20ms' }] }],
    phases: [{ name: 'p', kind: 'sustained', ...phase }],
  });
  return run;
}

const task = (run: PreparedRun, index: number, of: number, barrierSeconds?: number): TaskProcess =>
  new TaskProcess(run.environment({ index, of }, barrierSeconds));

describe('workers in processes of their own', () => {
  test('each runs its exact share, and together they are the plan', async () => {
    const phase = { duration: '1s', open: { rate: 101, arrivals: 'poisson' } } as const;
    const [shared, alone] = [await prepared(phase), await prepared(phase)];
    const ends = await Promise.all([task(shared, 0, 2), task(shared, 1, 2), task(alone, 0, 1)].map((one) => one.ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    const ours = merge([...(await shared.intervals(0)), ...(await shared.intervals(1))].map(decodeInterval));
    const whole = merge((await alone.intervals(0)).map(decodeInterval));
    expect(openEntries(ours.arrivals, allSteps(ours).ledger)).toEqual([]);
    expect(ours.arrivals.due).toBe(whole.arrivals.due);
    expect(seen.length).toBe(allSteps(ours).ledger.sent + allSteps(whole).ledger.sent);
    // Arrival n is user n, so every user came twice: once by the two, once by the one that had it all.
    expect(seen.map(({ path }) => path).toSorted()).toEqual(
      Array.from({ length: whole.arrivals.due }, (_, n) => [`/${n}`, `/${n}`])
        .flat()
        .toSorted(),
    );
    expect([await shared.end(0), await shared.end(1)]).toEqual([{}, {}]);
  });

  test('SIGTERM ends the load in order: what was seen is stored, why it ended too, and the ledger closes', async () => {
    const run = await prepared({ duration: '1h', closed: { users: 3 } });
    const one = task(run, 0, 1);
    await heard.promise;
    one.kill('SIGTERM');
    const { code, stdout } = await one.ended;
    expect(code).toBe(taskExits.stopped.code);
    const intervals = await run.intervals(0);
    const told = merge(intervals.map(decodeInterval));
    expect(told.arrivals.completed + told.arrivals.cut).toBeGreaterThan(0);
    expect(openEntries(told.arrivals, allSteps(told).ledger)).toEqual([]);
    expect(stdout.trim().split('\n')).toHaveLength(intervals.length);
    expect(await run.end(0)).toEqual({
      lost: expect.stringMatching(/^it was stopped \d+\.\d s after the phase's start$/),
    });
  });
});
