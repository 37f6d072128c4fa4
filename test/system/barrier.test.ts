import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { taskExits } from '../../loadgen/task/exits.ts';
import { runKeys } from '../../lib/run/archive/keys.ts';
import { PreparedRun, type TaskEnd, TaskProcess } from './task-process.ts';

const parent = mkdtempSync(join(tmpdir(), 'plimsoll-meeting-'));

let server: Server;
/** When the target first heard of each user. */
let firstHeard = new Map<string, number>();
let heard = Promise.withResolvers<void>();

beforeAll(async () => {
  server = createServer((request, reply) => {
    const path = request.url ?? '';
    if (!firstHeard.has(path)) firstHeard.set(path, Date.now());
    heard.resolve();
    reply.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(parent, { recursive: true, force: true });
});

/** A phase for three users, so that each of three workers has one. */
async function prepared(duration: string): Promise<PreparedRun> {
  firstHeard = new Map();
  heard = Promise.withResolvers();
  const run = new PreparedRun(mkdtempSync(join(parent, 'run-')));
  await run.prepare(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    scenarios: [{ name: 'one', steps: [{ get: '/{{ $user }}' }, { pause: '50ms' }] }],
    phases: [{ name: 'p', kind: 'sustained', duration, closed: { users: 3 } }],
  });
  return run;
}

const tasks = (run: PreparedRun, workers: readonly number[], of: number, barrierSeconds: number): TaskProcess[] =>
  workers.map((index) => new TaskProcess(run.environment({ index, of }, barrierSeconds)));

const endsOf = async (all: readonly TaskProcess[]): Promise<TaskEnd[]> =>
  await Promise.all(all.map(({ ended }) => ended));

const codesOf = async (all: readonly TaskProcess[]): Promise<(number | null)[]> =>
  (await endsOf(all)).map(({ code }) => code);

/** How long after the agreed moment the target heard of each worker's user. */
async function delaysMs(): Promise<number[]> {
  const run = await prepared('300ms');
  expect(await codesOf(tasks(run, [0, 1, 2], 3, 30))).toEqual([0, 0, 0]);
  const startAtMs = (await run.startAtMs()) ?? Number.NaN;
  return ['/0', '/1', '/2'].map((user) => (firstHeard.get(user) ?? Number.NaN) - startAtMs);
}

describe('workers in processes of their own, with nobody to lead them', () => {
  test('three start within 50 ms of the moment they agreed on, and none before it', async () => {
    const rounds = [await delaysMs()];
    // What else runs on this machine may delay a round; what they agree on can't be better than it is.
    while (Math.max(...(rounds.at(-1) ?? [])) >= 50 && rounds.length < 4) rounds.push(await delaysMs());
    expect(Math.min(...rounds.flat())).toBeGreaterThanOrEqual(0);
    expect(Math.min(...rounds.map((delays) => Math.max(...delays)))).toBeLessThan(50);
  });

  test('one is missing: nobody starts, each says who, and one that comes later knows at once', async () => {
    const run = await prepared('300ms');
    // Long enough for the two to be ready within it on a busy machine.
    const ends = await endsOf(tasks(run, [0, 2], 3, 6));
    const [late] = await endsOf(tasks(run, [1], 3, 600));
    for (const { code, stderr } of [...ends, late ?? { code: null, stderr: '' }]) {
      expect(code).toBe(taskExits.notStarted.code);
      expect(stderr).toBe(`worker 1 not ready after 6 s\nnotStarted: ${taskExits.notStarted.means}\n`);
    }
    expect(firstHeard.size).toBe(0);
    expect([await run.startAtMs(), await run.end(0), await run.intervals(0)]).toEqual([undefined, undefined, []]);
  });

  test('one dies before it is ready, and its second try comes while the others wait: all start', async () => {
    const run = await prepared('300ms');
    const { PLIMSOLL_RUN: _, ...wrong } = run.environment({ index: 1, of: 3 });
    expect((await new TaskProcess(wrong).ended).code).toBe(taskExits.inputInvalid.code);
    const waiting = tasks(run, [0, 2], 3, 30);
    while ((await run.store.get(run.keys.ready(0))) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await codesOf([...waiting, ...tasks(run, [1], 3, 30)])).toEqual([0, 0, 0]);
    expect(firstHeard.size).toBe(3);
  });

  test('a worker that is killed leaves what it has stored; its retry is too late, and says so', async () => {
    const run = await prepared('1h');
    const [one] = tasks(run, [0], 1, 30);
    await heard.promise;
    one?.kill('SIGKILL');
    expect((await one?.ended)?.code).toBeNull();
    const before = await run.intervals(0);
    firstHeard.clear();
    const [late] = await endsOf(tasks(run, [0], 1, 30));
    expect(late).toMatchObject({ code: taskExits.tooLate.code, stderr: expect.stringMatching(/^tooLate: /) });
    expect(firstHeard.size).toBe(0);
    expect(await run.intervals(0)).toEqual(before);
    expect(await run.end(0)).toEqual({ lost: 'its task began after the phase had' });
  });

  test('SIGTERM while waiting ends the wait, and the others do not start', async () => {
    const run = await prepared('300ms');
    const [one, two] = tasks(run, [0, 1], 3, 600);
    while ((await run.store.get(run.keys.ready(0))) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
    one?.kill('SIGTERM');
    expect((await one?.ended)?.code).toBe(taskExits.stopped.code);
    expect(await two?.ended).toMatchObject({
      code: taskExits.notStarted.code,
      stderr: expect.stringContaining('worker 0 was stopped while it waited'),
    });
    expect(firstHeard.size).toBe(0);
  });
});

describe('an order that can not be done', () => {
  test('variables that are missing or wrong are named', async () => {
    const run = await prepared('300ms');
    const { PLIMSOLL_RUN: _, ...environment } = run.environment({ index: 3, of: 3 });
    const { code, stderr } = await new TaskProcess({ ...environment, PLIMSOLL_PHASE: 'one' }).ended;
    expect(code).toBe(taskExits.inputInvalid.code);
    expect(stderr).toMatch(/^PLIMSOLL_RUN: /m);
    expect(stderr).toMatch(/^PLIMSOLL_PHASE: /m);
    expect(stderr).toContain('PLIMSOLL_WORKER: is no share: the first number must be less than the second');
    expect(stderr).not.toContain('    at ');
  });

  test('a run or a phase that is not there', async () => {
    const run = await prepared('300ms');
    const environment = run.environment({ index: 0, of: 1 });
    const [noRun, noPhase] = await endsOf([
      new TaskProcess({ ...environment, PLIMSOLL_RUN: 'other' }),
      new TaskProcess({ ...environment, PLIMSOLL_PHASE: '7' }),
    ]);
    expect([noRun?.code, noPhase?.code]).toEqual([taskExits.inputInvalid.code, taskExits.inputInvalid.code]);
    expect(noRun?.stderr).toContain('the store has no run other');
    expect(noPhase?.stderr).toContain('has no phase 7');
  });

  test('a store that can not be used', async () => {
    const run = await prepared('300ms');
    const environment = { ...run.environment({ index: 0, of: 1 }), PLIMSOLL_STORE: 'ftp://somewhere' };
    const { code, stderr } = await new TaskProcess(environment).ended;
    expect(code).toBe(taskExits.storeFailed.code);
    expect(stderr).toContain('E-STORE "ftp://somewhere" is no store');
  });
});

test('a task of a run that was ended does not begin', async () => {
  const run = await prepared('5s');
  await run.store.put(runKeys(run.id).ended, '{}');
  expect(await codesOf(tasks(run, [0], 1, 30))).toEqual([taskExits.stopped.code]);
  expect(firstHeard.size).toBe(0);
});
