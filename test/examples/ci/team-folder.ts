import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePort } from '../../../target/stack/free-port.ts';
import { endMarked } from '../../system/marked.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXAMPLES = join(ROOT, 'examples/ci');
const own = (path: string): string => pathToFileURL(join(ROOT, path)).href;

/** Where the database and the cache are that a pipeline names as its services. */
export interface Backing {
  readonly database: string;
  readonly cache: string;
}

export interface StepEnd {
  readonly code: number | null;
  readonly said: string;
}

/** As long as a test can wait for: all else of a plan stays. */
const SPANS: Readonly<Record<string, string>> = {
  'duration: 5s': 'duration: 500ms',
  'duration: 10s': 'duration: 600ms',
  'duration: 1m': 'duration: 500ms',
  'duration: 5m': 'duration: 600ms',
};
/** Of a pull request's load, which is judged and compared. */
const STEADY = 'duration: 30s';
const STEADY_HERE = '3s';

/**
 * What is planted: one reply of so many is an error, or each comes so much later. How slow replies are depends on what else this machine
 * does, and whether they are errors does not; so the test, which is of the pipelines and not of the machine, plants errors.
 */
export type Regression = 'errors' | 'lateness';
const BROKEN_OF = 5;
export const LATER_MS = 60;

/**
 * The repository of a team that has taken over the pipelines and uses the sample service as its own; gone, with all that its steps have
 * started, when it is disposed of.
 */
export class TeamFolder implements AsyncDisposable {
  readonly path: string;
  readonly #mark: string;
  #steps = 0;

  private constructor(path: string) {
    this.path = path;
    this.#mark = `PLIMSOLL_TEST_MARK=${path}`;
  }

