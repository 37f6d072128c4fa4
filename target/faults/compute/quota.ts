import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '../bench.ts';

const PERIOD_US = 100_000;
const PREFIX = 'plimsoll-lab-';

/** Where a control group can be made for a process, and what is written into it. */
interface Place {
  /** The folder of the group that the process is in, and where it goes back to. */
  readonly home: string;
  /** In which its own group is made. */
  readonly parent: string;
  readonly limits: (quotaUs: number) => Readonly<Record<string, string>>;
}

const unifiedLimits: Place['limits'] = (quotaUs) => ({ 'cpu.max': `${quotaUs} ${PERIOD_US}` });
const legacyLimits: Place['limits'] = (quotaUs) => ({
  'cpu.cfs_period_us': String(PERIOD_US),
  'cpu.cfs_quota_us': String(quotaUs),
});

/**
 * Puts the process into a control group of its own with a CPU quota, as a container's runtime does; undefined where this account may
 * not, or there are no control groups. A group that a killed process has left behind is empty, and removed by the next.
 * Sources: Linux, Documentation/admin-guide/cgroup-v2.rst and Documentation/scheduler/sched-bwc.rst.
 */
export async function limitByQuota(
  pid: number,
  cores: number,
  { root, groups } = { root: '/sys/fs/cgroup', groups: `/proc/${pid}/cgroup` },
): Promise<Release | undefined> {
  const lines = await readFile(groups, 'utf8').catch(() => '');
  const place = (await unified(root, lines)) ?? legacy(root, lines);
  if (place === undefined) return undefined;
  const own = join(place.parent, `${PREFIX}${pid}`);
  const leave = async (): Promise<void> => {
    await writeFile(join(place.home, 'cgroup.procs'), String(pid)).catch(() => undefined);
    await rmdir(own).catch(() => undefined);
  };
  try {
    await removeLeft(place.parent);
    await mkdir(own);
    for (const [name, text] of Object.entries(place.limits(Math.round(cores * PERIOD_US))))
      await writeFile(join(own, name), text);
    await writeFile(join(own, 'cgroup.procs'), String(pid));
    return leave;
  } catch {
    await leave();
    return undefined;
  }
}

/** A group that is in use can't be removed, and stays. */
async function removeLeft(parent: string): Promise<void> {
  const left = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  await Promise.all(left.map((name) => rmdir(join(parent, name)).catch(() => undefined)));
}

/** Version 2: a sibling, since a group that has processes can't hand its controllers to a child. */
async function unified(root: string, lines: string): Promise<Place | undefined> {
  const [, path] = /^0::(\/.*)$/m.exec(lines) ?? [];
  if (path === undefined) return undefined;
  const home = join(root, path);
  const parent = join(home, path === '/' ? '.' : '..');
  const handedDown = await readFile(join(parent, 'cgroup.subtree_control'), 'utf8').catch(() => '');
  if (!handedDown.split(/\s/).includes('cpu')) return undefined;
  return { home, parent, limits: unifiedLimits };
}

/** Version 1: a child of the group in the hierarchy of the CPU. */
function legacy(root: string, lines: string): Place | undefined {
  const [, path] = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/m.exec(lines) ?? [];
  if (path === undefined) return undefined;
  const home = join(root, 'cpu', path);
  return { home, parent: home, limits: legacyLimits };
}
