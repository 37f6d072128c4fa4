import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PlimsollError } from '../../errors.ts';

const ready = z.object({
  format: z.literal('plimsoll.target.v1'),
  url: z.url(),
  metrics: z.url(),
  downstream: z.url(),
  database: z.string(),
  cache: z.object({ kind: z.string(), url: z.string() }),
  seeded: z.object({ users: z.number(), jobs: z.number(), seconds: z.number() }),
});

/** Where the marketplace service listens, and what it runs on. */
export type TargetAddress = z.infer<typeof ready>;

const STACK = fileURLToPath(new URL('../../../target/stack.ts', import.meta.url));

export interface BuiltInStart {
  readonly logFile: string;
  readonly say: (line: string) => void;
  /** Of target/stack.ts, and what its environment has besides this process's own. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** First start on a slow disk, 100,000 users and all; what takes longer hangs. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * The marketplace service with its database, cache and downstream service, as a process of its own. It stops when its
 * stdin ends, so it outlives neither us nor a crash of ours; a group of its own keeps a terminal's Ctrl-C away from it,
 * since the load must end before the service does.
 */
export class BuiltInTarget {
  readonly address: TargetAddress;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, address: TargetAddress) {
    this.#process = process;
    this.address = address;
  }

  /** Lines of progress go to `say`, everything it prints to `logFile`. Throws E-TARGET-START. */
  static async start({ logFile, say, args = [], env = {} }: BuiltInStart, signal: AbortSignal): Promise<BuiltInTarget> {
    const child = spawn(process.execPath, [STACK, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env },
    });
    const log = createWriteStream(logFile).on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    child.stderr.pipe(log);
    let lastLine = '';
    let started = false;
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastLine = line;
      if (!started) say(line);
    });
    try {
      const line = await firstLine(child, AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]));
      started = true;
      return new BuiltInTarget(child, ready.parse(JSON.parse(line)));
    } catch (error) {
      await stop(child);
      if (signal.aborted) throw new PlimsollError('E-INTERRUPTED', 'The run was stopped while its target started.');
      throw new PlimsollError(
        'E-TARGET-START',
        `The built-in service did not start: ${lastLine || String(error)}`,
        [],
        error,
      );
    }
  }

  async stop(): Promise<void> {
    await stop(this.#process);
  }
}

async function firstLine(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', resolve);
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
  const giveUp = (): void => reject(new Error('it was stopped, or took too long'));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  return promise;
}

/** Asks by closing its stdin, then by SIGTERM, and in the end by SIGKILL. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  child.stdin?.end();
  const timers = [
    setTimeout(() => child.kill('SIGTERM'), STOP_TIMEOUT_MS / 2),
    setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS),
  ];
  await promise;
  for (const timer of timers) clearTimeout(timer);
}
