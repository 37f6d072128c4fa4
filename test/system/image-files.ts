import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** What an image holds, by its Dockerfile, as far as it comes from this repository and from npm. */
export class ImageFiles {
  /** With lines that go on put together. */
  readonly instructions: readonly string[];
  readonly #lastStage: readonly string[];

  constructor(dockerfile: string) {
    this.instructions = readFileSync(dockerfile, 'utf8')
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => /^[A-Z]+ /.test(line));
    this.#lastStage = this.instructions.slice(this.instructions.findLastIndex((line) => line.startsWith('FROM ')));
  }

  argumentsOf(instruction: string): string[] {
    return this.#lastStage
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1));
  }

  /** Lays all of it into a folder: its files, and links to its packages. */
  layInto(app: string): void {
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
