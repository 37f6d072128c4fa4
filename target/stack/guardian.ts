/**
 * A tiny process between stack.ts and a foreign program: starts it, and stops it when the pipe from stack.ts closes, so that
 * not even a SIGKILL of stack.ts leaves the program running. It is the program's parent, so the pid it signals is never
 * another process's. Prints {"pid":N} once the program runs; ends when the program has ended and its folder is gone.
 */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { onParentGone } from '../lifeline.ts';
import { openBoundedLog } from './bounded-log.ts';
import { record } from './guarded-folder.ts';

export interface GuardedProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Where the program runs and writes its log (program.log); removed when it was stopped. */
  readonly folder: string;
  /** What its command line is sure to hold, so that a later start does not take a stranger with the same pid for it. */
  readonly marks: readonly string[];
  /** From polite to final; each gets four seconds. */
  readonly stopSignals: readonly NodeJS.Signals[];
  /** The user and group to run as, when this process is root and the program refuses root. */
  readonly identity?: { readonly uid: number; readonly gid: number };
}

const patienceMs = 4_000;

guard(JSON.parse(process.argv[2] ?? '{}') as GuardedProgram);

function guard(task: GuardedProgram): void {
  const program = spawn(task.command, task.args, {
    cwd: task.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...task.identity,
  });
  const log = openBoundedLog(join(task.folder, 'program.log'));
  program.stdout.on('data', log);
  program.stderr.on('data', log);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    task.stopSignals.forEach((signal, step) => setTimeout(() => program.kill(signal), step * patienceMs));
  };
  program.once('spawn', () => void announce(task, program.pid ?? 0));
  program.once('error', (error) => {
    process.stderr.write(`${task.command} did not start: ${error.message}\n`);
    process.exit(1);
  });
  program.once('exit', () => {
    // A program that ended by itself leaves its log behind for stack.ts, which removes the folder.
    if (stopping) void leave(task.folder);
    else process.exit(1);
  });
  onParentGone(stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function announce(task: GuardedProgram, pid: number): Promise<void> {
  await record(task.folder, 'program', { pid, marks: task.marks });
  process.stdout.write(`${JSON.stringify({ pid })}\n`);
}

async function leave(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.exit(0);
}
