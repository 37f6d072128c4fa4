import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

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
