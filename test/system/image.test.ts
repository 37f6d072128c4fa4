import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeInterval } from '../../lib/measure/codec.ts';
import { allSteps, merge } from '../../lib/measure/interval.ts';
import { ImageFiles } from './image-files.ts';
import { PreparedRun, TaskProcess } from './task-process.ts';

const parent = mkdtempSync(join(tmpdir(), 'plimsoll-image-'));
const app = join(parent, 'app');
const image = new ImageFiles('loadgen/Dockerfile');

/** In its form without a shell, which is JSON. */
const entry = JSON.parse(image.argumentsOf('ENTRYPOINT')[0] ?? '') as string[];

let server: Server;

beforeAll(async () => {
  image.layInto(app);
  server = createServer((_, reply) => reply.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(parent, { recursive: true, force: true });
});

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules/'))
    .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`);

test('the image runs as nobody in particular, under a first process that hands signals on, without a shell', () => {
  expect(image.argumentsOf('USER')).toEqual(['1000:1000']);
  expect(entry.slice(0, 3)).toEqual(['/usr/local/bin/tini', '-s', '--']);
  expect(
    image.instructions.filter((line) => line.startsWith('FROM ')).every((line) => line.includes('/node:24-')),
  ).toBe(true);
});

test('it has the sources of the generator and no stacks', () => {
  const names = filesBelow(app).map((line) => line.split(' ')[0]);
  expect(names).toContain('loadgen/task/main.ts');
  expect(names).toContain('package.json');
  expect(names.filter((name) => name?.startsWith('lib/infra'))).toEqual([]);
  expect(image.packages().filter((path) => /aws-cdk|constructs|fastify/.test(path))).toEqual([]);
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

test('the collector’s entry loads from exactly these files too', async () => {
  const { code, stderr } = await new TaskProcess({ PATH: '' }, { args: ['loadgen/collector/main.ts'], cwd: app }).ended;
  // It has no order: all that it imports was there.
  expect([code, stderr]).toEqual([1, expect.stringContaining('PLIMSOLL_STORE')]);
});
