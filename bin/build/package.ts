/**
 * `npm pack` calls it: makes of the sources the JavaScript that the package holds, below `dist`, since Node strips no types inside of
 * node_modules (https://nodejs.org/api/typescript.html#type-stripping-in-dependencies). The tree is the same, so what is found by its
 * path here is found there.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'dist');

/** Folders whose files other than TypeScript go along: pages, migrations, Dockerfiles, manifests. */
const FOLDERS = ['bin/ui', 'lib', 'loadgen', 'target'];
const FILES = ['bin/plimsoll.js', 'package.json', 'package-lock.json', 'cdk.json'];

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

function compile(project: string): void {
  const { status, stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['--project', join(ROOT, project)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${project} cannot be compiled:\n${stdout}`);
}

function copyOthers(): void {
  const below = FOLDERS.flatMap((folder) => filesBelow(join(ROOT, folder))).map((path) => path.slice(ROOT.length));
  for (const path of [...below.filter((each) => !/\.tsx?$|(?:^|\/)node_modules\//.test(each)), ...FILES]) {
    mkdirSync(dirname(join(OUT, path)), { recursive: true });
    cpSync(join(ROOT, path), join(OUT, path));
  }
}

/** Modules that are started by their path and not imported: threads, processes, bundles, the commands and copies of images. */
function renameModules(): void {
  for (const path of filesBelow(OUT).filter((each) => /\.(?:js|d\.ts)$|Dockerfile$/.test(each))) {
    const text = readFileSync(path, 'utf8');
    const renamed = path.endsWith('Dockerfile')
      ? text.replaceAll(/\.ts(?=[\s"])/g, '.js')
      : text.replaceAll(/(?<=['"`][^'"`\n]*)(?<!\.d)\.ts(?=['"`])/g, '.js');
    if (renamed !== text) writeFileSync(path, renamed);
  }
}

rmSync(OUT, { recursive: true, force: true });
compile('bin/build/tsconfig.json');
compile('bin/build/declarations.json');
copyOthers();
renameModules();
