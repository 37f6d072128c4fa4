import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TargetFailure } from '../failure.ts';
import { lifelineEnvironment } from '../lifeline.ts';
import type { GuardedProgram } from './guardian.ts';

/** Longer than the service's own ten seconds of graceful shutdown and the guardian's twelve. */
const stopPatienceMs = 14_000;
const startPatienceMs = 20_000;

/** A running part of the target. */
export interface Child {
  readonly name: string;
  /** The one line it printed when it was ready: {"port":N} or {"pid":N}. */
  readonly hello: { readonly port?: number; readonly pid?: number };
  /** Resolves when it has ended, by itself or because it was told to. */
  readonly ended: Promise<void>;
  /** Closes its lifeline and resolves when it has ended; kills it when it does not listen. Safe to call twice. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Told when the child ends without having been asked to. */
  readonly onLost: (name: string) => void;
}

/**
 * Starts a file of target/ with the running Node and waits for its ready line.
 * Detached, so that Ctrl-C in a terminal reaches stack.ts alone, which stops the parts in order.
 * @throws TargetFailure E-TARGET-CHILD when it ends or stays silent instead
 */
export async function startChild(name: string, file: string, options: ChildOptions): Promise<Child> {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...(options.args ?? [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, ...options.environment, ...lifelineEnvironment },
  });
  child.stdin?.on('error', () => undefined);
  const ended = once(child, 'exit').then(() => undefined);
  const running = { stopping: false };
  const stop = (): Promise<void> => {
    running.stopping = true;
    return stopChild(child, ended);
  };
  try {
    const hello = await firstLine(name, child);
    void ended.then(() => running.stopping || options.onLost(name));
    return { name, hello, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts a foreign program under a guardian process; see guardian.ts. */
export function startGuarded(name: string, program: GuardedProgram, options: ChildOptions): Promise<Child> {
  return startChild(name, 'stack/guardian.ts', { ...options, args: [JSON.stringify(program)] });
}

async function firstLine(name: string, child: ChildProcess): Promise<Child['hello']> {
  if (child.stdout === null) throw new TargetFailure('E-TARGET-CHILD', name);
  const lines = createInterface({ input: child.stdout });
  const giveUp = AbortSignal.timeout(startPatienceMs);
  try {
    const line = await Promise.race([
      once(lines, 'line', { signal: giveUp }),
      once(child, 'exit', { signal: giveUp }).then(() => undefined),
    ]);
    if (line !== undefined) return JSON.parse(String(line[0])) as Child['hello'];
  } catch (error) {
    throw new TargetFailure('E-TARGET-CHILD', new Error(`${name}: ${String(error)}`));
  }
  throw new TargetFailure('E-TARGET-CHILD', `${name} ended before it was ready`);
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.stdin?.end();
  const last = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
  await ended;
  clearTimeout(last);
}
