import { readdir, readFile, stat, rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TargetFailure } from '../failure.ts';
import { commandLineOf } from './command-line.ts';

/**
 * A foreign program (PostgreSQL, Redis) outlives a SIGKILL of its parent. So each has a folder under the OS's temp folder
 * that says who started it (owner.json) and what runs (program.json); the guardian removes the folder after the program,
 * and if the guardian was killed as well, the next start reaps what is left, by pid, after checking the command line.
 */
const prefix = 'plimsoll-target-';
const startingMs = 60_000;
const endingMs = 5_000;

/** A process as recorded: `marks` are the strings its command line must hold for the pid still to be that process. */
export interface RecordedProcess {
  readonly pid: number;
  readonly marks: readonly string[];
}

const unusable = (error: unknown): never => {
  throw new TargetFailure('E-TARGET-FOLDER', error);
};

/** Makes a fresh folder, readable by its owner only, that this process owns until it ends. @throws TargetFailure E-TARGET-FOLDER */
export async function makeGuardedFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${name}-`)).catch(unusable);
  await record(folder, 'owner', { pid: process.pid, marks: [(await commandLineOf(process.pid)) ?? ''] });
  return folder;
}

/** Writes who a folder belongs to, or what runs in it. */
export async function record(folder: string, what: 'owner' | 'program', value: RecordedProcess): Promise<void> {
  await writeFile(join(folder, `${what}.json`), JSON.stringify(value));
}

/** Ends and removes what earlier starts left behind, as far as it can; returns how many folders it cleared. @throws TargetFailure E-TARGET-FOLDER */
export async function reapStale(): Promise<number> {
  const names = (await readdir(tmpdir()).catch(unusable)).filter((name) => name.startsWith(prefix));
  const reaped = await Promise.all(names.map((name) => reapIfAbandoned(join(tmpdir(), name)).catch(() => false)));
  return reaped.filter(Boolean).length;
}

/** Ends the program of one folder, if it still runs, and removes the folder. */
export async function reap(folder: string): Promise<void> {
  const program = await recorded(folder, 'program');
  if (program !== undefined) await end(program);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

async function reapIfAbandoned(folder: string): Promise<boolean> {
  const entry = await stat(folder).catch(() => undefined);
  if (entry === undefined || entry.uid !== process.getuid?.()) return false;
  const owner = await recorded(folder, 'owner');
  const inUse = owner === undefined ? Date.now() - entry.mtimeMs < startingMs : await isRunning(owner);
  if (inUse) return false;
  await reap(folder);
  return true;
}

async function recorded(folder: string, what: 'owner' | 'program'): Promise<RecordedProcess | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, `${what}.json`), 'utf8')) as RecordedProcess;
  } catch {
    return undefined;
  }
}

async function isRunning({ pid, marks }: RecordedProcess): Promise<boolean> {
  const line = await commandLineOf(pid);
  return line !== undefined && marks.every((mark) => line.includes(mark));
}

async function end(program: RecordedProcess): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!(await isRunning(program))) return;
    process.kill(program.pid, signal);
    const deadline = Date.now() + endingMs;
    while (Date.now() < deadline && (await isRunning(program))) await pause(20);
  }
}
