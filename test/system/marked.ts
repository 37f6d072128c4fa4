import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * The programs whose environment holds `mark` (Linux): whatever a marked process started, and they in turn, however often
 * their parents have changed since.
 */
export function processesMarked(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark) ? [readlinkSync(`/proc/${pid}/exe`)] : [];
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
