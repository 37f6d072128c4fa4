import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Summary } from '../../lib/report/summary.ts';

const ENTRY = fileURLToPath(new URL('../../bin/plimsoll.js', import.meta.url));

/** How a command ended, and what it said. */
export interface Ended {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Of the shell's `ulimit`: `-f 4` takes 4 KiB of any one file, as a full disk would, and `-n 64` opens 64 at a time. */
  readonly limit?: string;
  /** Where it is called; by default where the test runs. */
  readonly cwd?: string;
}

/** What a person's shell, or a job of GitHub's, may say of colours, hosts and summaries is not meant for the commands of a test. */
const OF_THE_SHELL = new Set([
  'FORCE_COLOR',
  'GITHUB_ACTIONS',
  'PLIMSOLL_ALLOW',
  'PLIMSOLL_ALLOW_PRODUCTION',
  'PLIMSOLL_DEBUG',
]);

const environment = (own: Readonly<Record<string, string>> = {}): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THE_SHELL.has(name))),
  NO_COLOR: '1',
  ...own,
});

/** The command line as a process of its own, which leads a process group, so that whatever it leaves behind can be found. */
export class CommandLine {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly #process: ChildProcess;
  #err = '';
  #out = '';

  constructor(args: readonly string[], { env, limit, cwd }: Surroundings = {}) {
    const command = [process.execPath, ENTRY, ...args];
    const limited = ['bash', '-c', `ulimit ${limit}; exec "$@"`, 'bash', ...command];
    const [file = '', ...rest] = limit === undefined ? command : limited;
    this.#process = spawn(file, rest, {
      detached: true,
      env: environment(env),
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.pid = this.#process.pid ?? 0;
    this.ended = this.#end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Resolves when it has said `text` on standard error; rejects when it ended without. */
  async said(text: string): Promise<void> {
    const { stderr } = this.#process;
    if (stderr === null) return;
    while (!this.#err.includes(text)) {
      const ended = await Promise.race([once(stderr, 'data').then(() => undefined), this.ended]);
      if (ended !== undefined && !ended.err.includes(text)) {
        throw new Error(`it ended with ${ended.code} and never said "${text}": ${ended.err}`);
      }
    }
  }

  /** The first of such text that it prints on standard output; rejects when it ended without. */
  async printed(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#out)?.[0];
      if (found !== undefined) return found;
      const { stdout } = this.#process;
      if (stdout === null) throw new Error('it has no output');
      const ended = await Promise.race([once(stdout, 'data').then(() => undefined), this.ended]);
      if (ended !== undefined) throw new Error(`it ended with ${ended.code}: ${ended.err}`);
    }
  }

  /** Whether any process of its group is left. */
  get leavesOrphans(): boolean {
    try {
      return process.kill(-this.pid, 0);
    } catch {
      return false;
    }
  }

  async #end(): Promise<Ended> {
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#out += text));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#err += text));
    const [code] = (await once(this.#process, 'close')) as [number | null];
    return { code, out: this.#out, err: this.#err };
  }
}

/** A folder for a test's files, gone when it is disposed of. */
export class Workplace implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), 'plimsoll-test-')));
  }

  /** Writes a file and returns its path. */
  async write(name: string, text: string): Promise<string> {
    await writeFile(join(this.path, name), text);
    return join(this.path, name);
  }

  async summary(folder: string): Promise<Summary> {
    return JSON.parse(await readFile(join(this.path, folder, 'summary.json'), 'utf8')) as Summary;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
