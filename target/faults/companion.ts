import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { lifelineEnvironment } from '../lifeline.ts';
import type { Release } from './bench.ts';

const BESIDE = fileURLToPath(new URL('beside.ts', import.meta.url));

/** Starts beside.ts; it ends by the release, or with this process. */
export function startCompanion(...args: readonly string[]): Release {
  const child = spawn(process.execPath, [BESIDE, ...args], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, ...lifelineEnvironment },
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'exit');
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
