import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['bin', 'dashboards', 'examples', 'lambda', 'lib', 'loadgen', 'target', 'test'];

export interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
}

/** Of the repository, what the generator's image holds: the list in its Dockerfile. */
export const IMAGE = Array.from(
  readFileSync(join(ROOT, 'loadgen/Dockerfile'), 'utf8').matchAll(/^COPY (?!--from)(.*) \S+$/gm),
  ([, from = '']) => from.split(' '),
)
  .flat()
  .filter((path) => path.startsWith('lib/'));

export const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

export const parsed = files.map((file) => ({
  file,
  module: parseSync(file, readFileSync(join(ROOT, file), 'utf8')).module,
}));

export const imports: readonly Import[] = parsed.flatMap(({ file, module }) => [
  ...module.staticImports.map(({ moduleRequest, entries }) => ({
    file,
    from: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
  })),
  ...module.dynamicImports.map(({ moduleRequest }) => ({
    file,
    from: readFileSync(join(ROOT, file), 'utf8').slice(moduleRequest.start + 1, moduleRequest.end - 1),
    typeOnly: false,
  })),
]);

export const within = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

/** Files that a file imports, types included. */
export const importsOf = Map.groupBy(
  imports.filter(({ from }) => from.startsWith('.')),
  ({ file }) => file,
);

/** Every file that is loaded with an entry, types left out. */
export function loadedWith(entry: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { from, typeOnly } of importsOf.get(file) ?? [])
      if (!typeOnly) visit(relative(ROOT, join(ROOT, dirname(file), from)));
  };
  visit(entry);
  return reached;
}
