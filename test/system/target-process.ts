import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ReadyLine } from '../../target/stack/start.ts';

const entry = fileURLToPath(new URL('../../target/stack.ts', import.meta.url));

/** A running target, and what it has written to stdout and stderr so far. */
export interface TargetProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly stdout: string[];
  readonly stderr: string[];
  readonly ready: ReadyLine;
}

/** Starts the target with little data. The environment is this process's, less its DATABASE_URL and REDIS_URL, plus `extra`. */
export async function startTarget(extra: Readonly<Record<string, string>> = {}): Promise<TargetProcess> {
  const { child, stdout, stderr } = spawnTarget(['--users', '2000', '--jobs', '200'], extra);
  while (stdout.length === 0) await Promise.race([once(child.stdout, 'data'), failed(child, stderr)]);
  return { child, stdout, stderr, ready: JSON.parse(stdout[0] ?? '') as ReadyLine };
}

/** Starts the target with any arguments and does not wait for it. */
export function spawnTarget(args: readonly string[], extra: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: '', REDIS_URL: '', ...extra },
  });
  const stdout: string[] = [];
  const stderr: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => stdout.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
  return { child, stdout, stderr };
}

async function failed(child: TargetProcess['child'], stderr: readonly string[]): Promise<never> {
  await once(child, 'close');
  throw new Error(`the target ended before it was ready: ${stderr.join(' | ')}`);
}

/** The pids of a process's descendants (Linux): what must be gone when it is. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const direct = (of: number): number[] => [...parents].filter(([, parent]) => parent === of).map(([child]) => child);
  const below = (of: number): number[] => direct(of).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: number): number | undefined {
  try {
    // The name, in brackets, may hold blanks and brackets itself; the state and the parent follow the last one.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** Those of the pids that still run, asked again until none does or the deadline is over. */
export async function survivorsOf(pids: readonly number[], patienceMs = 15_000): Promise<string[]> {
  const deadline = Date.now() + patienceMs;
  let left = pids.filter(isRunning);
  while (left.length > 0 && Date.now() < deadline) {
    await pause(50);
    left = left.filter(isRunning);
  }
  return left.map((pid) => `${pid} ${executableOf(pid)}`);
}

function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function executableOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return 'gone';
  }
}
