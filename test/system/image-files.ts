import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** What an image holds, by its Dockerfile, as far as it comes from this repository and from npm. */
export class ImageFiles {
  /** With lines that go on put together. */
  readonly instructions: readonly string[];
  readonly #stage: readonly string[];

  /** `stage` by its name; the image itself is the last one. */
  constructor(dockerfile: string, stage?: string) {
    this.instructions = readFileSync(dockerfile, 'utf8')
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => /^[A-Z]+ /.test(line));
    const isBegin = (line: string): boolean =>
      line.startsWith('FROM ') && (stage === undefined || line.endsWith(` AS ${stage}`));
    const begin = this.instructions.findLastIndex(isBegin);
    const rest = this.instructions.slice(begin + 1);
    const end = rest.findIndex((line) => line.startsWith('FROM '));
    this.#stage = end === -1 ? rest : rest.slice(0, end);
  }

  argumentsOf(instruction: string): string[] {
    return this.#stage
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1));
  }

  /** Lays all of it into a folder: its files, and links to its packages. */
  layInto(app: string): void {
    this.layFilesInto(app);
    this.linkPackagesInto(app);
  }

  /** The files that it copies from this repository. */
  layFilesInto(app: string): void {
    const copies = this.argumentsOf('COPY').filter((line) => !line.startsWith('--from'));
    for (const paths of copies.map((line) => line.split(' '))) {
      const to = paths.at(-1) ?? '';
      for (const from of paths.slice(0, -1)) {
        // With a slash at the end the destination is a folder to put files into.
        const path = join(app, to.endsWith('/') ? join(to, basename(from)) : to);
        mkdirSync(dirname(path), { recursive: true });
        cpSync(from, path, { recursive: true });
      }
    }
  }

  linkPackagesInto(app: string): void {
    for (const path of this.packages()) {
      mkdirSync(dirname(join(app, path)), { recursive: true });
      symlinkSync(resolve(path), join(app, path));
    }
  }

  /** What `npm ci --omit=optional` installs from the lock file that it copies. */
  packages(): string[] {
    const file = this.instructions.flatMap((line) => /\S+package-lock\.json/.exec(line)?.[0] ?? [])[0] ?? '';
    const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, object> };
    return Object.entries(lock.packages).flatMap(([path, facts]) => {
      const outermost = path.lastIndexOf('node_modules/') === 0;
      return 'optional' in facts || !outermost ? [] : [path];
    });
  }
}
