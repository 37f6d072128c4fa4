import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { limitByQuota } from '../../../target/faults/compute/quota.ts';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'plimsoll-cgroup-'))));
afterEach(async () => rm(root, { recursive: true, force: true }));

/** Control groups as a kernel shows them, with a process in one. */
async function hierarchy(groups: string, files: Readonly<Record<string, string>>) {
  await writeFile(join(root, 'groups'), groups);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return { root, groups: join(root, 'groups') };
}

test.each([
  // A tenth of a core: 10 ms in each 100 ms
  [
    'version 2, beside the own group',
    '0::/user.slice/own\n',
    { 'user.slice/cgroup.subtree_control': 'cpu memory', 'user.slice/own/cgroup.procs': '77' },
    'user.slice/plimsoll-lab-77',
    { 'cpu.max': '10000 100000', 'cgroup.procs': '77' },
  ],
  [
    'version 2, in the uppermost group',
    '0::/\n',
    { 'cgroup.subtree_control': 'cpuset cpu', 'cgroup.procs': '77' },
    'plimsoll-lab-77',
    { 'cpu.max': '10000 100000', 'cgroup.procs': '77' },
  ],
  [
    'version 1, below the own group',
    '4:memory:/m\n2:cpu,cpuacct:/own\n0::/\n',
    { 'cpu/own/cgroup.procs': '77' },
    'cpu/own/plimsoll-lab-77',
    { 'cpu.cfs_period_us': '100000', 'cpu.cfs_quota_us': '10000', 'cgroup.procs': '77' },
  ],
])('a quota is set by control groups of %s', async (_, groups, files, folder, written) => {
  const at = await hierarchy(groups, files);
  expect(await limitByQuota(77, 0.1, at)).toBeDefined();
  for (const [name, text] of Object.entries(written))
    expect(await readFile(join(root, folder, name), 'utf8')).toBe(text);
  expect((await readdir(join(root, folder))).toSorted()).toEqual(Object.keys(written).toSorted());
});

test.each([
  ['no control groups', '', {}],
  ['a controller that is not handed down', '0::/own\n', { 'cgroup.subtree_control': 'memory', 'own/cgroup.procs': '' }],
  ['a group that is not there', '2:cpu:/gone\n', {}],
])('with %s there is no quota, and nothing is left', async (_, groups, files) => {
  const at = await hierarchy(groups, files);
  expect(await limitByQuota(77, 0.1, at)).toBeUndefined();
  expect((await readdir(root, { recursive: true })).filter((name) => name.includes('plimsoll-lab'))).toEqual([]);
});

/** Whether this account may: a process is limited, and let go again. */
async function allowed(): Promise<boolean> {
  const release = await limitByQuota(process.pid, 1);
  await release?.();
  return release !== undefined;
}

((await allowed()) ? test : test.skip)('the kernel holds a process to its quota, and lets it go', async () => {
  // Turns for half a second, and prints its CPU time in milliseconds; once when it is asked.
  const source = `process.stdin.on('data', () => { const before = process.cpuUsage(); const until = performance.now() + 500;
    while (performance.now() < until); const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000); })`;
  const child = spawn(process.execPath, ['-e', source], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    child.stdin.write('.');
    await once(child.stdout, 'data');
    const release = await limitByQuota(child.pid ?? 0, 0.05);
    child.stdin.write('.');
    const [held] = (await once(child.stdout, 'data')) as [Buffer];
    // 5 ms in each of five to six periods, and what the kernel overshoots
    expect(Number(held.toString())).toBeLessThan(100);
    await release?.();
    expect(await readFile(`/proc/${child.pid}/cgroup`, 'utf8')).toBe(await readFile('/proc/self/cgroup', 'utf8'));
  } finally {
    child.kill('SIGKILL');
  }
});
