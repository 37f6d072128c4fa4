import { createWriteStream, type WriteStream } from 'node:fs';
import {
  access,
  constants,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { messageOf, PlimsollError } from '../../errors.ts';
import type { IntervalWire } from '../../measure/codec.ts';

/** Raw intervals, one JSON object a line. */
export const INTERVALS_FILE = 'intervals.ndjson';
/** The whole report as data, from which every format can be rendered again. */
export const REPORT_FILE = 'report.json';

/** The folder of one run. Intervals are written as they come; what a full disk refuses is missed here and nowhere else. */
export class RunFolder {
  readonly path: string;
  /** The uppermost folder that was not there before; undefined where all of them were. */
  readonly #made: string | undefined;
  #intervals: WriteStream | undefined;
  #failure: string | undefined;

  private constructor(path: string, made: string | undefined) {
    this.path = path;
    this.#made = made;
  }

  /** Makes the folder, or throws E-OUT before any load is offered. */
  static async create(path: string): Promise<RunFolder> {
    try {
      const made = await mkdir(path, { recursive: true });
      await access(path, constants.W_OK);
      return new RunFolder(path, made);
    } catch (error) {
      throw new PlimsollError('E-OUT', `${path} can't be written: ${messageOf(error)}.`, [], error);
    }
  }

  /** Writes files into a run's folder that is there already; throws E-OUT. */
  static async rewrite(path: string, files: ReadonlyMap<string, string>): Promise<string> {
    await writeAll(path, files).catch((error: unknown) => {
      throw new PlimsollError('E-OUT', `${path} can't be written: ${messageOf(error)}.`, [], error);
    });
    return path;
  }

  /** Before the load, which may need every file descriptor there is; a run that never begins leaves an earlier run's file. */
  openIntervals(): void {
    this.#intervals = createWriteStream(join(this.path, INTERVALS_FILE));
    this.#intervals.on('error', (error) => (this.#failure ??= error.message));
  }

  keep(interval: IntervalWire): void {
    if (this.#failure === undefined) this.#intervals?.write(`${JSON.stringify(interval)}\n`);
  }

  /** Why intervals are missing from the folder, if they are. */
  get failure(): string | undefined {
    return this.#failure;
  }

  async closeIntervals(): Promise<void> {
    if (this.#intervals === undefined) return;
    this.#intervals.end();
    await finished(this.#intervals).catch(() => undefined);
  }

  /** Takes away what was made for a run of which nothing came; folders that hold something stay. */
  async leaveNothing(): Promise<void> {
    if (this.#made === undefined) return;
    for (let path = this.path; path.startsWith(this.#made); path = dirname(path)) {
      const gone = await rmdir(path).then(
        () => true,
        () => false,
      );
      if (!gone) return;
    }
  }

  /**
   * Writes the files, all or none of each. Where the folder takes no more they go to the system's temporary folder instead,
   * so that nothing measured is lost. Returns where they are; throws E-OUT where neither takes them.
   */
  async write(files: ReadonlyMap<string, string>): Promise<{ path: string; failure?: string }> {
    try {
      await writeAll(this.path, files);
      return { path: this.path };
    } catch (error) {
      return { path: await writeElsewhere(this.path, files), failure: messageOf(error) };
    }
  }
}

/** A folder of its own that nobody else has made, since others may write there too. */
async function writeElsewhere(refused: string, files: ReadonlyMap<string, string>): Promise<string> {
  try {
    const path = await mkdtemp(join(tmpdir(), `plimsoll-${basename(refused)}-`));
    await writeAll(path, files);
    return path;
  } catch (error) {
    const sentence = `The report could be written neither to ${refused} nor to ${tmpdir()}: ${messageOf(error)}.`;
    throw new PlimsollError('E-OUT', sentence, [], error);
  }
}

async function writeAll(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of files) {
    const [draft, final] = [join(folder, `.${name}.draft`), join(folder, name)];
    try {
      await writeFile(draft, text);
      await rename(draft, final);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }
}

/** Lets `latest` beside the run's folder point at it. A system without symbolic links goes without. */
export async function pointLatestAt(folder: string): Promise<void> {
  const link = join(dirname(folder), 'latest');
  await unlink(link).catch(() => undefined);
  await symlink(basename(folder), link).catch(() => undefined);
}

/** The kept report of a run folder; throws E-RUN-MISSING where there is none. */
export async function readReportText(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, REPORT_FILE), 'utf8');
  } catch (error) {
    throw new PlimsollError('E-RUN-MISSING', `${folder} holds no ${REPORT_FILE}.`, [], error);
  }
}
