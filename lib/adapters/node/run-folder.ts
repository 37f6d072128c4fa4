import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
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
import { codeOf, messageOf, PlimsollError } from '../../errors.ts';
import type { IntervalWire } from '../../measure/codec.ts';
import { folderKeys } from '../../run/archive/keys.ts';
import type { NumberedPhase } from '../../run/next.ts';
import { storePhase } from '../../run/archive/phase-files.ts';
import { type StoredRun, storeRun } from '../../run/archive/run-record.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import { FolderStore } from './folder-store.ts';

/** The whole report as data, from which every format can be rendered again. */
export const REPORT_FILE = 'report.json';

/**
 * The folder of one run, under the same keys as in a bucket (lib/run/archive/keys.ts). Intervals are written as they come, so that a
 * run that is killed can still be reported; what a full disk refuses is missed here and nowhere else.
 */
export class RunFolder {
  readonly path: string;
  /** The uppermost folder that was not there before; undefined where all of them were. */
  readonly #made: string | undefined;
  /** By worker, of the phase that is running. */
  #intervals: readonly WriteStream[] = [];
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

  /** Takes away what an earlier run has left here, and writes what is fixed; a run that never begins leaves that. */
  async begin(run: Omit<StoredRun, 'keys'>): Promise<void> {
    await this.clear();
    await this.#attempt(() => storeRun(new FolderStore(this.path), { ...run, keys: folderKeys }));
  }

  /** Takes away what an earlier run has left here. */
  async clear(): Promise<void> {
    await this.#attempt(async () => {
      // Without an earlier run here, what is called so is not Plimsoll's.
      if ((await new FolderStore(this.path).get(folderKeys.run)) === undefined) return;
      await rm(join(this.path, folderKeys.phasesPrefix), { recursive: true, force: true });
      await rm(join(this.path, folderKeys.signals), { force: true });
      await rm(join(this.path, REPORT_FILE), { force: true });
    });
  }

  /** Before the phase's start is agreed on, since a slow disk would make it late, and before the load needs every file descriptor. */
  async openPhase({ phase, number }: NumberedPhase, workers: number): Promise<void> {
    const keys = folderKeys.phase(number);
    await this.#attempt(async () => {
      const handedOut = { phase, handedOut: number + 1, passed: number + 1, stopped: false };
      await storePhase(new FolderStore(this.path), keys, handedOut);
      this.#intervals = Array.from({ length: workers }, (_, worker) => {
        const path = join(this.path, keys.intervals(worker, 0));
        mkdirSync(dirname(path), { recursive: true });
        return createWriteStream(path).on('error', (error) => (this.#failure ??= error.message));
      });
    });
  }

  /** While the phase is beginning: nothing waits for it. */
  async startPhase(number: number, startAtMs: number): Promise<void> {
    const { start } = folderKeys.phase(number);
    await this.#attempt(async () => void (await new FolderStore(this.path).put(start, JSON.stringify({ startAtMs }))));
  }

  append(interval: IntervalWire): void {
    if (this.#failure === undefined) this.#intervals[interval.worker]?.write(`${JSON.stringify(interval)}\n`);
  }

  /** Every worker has said its last; `lost` is why one of them was lost. */
  async endPhase(number: number, lost: string | undefined, series: readonly SignalSeries[]): Promise<void> {
    const streams = this.#intervals;
    this.#intervals = [];
    for (const stream of streams) stream.end();
    await Promise.all(streams.map((stream) => finished(stream).catch(() => undefined)));
    await this.#attempt(async () => {
      const store = new FolderStore(this.path);
      const { end } = folderKeys.phase(number);
      for (const worker of streams.keys()) await store.put(end(worker), JSON.stringify(worker === 0 ? { lost } : {}));
      await store.put(folderKeys.signals, JSON.stringify(series));
    });
  }

  /** A folder that was taken away is not made again: the report would then lie in it as if nothing were missing. */
  async #attempt(act: () => Promise<void>): Promise<void> {
    const write = async (): Promise<void> => {
      await access(this.path, constants.W_OK);
      await act();
    };
    await write().catch((error: unknown) => void (this.#failure ??= messageOf(error)));
  }

  /** Why intervals are missing from the folder, if they are. */
  get failure(): string | undefined {
    return this.#failure;
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

/** Into a new folder with a name of its own, since other processes write to the temporary folder too. */
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

/** The stored report of a run folder; undefined where there is none. */
export async function readReportText(folder: string): Promise<string | undefined> {
  return await readFile(join(folder, REPORT_FILE), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new PlimsollError('E-RUN-MISSING', `${folder} can't be read: ${messageOf(error)}.`, [], error);
  });
}
