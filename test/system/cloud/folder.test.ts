import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FolderStore } from '../../../lib/adapters/node/folder-store.ts';
import { exitCodeOfVerdict } from '../../../bin/terminal.ts';
import { exitCodes } from '../../../lib/errors.ts';
import type { Report } from '../../../lib/report/report.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { textAt } from '../../../lib/run/archive/store.ts';
import { CommandLine, type Ended, Workplace } from '../command-line.ts';
import { RunInStore } from './run-in-store.ts';

let place: Workplace;
let server: Server;
let target = '';
let bucket = '';
let store: FolderStore;

beforeAll(async () => {
  place = await Workplace.make();
  bucket = pathToFileURL(join(place.path, 'store')).href;
  await mkdir(join(place.path, 'store'));
  store = new FolderStore(join(place.path, 'store'));
  server = createServer((request, reply) => reply.writeHead(request.url === '/bad' ? 500 : 200).end('ok'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await place[Symbol.asyncDispose]();
});

const runCalled = (id: string): RunInStore => {
  const execution = `arn:aws:states:us-east-1:111122223333:execution:local:of-${id}`;
  return new RunInStore({ id, store, address: bucket, execution, target });
};
const command = (...args: readonly string[]): CommandLine => new CommandLine(['cloud', ...args, '--bucket', bucket]);
const cloud = (...args: readonly string[]): Promise<Ended> => command(...args).ended;
const scenarios = (path: string) => [{ name: 'one', steps: [{ get: path } as const] }];

test('a store without a run says so', async () => {
  expect(await cloud('list')).toEqual({ code: 0, out: '', err: 'There is no run yet.\n' });
  for (const name of ['watch', 'report']) {
    const { code, err } = await cloud(name);
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('E-CLOUD-RUN-MISSING: There is no run yet.');
  }
});

test.each([
  ['./results', '"./results" is no name of a bucket; a folder is written as file:///'],
  ['/results', '"/results" is no name of a bucket; a folder is written as file:///results.'],
  ['file:results', '"file:results" is no name of a bucket'],
  ['file:///nowhere/at/all', 'There is no folder /nowhere/at/all.'],
])('a folder that is written wrong, or is not there, has no runs: %s', async (wrong, says) => {
  const { code, err } = await new CommandLine(['cloud', 'list', '--bucket', wrong]).ended;
  expect(code).toBe(exitCodes.cloudFailed);
  expect(err).toContain(`E-STORE: ${says}`);
});

test('a run is watched to its verdict, listed and fetched', async () => {
  const run = runCalled('2026-01-01T00-00-00Z-good');
  const phases = [
    { name: 'first', kind: 'warm-up', duration: '12s', open: { rate: 20 } },
    { name: 'second', kind: 'sustained', duration: '1s', open: { rate: 10 } },
  ] as const;
  await run.prepare({ scenarios: scenarios('/'), phases: [...phases] });
  const watching = command('watch');
  await watching.said('first: waiting for its tasks, 1 of them …');
  const loading = run.load(0);
  // 20 arrivals a second, one request each; a line every five seconds, and chunks of as many.
  await watching.said(' of 12 s: offered 20/s, carried 20 req/s');
  expect((await cloud('list')).out).toContain('running  plan of 2026-01-01T00-00-00Z-good  ');
  expect(await loading).toMatchObject({ code: 0 });
  await run.gate(0);
  await run.load(1);
  await run.gate(1);
  await store.put(runKeys('2026-01-01T00-00-00Z-good').file('checklist.json'), '{"items":[]}');
  await run.report();
  const { code, out, err } = await watching.ended;
  // A busy machine may make a phase void: the verdict is the report's, whatever that is.
  const { verdict } = await place.summary('store/runs/2026-01-01T00-00-00Z-good');
  expect(code).toBe(exitCodeOfVerdict[verdict]);
  expect(err).toContain(`2026-01-01T00-00-00Z-good: plan of 2026-01-01T00-00-00Z-good against ${target}`);
  expect(err).toMatch(/^first: \w+, 20 req\/s, p99 /m);
  expect(err).toMatch(/^second: \w+, 10 req\/s, p99 /m);
  expect(out.trimStart()).toMatch(new RegExp(`^${verdict.toUpperCase()} {2}`));
  expect(watching.leavesOrphans).toBe(false);

  const line = `Z  ${verdict.padEnd(7)}  plan of 2026-01-01T00-00-00Z-good  2026-01-01T00-00-00Z-good\n`;
  const { out: listed } = await cloud('list');
  expect(listed).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
  expect(listed.slice('2026-01-01T00:00:00'.length)).toBe(line);

  const folder = join(place.path, 'fetched');
  const fetched = await cloud('report', 'of-2026-01-01T00-00-00Z-good', '--out', folder);
  expect(fetched).toMatchObject({ code: exitCodes.passed, err: '' });
  const files = [
    'checklist.json',
    'intervals.csv',
    'junit.xml',
    'metrics.txt',
    'report.html',
    'report.json',
    'report.md',
    'summary.json',
  ];
  expect((await readdir(folder)).toSorted()).toEqual(files);
  for (const file of files)
    expect(await readFile(join(folder, file), 'utf8')).toBe(
      await readFile(join(place.path, 'store/runs/2026-01-01T00-00-00Z-good', file), 'utf8'),
    );
  // Where it can be rendered again.
  expect(await new CommandLine(['report', folder, '--format', 'markdown']).ended).toMatchObject({ code: 0 });
});

test.each([
  ['pass', 'passed'],
  ['warn', 'passed'],
  ['fail', 'objectivesFailed'],
  ['void', 'void'],
  ['unknown', 'unknown'],
] as const)('one that is over, and whose verdict is %s, is told at once: exit %s', async (verdict, exit) => {
  const run = runCalled(`2026-01-02T00-00-00Z-${verdict}`);
  const phases = [{ name: 'only', kind: 'sustained', duration: '1s', open: { rate: 1 } } as const];
  await run.prepare({ scenarios: scenarios('/'), phases });
  await run.report();
  const { file } = runKeys(`2026-01-02T00-00-00Z-${verdict}`);
  const told = JSON.parse((await textAt(store, file('report.json'))) ?? '') as Report;
  await store.put(file('report.json'), JSON.stringify({ ...told, summary: { ...told.summary, verdict } }));
  const { code, out } = await cloud('watch', `2026-01-02T00-00-00Z-${verdict}`);
  expect(code).toBe(exitCodes[exit]);
  expect(out.trimStart()).toMatch(new RegExp(`^${verdict.toUpperCase()} {2}`));
});

test('one that was broken off is partial', async () => {
  const run = runCalled('2026-01-03T00-00-00Z-broken');
  const phases = [{ name: 'only', kind: 'sustained', duration: '1s', open: { rate: 10 } } as const];
  await run.prepare({ scenarios: scenarios('/'), phases });
  await run.load(0);
  await run.report('somebody stopped it');
  const { code, out } = await cloud('watch', '2026-01-03T00-00-00Z-broken');
  expect(code).toBe(exitCodes.interrupted);
  expect(out).toContain('somebody stopped it');
  expect((await cloud('list')).out).toMatch(/^\S+ {2}partial {2}plan of 2026-01-03/m);
});

test('one that ended without a report is not waited for; leaving one that runs does not end it', async () => {
  const phases = [{ name: 'only', kind: 'sustained', duration: '9m', open: { rate: 10 } } as const];
  const lost = runCalled('2026-01-04T00-00-00Z-lost');
  await lost.prepare({ scenarios: scenarios('/'), phases });
  const next = runCalled('2026-01-05T00-00-00Z-next');
  await next.prepare({ scenarios: scenarios('/'), phases });
  const { code, err } = await cloud('watch', '2026-01-04T00-00-00Z-lost');
  expect(code).toBe(exitCodes.cloudFailed);
  expect(err).toContain('E-CLOUD-NO-REPORT');
  const report = await cloud('report', '2026-01-05T00-00-00Z-next', '--out', join(place.path, 'none'));
  expect(report).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('plimsoll cloud watch waits') });
  const watching = command('watch');
  await watching.said('2026-01-05T00-00-00Z-next: ');
  watching.kill('SIGINT');
  expect(await watching.ended).toMatchObject({
    code: exitCodes.interrupted,
    err: expect.stringContaining('No longer watched.'),
  });
  expect((await cloud('list')).out).toMatch(/running {2}plan of 2026-01-05[\s\S]*none {5}plan of 2026-01-04/);
});

test.each([
  ['a run that is not there', ['watch', '2026-01-01T00-00-00Z-goad'], 'E-CLOUD-RUN-MISSING', '; did you mean'],
  ['a run outside of the store', ['report', '../../etc'], 'E-CLOUD-RUN-MISSING', 'There is no run ../../etc.'],
  ['to stop what is no execution in the cloud', ['stop'], 'E-USAGE', 'where it was started'],
  ['to start without a workflow', ['start', 'plans/smoke.yaml', '--yes'], 'E-CLOUD-MISSING', 'state machine'],
])('%s', async (_, args, code, says) => {
  const ended = await cloud(...args);
  expect(ended.code).toBe(exitCodes.usage);
  expect(ended.err).toContain(`${code}: `);
  expect(ended.err).toContain(says);
  expect(ended.out).toBe('');
});