  static async make(backing: Backing, steady = STEADY_HERE): Promise<TeamFolder> {
    const folder = new TeamFolder(await mkdtemp(join(tmpdir(), 'plimsoll-team-')));
    const [service, provider] = [await freePort(), await freePort()];
    folder.#writePackage();
    // What the pipelines say, and what stands for it here, in every file.
    const table: readonly (readonly [RegExp, string])[] = [
      [/postgres:\/\/app:app@(?:127\.0\.0\.1|postgres):5432\/app/g, backing.database],
      [/redis:\/\/(?:127\.0\.0\.1|redis):6379/g, backing.cache],
      // With this the objectives let the regression pass, so that it is the comparison that has to find it.
      [/errors < 1%/g, 'errors < 50%'],
      [/\b8080\b/g, String(service)],
      [/\b9090\b/g, String(provider)],
    ];
    cpSync(join(EXAMPLES, 'load'), join(folder.path, 'load'), { recursive: true });
    cpSync(join(EXAMPLES, 'github'), join(folder.path, '.github'), { recursive: true });
    cpSync(join(EXAMPLES, 'gitlab'), folder.path, { recursive: true });
    cpSync(join(EXAMPLES, 'jenkins'), folder.path, { recursive: true });
    for (const file of ['load', '.github', '.gitlab-ci.yml', 'Jenkinsfile'].flatMap((name) => folder.#filesIn(name)))
      folder.#rewrite(file, table, steady);
    return folder;
  }

  #filesIn(name: string): string[] {
    const path = join(this.path, name);
    if (!['load', '.github'].includes(name)) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  #rewrite(file: string, table: readonly (readonly [RegExp, string])[], steady: string): void {
    const spans: Readonly<Record<string, string>> = { ...SPANS, [STEADY]: `duration: ${steady}` };
    const text = table.reduce((left, [from, to]) => left.replaceAll(from, to), readFileSync(file, 'utf8'));
    const short = text.replaceAll(/\bduration: \w+/g, (span) => spans[span] ?? `nothing for ${span}`);
    writeFileSync(file, /\/load\/\w.*\.yaml$/.test(file) ? short : text);
  }

  /** With the sources as what the package holds, so that `npm ci` needs no network. */
  #writePackage(): void {
    const scripts = {
      migrate: `node ${join(ROOT, 'target/seed/main.ts')} --users 100 --jobs 100`,
      start: `node --import ./regression.mjs ${join(ROOT, 'target/service/main.ts')}`,
      deploy: "node -e \"fs.appendFileSync('deployed', process.argv[1] + ' ')\"",
    };
    const manifest = {
      name: 'shop',
      version: '1.0.0',
      private: true,
      scripts,
      devDependencies: { plimsoll: 'file:tool' },
    };
    const lock = {
      name: 'shop',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'shop', version: '1.0.0', devDependencies: manifest.devDependencies },
        'node_modules/plimsoll': { resolved: 'tool', link: true },
        tool: { name: 'plimsoll', version: '0.1.0', dev: true, bin: { plimsoll: 'cli.mjs' } },
      },
    };
    this.write('package.json', JSON.stringify(manifest));
    this.write('package-lock.json', JSON.stringify(lock));
    this.write(
      'tool/package.json',
      JSON.stringify({ name: 'plimsoll', version: '0.1.0', bin: { plimsoll: 'cli.mjs' } }),
    );
    // There is no account here, and a search for the capacity takes half a minute at the least (test/system/capacity.test.ts makes one): these
    // are noted down, and everything else is done.
    this.write(
      'tool/cli.mjs',
      `#!/usr/bin/env node
import { appendFileSync } from 'node:fs';
const args = process.argv.slice(2);
if (!['capacity', 'cloud', 'verify'].includes(args[0])) await import('${own('bin/plimsoll.js')}');
else {
  appendFileSync('noted', args.join(' ') + '\\n');
  if (args[1] === 'start') console.log('the-execution');
  if (args[1] === 'watch') process.exitCode = Number(process.env.WATCHED ?? 0);
}
`,
    );
    this.write('tool/dist/target/downstream/main.js', `import('${own('target/downstream/main.ts')}');\n`);
    this.write(
      'regression.mjs',
      `import { existsSync, readFileSync } from 'node:fs';
import { Server } from 'node:http';
const { emit } = Server.prototype;
let requests = 0;
Server.prototype.emit = function (event, request, reply, ...rest) {
  const planted = event === 'request' && existsSync('planted') ? readFileSync('planted', 'utf8') : '';
  const go = () => emit.call(this, event, request, reply, ...rest);
  if (planted === 'lateness') setTimeout(go, ${LATER_MS});
  else if (planted !== 'errors' || ++requests % ${BROKEN_OF} > 0) return go();
  else reply.writeHead(500).end();
  return true;
};
`,
    );
  }

  inPlace = (name: string): string => join(this.path, name);

  read = (name: string): string => readFileSync(this.inPlace(name), 'utf8');

  write(name: string, text: string): void {
    mkdirSync(dirname(this.inPlace(name)), { recursive: true });
    writeFileSync(this.inPlace(name), text);
  }

  list = (name: string): string[] => (existsSync(this.inPlace(name)) ? readdirSync(this.inPlace(name)).toSorted() : []);

  /** A folder in place of what was there; of nothing comes nothing. */
  copy(from: string | undefined, to: string): void {
    rmSync(this.inPlace(to), { recursive: true, force: true });
    if (from !== undefined) cpSync(this.inPlace(from), this.inPlace(to), { recursive: true });
  }

  /** In the place of what was planted before. */
  plant(regression: Regression | 'nothing'): void {
    rmSync(this.inPlace('planted'), { force: true });
    if (regression !== 'nothing') this.write('planted', regression);
  }

  /** A command in the folder, with nothing of this process's environment but where its programs are; `first` is a folder in which they are looked for first. */
  async run(command: readonly string[], env: Readonly<Record<string, string>> = {}, first = ''): Promise<StepEnd> {
    this.#steps += 1;
    const log = this.inPlace(`step-${this.#steps}.log`);
    const output = openSync(log, 'w');
    const folders = [...(first === '' ? [] : [resolve(this.path, first)]), dirname(process.execPath)];
    const path = [...folders, process.env['PATH'] ?? ''].join(delimiter);
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      cwd: this.path,
      stdio: ['ignore', output, output],
      env: { HOME: this.path, NO_COLOR: '1', PATH: path, PLIMSOLL_TEST_MARK: this.path, ...env },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, said: readFileSync(log, 'utf8') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = await endMarked(this.#mark);
    rmSync(this.path, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`a step has left ${left.join(', ')}`);
  }
}
