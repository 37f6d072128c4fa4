import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { codeOf, messageOf } from '../../../errors.ts';
import type { Attempt, Transport } from './transport.ts';

const { O_APPEND, O_CREAT, O_NONBLOCK, O_TRUNC, O_WRONLY } = constants;

/**
 * Each message is a line. A `new` file takes the place of an earlier run's, and is gone again where nothing was written. A pipe whose reader is slow is not waited for: what it doesn't take is tried
 * again.
 */
export async function fileTransport(path: string, how: 'new' | 'appended'): Promise<Transport> {
  const first = how === 'new' ? O_TRUNC : 0;
  const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | first, 0o644);
  let unused = how === 'new';
  // Of a second of which something was written, since a reader must not find half a line before another.
  let rest: Buffer = Buffer.alloc(0);
  const writeOut = async (): Promise<void> => {
    while (rest.length > 0) {
      rest = rest.subarray((await file.write(rest)).bytesWritten);
      unused = false;
    }
  };
  return {
    send: async (messages) => {
      try {
        await writeOut();
      } catch (error) {
        return again(error);
      }
      const lines = Buffer.from(messages.map((message) => `${String(message)}\n`).join(''));
      rest = lines;
      try {
        await writeOut();
      } catch (error) {
        if (rest.length < lines.length) return 'delivered';
        rest = Buffer.alloc(0);
        return again(error);
      }
      return 'delivered';
    },
    close: async () => {
      const cut = await writeOut().then(() => undefined, messageOf);
      await file.close();
      if (unused) await rm(path, { force: true });
      return cut === undefined ? undefined : `lacks the end of its last second: ${cut}`;
    },
  };
}

const again = (error: unknown): Attempt => ({
  again: codeOf(error) === 'EAGAIN' ? 'its reader is slow' : messageOf(error),
});
