import { renameSync, rmSync, writeSync, openSync, closeSync } from 'node:fs';

/**
 * A log file that cannot fill the disk during an overload: at `limitBytes` it becomes `<path>.1` and starts anew.
 * Writing is synchronous: the writer is a guardian process that has nothing else to do, and lines stay in order.
 */
export function openBoundedLog(path: string, limitBytes = 8 * 1024 * 1024): (chunk: Buffer) => void {
  let file = openSync(path, 'w');
  let writtenBytes = 0;
  return (chunk) => {
    if (writtenBytes + chunk.length > limitBytes) {
      closeSync(file);
      rmSync(`${path}.1`, { force: true });
      renameSync(path, `${path}.1`);
      file = openSync(path, 'w');
      writtenBytes = 0;
    }
    writtenBytes += writeSync(file, chunk);
  };
}
