import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { openBoundedLog } from '../../../target/stack/bounded-log.ts';
import { commandLineOf } from '../../../target/stack/command-line.ts';
import { makeGuardedFolder, reap, reapStale, record } from '../../../target/stack/guarded-folder.ts';

const started: ChildProcess[] = [];

/** A process that does nothing until it is ended, with a word in its command line to know it by. */
async function idle(mark: string): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log("ready")', mark], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await once(child.stdout, 'data');
  return Object.assign(child, { pid: child.pid ?? 0 });
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

test('a command line is that of the process, and of none afterwards', async () => {
  const child = await idle('a-mark');
  expect(await commandLineOf(child.pid)).toMatch(/a-mark$/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await commandLineOf(child.pid)).toBeUndefined();
});

test('reaping ends the recorded program and removes the folder', async () => {
  const folder = await makeGuardedFolder('test');
  const child = await idle('mark-1');
  const ended = once(child, 'exit');
  await record(folder, 'program', { pid: child.pid, marks: ['mark-1'] });
  await reap(folder);
  expect((await ended)[1]).toBe('SIGINT');
  expect(existsSync(folder)).toBe(false);
});

test('reaping does not touch a process that merely has the pid of the recorded one', async () => {
  const folder = await makeGuardedFolder('test');
  const child = await idle('mark-2');
  await record(folder, 'program', { pid: child.pid, marks: ['another program'] });
  await reap(folder);
  expect(existsSync(folder)).toBe(false);
  expect(await commandLineOf(child.pid)).toMatch(/mark-2$/);
});

test("a start reaps folders whose owner is gone, and leaves a living owner's and a half-made one alone", async () => {
  const [abandoned, living] = [await makeGuardedFolder('test'), await makeGuardedFolder('test')];
  const [young, old] = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'plimsoll-target-test-')));
  const longAgo = new Date(Date.now() - 3600_000);
  utimesSync(old ?? '', longAgo, longAgo);
  await record(abandoned, 'owner', { pid: process.pid, marks: ['somebody who had this pid'] });
  await reapStale();
  expect([abandoned, living, young ?? '', old ?? ''].map((folder) => existsSync(folder))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  await Promise.all([living, young ?? ''].map((folder) => reap(folder)));
});

test('a bounded log keeps the latest lines and never more than twice its limit', async () => {
  const folder = await makeGuardedFolder('test');
  const path = join(folder, 'log');
  const write = openBoundedLog(path, 100);
  for (let n = 10; n < 60; n += 1) write(Buffer.from(`line ${n}\n`));
  // 8 bytes a line: 12 lines fit in 100 bytes; 50 lines are four full files and two lines.
  expect(readFileSync(path, 'utf8')).toBe('line 58\nline 59\n');
  expect(statSync(`${path}.1`).size).toBe(96);
  await reap(folder);
});
