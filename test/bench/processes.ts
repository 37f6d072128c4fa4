import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The file behind a command's name on PATH, or undefined. */
export function findCommand(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Everything that a short command prints, on whichever stream; how it ends doesn't matter. */
export async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(command, args, { timeout: 20_000 }, (_, stdout, stderr) => resolve(`${stdout}\n${stderr}`));
  return await promise;
}

export interface Started {
  stop(): Promise<void>;
}

/** A process that runs until it is stopped, or until this one ends. */
export function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  return {
    stop: async () => {
      process.off('exit', end);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
