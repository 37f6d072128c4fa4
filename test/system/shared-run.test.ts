import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { exitCodeOfVerdict } from '../../bin/terminal.ts';
import { exitCodes } from '../../lib/errors.ts';
import { openEntries } from '../../lib/measure/ledger.ts';
import type { Summary } from '../../lib/report/summary.ts';
import { runOf } from '../../lib/run/archive/run-record.ts';
import { CommandLine, Workplace, type Ended } from './command-line.ts';

/** Commands as the pods of an Indexed Job run them, with the environment that Kubernetes would set. */
const WORKERS = 2;

let server: Server;
let place: Workplace;
let heard = 0;
/** Requests of what is sent once, and how often the load came with another token than that of the login. */
let sentOnce: string[] = [];
let strangers = 0;
const workers: CommandLine[] = [];
let waiting: { readonly until: number; readonly resolve: () => void }[] = [];

/** Resolves when the target has had so many requests. */
async function heardOf(until: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.push({ until, resolve });
  await promise;
}

beforeAll(async () => {
  place = await Workplace.make();
  server = createServer(({ method = '', url = '', headers }, reply) => {
    if (url.startsWith('/once')) {
      sentOnce.push(`${method} ${url}`);
      return void reply.end('{"token":"t-8214565720323784705"}');
    }
    if (url === '/loaded' && headers.authorization !== 'Bearer t-8214565720323784705') strangers += 1;
    heard += 1;
    for (const each of waiting) if (heard >= each.until) each.resolve();
    reply.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  for (const each of workers) each.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  await place[Symbol.asyncDispose]();
});

const target = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function worker(index: number, execution: string, plan: string): CommandLine {
  const env = {
    JOB_COMPLETION_INDEX: String(index),
    PLIMSOLL_WORKERS: String(WORKERS),
    PLIMSOLL_STORE: pathToFileURL(join(place.path, 'store')).href,
    PLIMSOLL_EXECUTION: execution,
    PLIMSOLL_ENVIRONMENT: 'staging',
  };
  const started = new CommandLine(['worker', plan, '--target', target()], { env });
  workers.push(started);
  return started;
}

const ended = async (all: readonly CommandLine[]): Promise<Ended[]> => await Promise.all(all.map((each) => each.ended));

async function summaryOf(execution: string): Promise<Summary> {
  const id = await runOf(new FolderStore(join(place.path, 'store')), execution);
  return await place.summary(`store/runs/${id}`);
}

const openIn = ({ phases }: Summary): string[] => phases.flatMap((each) => openEntries(each.arrivals, each.ledger));

test('workers that meet in a store make one run; one that is killed is reported, and started anew it goes on', async () => {
  const path = await place.write(
    'plan.yaml',
    `name: shared
scenarios: [{ name: one, steps: [{ get: / }] }]
phases:
  - { name: second lost, kind: stress, duration: 2s, open: { rate: 40 } }
  - { name: first lost, kind: stress, duration: 2s, open: { rate: 40 } }
  - { name: none lost, kind: sustained, duration: 1s, open: { rate: 41 } }
`,
  );
  const firsts = [worker(0, 'job-1', path)];
  const seconds = [worker(1, 'job-1', path)];
  await heardOf(3);
  seconds[0]?.kill('SIGKILL');
  await seconds[0]?.ended;
  seconds.push(worker(1, 'job-1', path));
  await firsts[0]?.said('\nsecond lost: ');
  await heardOf(heard + 3);
  firsts[0]?.kill('SIGKILL');
  await firsts[0]?.ended;
  firsts.push(worker(0, 'job-1', path));
  const [zero, one] = await ended([...firsts.slice(1), ...seconds.slice(1)]);
  expect([zero?.code, one?.code]).toEqual([expect.any(Number), exitCodes.passed]);

  const summary = await summaryOf('job-1');
  expect(openIn(summary)).toEqual([]);
  expect(summary.phases.map(({ name, arrivals }) => [name, arrivals.due])).toEqual([
    ['second lost', 80],
    ['first lost', 80],
    ['none lost', 41],
  ]);
  // What else this machine does may make others void, too.
  expect([0, 1].map((phase) => summary.phases[phase]?.validity.verdict)).toEqual(['void', 'void']);
  expect(summary.phases.map(({ validity }) => validity.reasons.join().match(/worker \d: .* had/)?.[0])).toEqual([
    'worker 1: its task began after the phase had',
    'worker 0: its task began after the phase had',
    undefined,
  ]);
  expect(summary.phases[2]?.ledger.ok).toBe(41);
  expect(workers.filter(({ leavesOrphans }) => leavesOrphans)).toEqual([]);

  // A pod that is started once more, when all is over, says the same.
  const late = await worker(0, 'job-1', path).ended;
  expect({ code: late.code, out: late.out }).toEqual({
    code: exitCodeOfVerdict[summary.verdict],
    out: zero?.out,
  });
  expect(late.code).toBe(zero?.code);
});

test('what a run sends once is sent once, whoever is killed; a stopped worker 0 still sends the teardown, and ends the run', async () => {
  const path = await place.write(
    'once.yaml',
    `name: once
setup: [{ post: /once/login, capture: { token: $.token } }]
checks: [{ get: /once/invariants }]
teardown: [{ delete: "/once/{{ token }}" }]
scenarios: [{ name: one, steps: [{ get: /loaded, headers: { authorization: "Bearer {{ token }}" } }] }]
phases:
  - { name: first lost, kind: stress, duration: 1500ms, open: { rate: 40 } }
  - { name: stopped, kind: sustained, duration: 60s, open: { rate: 40 } }
`,
  );
  const killed = worker(0, 'job-2', path);
  const other = worker(1, 'job-2', path);
  await heardOf(heard + 3);
  killed.kill('SIGKILL');
  await killed.ended;
  expect(sentOnce).toEqual(['POST /once/login']);
  const anew = worker(0, 'job-2', path);
  await anew.said('\nfirst lost: ');
  await heardOf(heard + 3);
  // A Job that is deleted: all of its pods have SIGTERM.
  for (const each of [anew, other]) each.kill('SIGTERM');
  const [zero, one] = await ended([anew, other]);
  expect([zero?.code, one?.code]).toEqual([exitCodes.interrupted, exitCodes.interrupted]);
  const all = ['POST /once/login', 'GET /once/invariants', 'DELETE /once/t-8214565720323784705'];
  expect([sentOnce, strangers]).toEqual([all, 0]);

  // Started anew after all, it loads nothing of what was torn down, sends nothing twice, and reports.
  const before = heard;
  expect((await worker(0, 'job-2', path).ended).code).toBe(exitCodes.cloudFailed);
  expect([sentOnce, heard]).toEqual([all, before]);
  const summary = await summaryOf('job-2');
  expect([summary.partial, openIn(summary)]).toEqual([true, []]);
  const sent = { sent: 1, ok: 1 };
  expect(summary.teardown?.steps).toMatchObject({ 'DELETE /once/{{ token }}': sent });
  expect(summary.setup?.steps).toMatchObject({ 'POST /once/login': sent });
});
