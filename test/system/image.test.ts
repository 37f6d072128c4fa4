import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeInterval } from '../../lib/measure/codec.ts';
import { allSteps, merge } from '../../lib/measure/interval.ts';
import { PreparedRun, TaskProcess } from './task-process.ts';

const parent = mkdtempSync(join(tmpdir(), 'plimsoll-image-'));
const app = join(parent, 'app');

/** Instructions, with lines that go on put together. */
const instructions = readFileSync('loadgen/Dockerfile', 'utf8')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line));
const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
const argumentsOf = (instruction: string): string[] =>
  lastStage.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));

/** From the repository, with a slash at the end where the destination is a folder to put files into. */
const copied = argumentsOf('COPY')
  .filter((line) => !line.startsWith('--from'))
  .map((line) => line.split(' '))
  .flatMap((paths) => paths.slice(0, -1).map((from) => ({ from, to: paths.at(-1) ?? '' })));

/** In its form without a shell, which is JSON. */
const entry = JSON.parse(argumentsOf('ENTRYPOINT')[0] ?? '') as string[];

const removed = instructions.flatMap((line) => /rm -r (.*)/.exec(line)?.[1]?.split(' ') ?? []);

let server: Server;

beforeAll(async () => {
  for (const { from, to } of copied) {
    const path = join(app, to.endsWith('/') ? join(to, basename(from)) : to);
    mkdirSync(dirname(path), { recursive: true });
    cpSync(from, path, { recursive: true });
  }
  linkProductionPackages();
  server = createServer((_, reply) => reply.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(parent, { recursive: true, force: true });
});

/** What `npm ci --omit=dev --omit=optional` leaves, less what the image throws away. */
function linkProductionPackages(): void {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, object> };
  for (const [path, facts] of Object.entries(lock.packages)) {
    const omitted = ['dev', 'optional', 'devOptional'].some((flag) => flag in facts);
    const outermost = path.lastIndexOf('node_modules/') === 0;
    if (omitted || !outermost || removed.some((each) => `${path}/`.startsWith(`${each}/`))) continue;
    mkdirSync(dirname(join(app, path)), { recursive: true });
    symlinkSync(resolve(path), join(app, path));
  }
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules/'))
    .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);

test('the image runs as nobody in particular, under a first process that hands signals on, without a shell', () => {
  expect(argumentsOf('USER')).toEqual(['1000:1000']);
  expect(entry.slice(0, 3)).toEqual(['/usr/local/bin/tini', '-s', '--']);
  expect(instructions.filter((line) => line.startsWith('FROM ')).every((line) => line.includes('/node:24-'))).toBe(
    true,
  );
});

test('it has the sources of the generator and no stacks', () => {
  const names = filesBelow(app).map((line) => line.split(' ')[0]);
  expect(names).toContain('loadgen/task/main.ts');
  expect(names).toContain('package.json');
  expect(names.filter((name) => name?.startsWith('lib/infra'))).toEqual([]);
  expect(removed).toContain('node_modules/aws-cdk-lib');
});

test('its entry loads a server from exactly these files, and writes none of its own', async () => {
  const before = filesBelow(app);
  const run = new PreparedRun(join(parent, 'store'));
  await run.prepare(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    scenarios: [{ name: 'one', steps: [{ get: '/' }] }],
    phases: [{ name: 'p', kind: 'sustained', duration: '1s', open: { rate: 50 } }],
  });
  const [program, ...args] = entry.slice(entry.indexOf('--') + 1);
  expect(program).toBe('node');
  const { code, stderr } = await new TaskProcess(run.environment({ index: 0, of: 1 }), { args, cwd: app }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^done: /) });
  const told = allSteps(merge((await run.intervals(0)).map(decodeInterval)));
  expect(told.ledger).toMatchObject({ sent: 50, ok: 50 });
  expect(filesBelow(app)).toEqual(before);
});
