import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../target/stack/free-port.ts';
import { ImageFiles } from './image-files.ts';

const parent = mkdtempSync(join(tmpdir(), 'plimsoll-service-image-'));
const app = join(parent, 'app');
const image = new ImageFiles('target/service/Dockerfile');

beforeAll(() => image.layInto(app));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const environment = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  ...more,
});

function bytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

test('it is small, since each task that scaling adds waits for it: packages of less than 30 MB, of 221 with the stacks', () => {
  const packages = image.packages().reduce((sum, path) => sum + bytesIn(path), 0);
  expect(packages / 1e6).toBeLessThan(30);
  expect(readdirSync(join(app, 'target')).toSorted()).toEqual([
    'downstream',
    'environment.ts',
    'failure.ts',
    'lifeline.ts',
    'seed',
    'service',
  ]);
});

test('the downstream service answers from exactly these files', async () => {
  const port = await freePort();
  const env = environment({ HOST: '127.0.0.1', PORT: String(port) });
  const child = spawn(process.execPath, ['target/downstream/main.ts'], { cwd: app, env, stdio: 'inherit' });
  const ended = once(child, 'exit');
  try {
    let status = 0;
    for (let tries = 0; tries < 100 && status === 0 && child.exitCode === null; tries += 1, await sleep(100))
      status = await fetch(`http://127.0.0.1:${port}/health`).then(
        (reply) => reply.status,
        () => 0,
      );
    expect(status).toBe(200);
  } finally {
    child.kill();
    await ended;
  }
});

test.each(['service', 'seed'])(
  '%s begins from exactly these files: without an address it says so, and misses no module',
  (part) => {
    const { status, stderr } = spawnSync(process.execPath, [`target/${part}/main.ts`], {
      cwd: app,
      env: environment({}),
      encoding: 'utf8',
    });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/(?:DATABASE|REDIS)_URL is not set/);
    expect(stderr).not.toContain('ERR_MODULE_NOT_FOUND');
  },
);
