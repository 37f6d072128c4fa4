import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * The processes whose environment holds `mark` (Linux): whatever a marked process started, and they in turn, however often
 * their parents have changed since.
 */
const pidsMarked = (mark: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark) ? [Number(pid)] : [];
      } catch {
        return [];
      }
    });

/** Their programs. */
export function processesMarked(mark: string): string[] {
  return pidsMarked(mark).flatMap((pid) => {
    try {
      return [readlinkSync(`/proc/${pid}/exe`)];
    } catch {
      return [];
    }
  });
}

const PATIENCE_MS = 15_000;

/** Those of them that don't end by themselves: a guardian ends when it has seen that its parent is gone. */
export async function survivorsMarked(mark: string): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  let left = processesMarked(mark);
  while (left.length > 0 && Date.now() < deadline) {
    await pause(50);
    left = processesMarked(mark);
  }
  return left;
}

/** Ends them, as a CI system does at the end of a job with what its steps left running. @returns those that did not end */
export async function endMarked(mark: string): Promise<string[]> {
  for (const pid of pidsMarked(mark)) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has just ended by itself.
    }
  }
  return await survivorsMarked(mark);
}
