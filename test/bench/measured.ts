import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onGeneratorCore } from './cores.ts';

/** What a command cost: user and system time of it and everything it started, and the most memory they held together. */
export interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Sum of the resident sets of the process tree, looked at every 50 ms; 0 where there is no /proc. */
  readonly peakRssBytes: number;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * bash's `time` waits for the command and reads its rusage, which holds every process it waited for: to the millisecond,
 * and on any system that has bash.
 */
const TIMED = 'TIMEFORMAT="%3U %3S %3R"; { time "$@" >"$BENCH_OUT" 2>"$BENCH_ERR"; } 2>"$BENCH_TIME"';

/** A command that hangs is ended after this, and its row says so. */
const PATIENCE_MS = 120_000;

export async function measured(
  argv: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Cost> {
  const [out, err, times] = [join(folder, 'stdout'), join(folder, 'stderr'), join(folder, 'times')];
  for (const path of [out, err, times]) await (await open(path, 'w')).close();
  const child = spawn('bash', ['-c', TIMED, 'bench', ...onGeneratorCore(argv)], {
    cwd: folder,
    env: { ...process.env, ...env, BENCH_OUT: out, BENCH_ERR: err, BENCH_TIME: times },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const endTree = (): void => endGroup(child.pid);
  process.once('exit', endTree);
  const deadline = setTimeout(endTree, PATIENCE_MS);
  const rss = watchRss(child.pid);
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  const peakRssBytes = rss.stop();
  clearTimeout(deadline);
  process.off('exit', endTree);
  const [user = 0, system = 0, wall = 0] = (await readFile(times, 'utf8')).trim().split(' ').map(Number);
  return {
    cpuSeconds: user + system,
    wallSeconds: wall,
    peakRssBytes,
    exitCode: exitCode ?? -1,
    stdout: await readFile(out, 'utf8'),
    stderr: await readFile(err, 'utf8'),
  };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It is over already.
  }
}

const EVERY_MS = 50;
const PAGE_BYTES = 4096;

function watchRss(pid: number | undefined): { stop(): number } {
  let peak = 0;
  let over = false;
  const look = async (): Promise<void> => {
    const bytes = await rssOfTree(`${pid}`, true);
    peak = Math.max(peak, bytes);
    if (!over) timer = setTimeout(() => void look(), EVERY_MS);
  };
  let timer = setTimeout(() => void look(), EVERY_MS);
  return {
    stop: () => {
      over = true;
      clearTimeout(timer);
      return peak;
    },
  };
}

/** Resident bytes of a process and all below it, bash itself (`root`) left out. A process that ends meanwhile has none. */
async function rssOfTree(pid: string, root: boolean): Promise<number> {
  const read = async (file: string): Promise<string> =>
    await readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
  const pages = root ? 0 : Number((await read('statm')).split(' ')[1] ?? 0);
  const below = (await read(`task/${pid}/children`)).split(' ').filter((child) => child.trim() !== '');
  const sizes = await Promise.all(below.map((child) => rssOfTree(child, false)));
  return pages * PAGE_BYTES + sizes.reduce((sum, size) => sum + size, 0);
}
