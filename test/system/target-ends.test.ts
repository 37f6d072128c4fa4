import { once } from 'node:events';
import { existsSync, readlinkSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { descendantsOf, spawnTarget, startTarget, survivorsOf, type TargetProcess } from './target-process.ts';

// How to find a process's descendants without a shell is known here for Linux only.
const onLinux = platform() === 'linux' ? describe : describe.skip;

onLinux('stopping the target', () => {
  const endings: [string, (target: TargetProcess) => void, number | null][] = [
    ['SIGTERM', ({ child }) => void child.kill('SIGTERM'), 0],
    ['SIGINT', ({ child }) => void child.kill('SIGINT'), 0],
    ['the end of its stdin', ({ child }) => void child.stdin.end(), 0],
    ['SIGKILL', ({ child }) => void child.kill('SIGKILL'), null],
  ];

  test.each(endings)('by %s leaves no process and no folder', async (_name, end, exitCode) => {
    const target = await startTarget();
    const pids = descendantsOf(target.child.pid ?? 0);
    expect(pids.length).toBeGreaterThanOrEqual(6);
    const folder = folderOf(target);
    expect(existsSync(folder)).toBe(true);
    end(target);
    const [seen] = (await once(target.child, 'exit')) as [number | null];
    expect(seen).toBe(exitCode);
    expect(await survivorsOf(pids)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  test('by SIGKILL together with its guardians: the next start ends what is left', async () => {
    const target = await startTarget();
    const pids = descendantsOf(target.child.pid ?? 0);
    // Those of its descendants that have children of their own are the guardians.
    const guardians = pids.filter((pid) => descendantsOf(pid).length > 0 && isNode(pid));
    expect(guardians.length).toBeGreaterThanOrEqual(1);
    for (const pid of [target.child.pid ?? 0, ...guardians]) process.kill(pid, 'SIGKILL');
    await once(target.child, 'exit');
    const next = await startTarget();
    expect(await survivorsOf(pids)).toEqual([]);
    next.child.kill('SIGTERM');
    await once(next.child, 'exit');
    expect(existsSync(folderOf(target))).toBe(false);
  });

  test('before it is ready stops it, too', async () => {
    const { child, stderr } = spawnTarget(['--users', '2000', '--jobs', '200'], {});
    while (!stderr.some((line) => line.startsWith('starting PostgreSQL'))) await once(child.stderr, 'data');
    const pids = descendantsOf(child.pid ?? 0);
    child.stdin.end();
    const [seen] = (await once(child, 'exit')) as [number | null];
    expect(seen).toBe(0);
    expect(await survivorsOf(pids)).toEqual([]);
  });
});

describe('the target refuses', () => {
  const rows: [string, string[], Record<string, string>][] = [
    ['E-TARGET-OPTION', ['--users', 'many'], {}],
    ['E-TARGET-OPTION', ['--nonsense'], {}],
    ['E-TARGET-FOLDER', [], { TMPDIR: '/nowhere/at/all' }],
    ['E-TARGET-DATABASE', [], { DATABASE_URL: 'postgres://app:secret@127.0.0.1:1/none' }],
    ['E-TARGET-DATABASE', [], { DATABASE_URL: 'nonsense' }],
    ['E-TARGET-CACHE', ['--users', '2', '--jobs', '0'], { REDIS_URL: 'redis://127.0.0.1:1' }],
  ];

  test.each(rows)('with %s, one line and exit code 1: %j %j', async (failure, args, environment) => {
    const { child, stdout, stderr } = spawnTarget(args, environment);
    const [seen] = (await once(child, 'close')) as [number | null];
    expect(seen).toBe(1);
    expect(stdout).toEqual([]);
    const lines = stderr.filter((line) => line.startsWith('E-TARGET-'));
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${failure}: `))]);
    expect(stderr.join('\n')).not.toMatch(/secret|^ +at /m);
  });
});

/** Where PostgreSQL's data and log are, as the target says it. */
function folderOf(target: TargetProcess): string {
  const log = target.stderr.map((line) => /\/\S+program\.log$/.exec(line)?.[0]).find((path) => path !== undefined);
  return dirname(log ?? '');
}

/** PostgreSQL has children, too, but is no guardian. */
function isNode(pid: number): boolean {
  return readlinkSync(`/proc/${pid}/exe`) === process.execPath;
}
