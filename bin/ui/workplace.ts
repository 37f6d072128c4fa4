import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { loadPlan } from '../../lib/adapters/node/plan-file.ts';
import { pointLatestAt } from '../../lib/adapters/node/run-folder.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { describeRun, type RunLine } from '../../lib/run/archive/runs.ts';
import { runId } from '../../lib/run/run-id.ts';
import { signals } from '../../lib/signals/index.ts';
import { foldersIn, withRepeats } from '../local/run-folders.ts';
import { storedRepeats, type StoredRepeats } from './stored-repeats.ts';

const ENTRY = fileURLToPath(new URL('../plimsoll.js', import.meta.url));

/** A run that was started from the page, and what it has said last. */
interface StartedRun {
  readonly child: ChildProcess;
  said: string;
}

const MOST_LETTERS = 4000;

/** Plans lie beside the caller, or in plans/. */
const PLAN_FOLDERS = ['.', 'plans'];

/** Of a run without a summary: whether something was written lately. */
const STILL_MS = 6000;

/** The folder of runs and the plans beside it: what is there, what runs, and what was started from here. */
export class UiWorkplace {
  readonly runs: string;
  readonly #base: string;
  readonly #started = new Map<string, StartedRun>();

  constructor(base: string, runs: string) {
    this.#base = base;
    this.runs = runs;
  }

  /** The newest first. Repeats are named by their folder and their own: `five/1`. */
  async lines(): Promise<RunLine[]> {
    const found = await Promise.all((await this.#ids()).map((id) => this.#line(id)));
    const lines = found.flatMap((line) => line ?? []);
    return lines.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt) || b.id.localeCompare(a.id));
  }

  async #line(id: string): Promise<RunLine | undefined> {
    const unreported = (await this.isRunning(id)) ? ('running' as const) : ('none' as const);
    return await describeRun(new FolderStore(this.folderOf(id)), { id, keys: folderKeys, unreported });
  }

  async #ids(): Promise<readonly string[]> {
    return (await withRepeats(await foldersIn(this.runs))).map((path) => relative(this.runs, path));
  }

  repeats = (): Promise<readonly StoredRepeats[]> => storedRepeats(this.runs);

  folderOf = (id: string): string => join(this.runs, id);

  /** A name in an address that is a run's folder, and no way out of it. */
  async has(id: string): Promise<boolean> {
    return /^\w[\w.-]*(?:\/\w[\w.-]*)?$/.test(id) && (await this.#ids()).includes(id);
  }

  /** Started from here and not over, or written to a moment ago from elsewhere. */
  async isRunning(id: string): Promise<boolean> {
    const started = this.#started.get(id);
    if (started !== undefined) return started.child.exitCode === null && started.child.signalCode === null;
    const folder = this.folderOf(id);
    if ((await changedAtMs(join(folder, 'summary.json'))) > 0) return false;
    const phases = await readdir(join(folder, 'phases')).catch(() => []);
    const last = Math.max(-1, ...phases.map(Number).filter(Number.isInteger));
    const intervals = await readdir(join(folder, `phases/${last}/intervals/0`)).catch(() => []);
    const paths = ['run.json', ...intervals.map((name) => `phases/${last}/intervals/0/${name}`)];
    const changed = await Promise.all(paths.map((path) => changedAtMs(join(folder, path))));
    return Math.max(...changed) > Date.now() - STILL_MS;
  }

  /** Whether it can be stopped from here: the process of another terminal is not known. */
  isStoppable = (id: string): boolean => {
    const child = this.#started.get(id)?.child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  };

  /** What a run that was started here has said last, errors among it. */
  saidBy = (id: string): string | undefined => this.#started.get(id)?.said;

  /** Runs that were started here and have left no folder of a run. */
  get failed(): readonly { readonly id: string; readonly said: string }[] {
    return [...this.#started].flatMap(([id, { child, said }]) => (child.exitCode ? [{ id, said }] : []));
  }

  async plans(): Promise<readonly string[]> {
    const found = await Promise.all(
      PLAN_FOLDERS.map(async (folder) => {
        const names = await readdir(join(this.#base, folder)).catch(() => []);
        return names.filter((name) => /\.ya?ml$/.test(name)).map((name) => relative('.', join(folder, name)));
      }),
    );
    const isPlan = async (path: string): Promise<boolean> => {
      const text = await readFile(join(this.#base, path), 'utf8').catch(() => '');
      return /^scenarios:/m.test(text) && /^(?:phases|capacity|profile):/m.test(text);
    };
    const paths = found.flat();
    const are = await Promise.all(paths.map(isPlan));
    return paths.filter((_, at) => are[at] === true);
  }

  /**
   * Starts a plan in a process of its own, which goes on when the page ends; returns the run's id.
   * @throws PlimsollError as `plimsoll validate` does
   */
  async start(path: string, command: 'run' | 'capacity'): Promise<string> {
    const full = join(this.#base, path);
    const { plan } = await loadPlan(full, { signalIds: signals.map(({ id }) => id), env: process.env });
    const id = runId(Date.now(), plan);
    const args = [ENTRY, command, await realpath(full), '--out', this.folderOf(id)];
    const env = { ...process.env, NO_COLOR: '1' };
    const child = spawn(process.execPath, args, {
      cwd: this.#base,
      env,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const started: StartedRun = { child, said: '' };
    this.#started.set(id, started);
    child.on('error', (error) => (started.said += error.message));
    child.on('exit', () => void pointLatestAt(this.folderOf(id)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      started.said = `${started.said}${text}`.slice(-MOST_LETTERS);
    });
    child.unref();
    // Nor does what it says hold the page's process.
    if (child.stderr instanceof Socket) child.stderr.unref();
    return id;
  }

  /** As Ctrl-C does: the load ends, and the report is written. False where the run is not one that was started here. */
  stop(id: string): boolean {
    const started = this.#started.get(id);
    return started !== undefined && this.isStoppable(id) && started.child.kill('SIGINT');
  }
}

const changedAtMs = async (path: string): Promise<number> =>
  await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
