import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { messageOf } from '../../errors.ts';
import { troubleIn, type LogEvent, type LoggedLine } from '../../signals/log-lines.ts';

/** What a run's service has logged, or why that can't be read. */
export type LoggedInRun = { readonly logs: readonly LoggedLine[] } | { readonly unread: string };

/** Of a log that grows faster the end is read. */
const MOST_BYTES = 64 * 2 ** 20;

/** A log file, from its end on as it was at the beginning: what a run adds to it needs no times that can be parsed. */
export class LogFile {
  readonly #path: string;
  readonly #fromByte: number;

  private constructor(path: string, fromByte: number) {
    this.#path = path;
    this.#fromByte = fromByte;
  }

  /** A file that is not there yet has its beginning read too. */
  static async open(path: string): Promise<LogFile> {
    return new LogFile(path, await sizeOf(path).catch(() => 0));
  }

  async trouble(hide: (text: string) => string): Promise<LoggedInRun> {
    try {
      const size = await sizeOf(this.#path);
      // A file that has become smaller was begun anew.
      const start = Math.max(size < this.#fromByte ? 0 : this.#fromByte, size - MOST_BYTES);
      if (size === start) return { logs: [] };
      const input = createReadStream(this.#path, { start, end: size - 1, encoding: 'utf8' });
      return { logs: await troubleIn(eventsIn(createInterface({ input, crlfDelay: Infinity })), hide) };
    } catch (error) {
      return { unread: `signals.logs was not read: ${messageOf(error)}` };
    }
  }
}

/** The times that they begin with have as many formats as there are loggers. */
async function* eventsIn(lines: AsyncIterable<string>): AsyncGenerator<LogEvent> {
  for await (const text of lines) yield { text };
}

const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;
