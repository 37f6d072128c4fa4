/** `npm run manifests`: brings what the images install, and its lock files, to the versions of the project's own. */
import { readFileSync, writeFileSync } from 'node:fs';

/** A folder each with a package.json of its own, which names what its image installs. */
const IMAGES = ['bin', 'loadgen', 'target'] as const;

/** An entry of a lock file, as npm writes it (https://docs.npmjs.com/cli/configuring-npm/package-lock-json). */
interface Locked {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly optional?: true;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));

const print = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Every image's manifest and lock file, by path: a part of the project's own, so that an image runs what the tests ran. */
export function imageManifests(): Readonly<Record<string, string>> {
  const { packages } = read('package-lock.json') as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  return Object.fromEntries(
    IMAGES.flatMap((image) => {
      const manifest = read(`${image}/package.json`) as Manifest;
      const names = Object.keys(manifest.dependencies);
      const dependencies = Object.fromEntries(
        names.map((name) => [name, packages[`node_modules/${name}`]?.version ?? 'none']),
      );
      const lock = {
        lockfileVersion: 3,
        requires: true,
        packages: { '': { dependencies }, ...closure(names, packages) },
      };
      return [
        [`${image}/package.json`, print({ ...manifest, dependencies })],
        [`${image}/package-lock.json`, print(lock)],
      ];
    }),
  );
}

/** Everything that the named packages need, found as Node would find it. */
function closure(names: readonly string[], packages: Readonly<Record<string, Locked>>): Record<string, unknown> {
  const found = new Map<string, { readonly isOptional: boolean }>();
  const visit = (name: string, from: string, isOptional: boolean): void => {
    const path = placeOf(name, from, packages);
    const known = path === undefined ? undefined : found.get(path);
    if (path === undefined || (known !== undefined && (isOptional || !known.isOptional))) return;
    found.set(path, { isOptional });
    const { dependencies = {}, optionalDependencies = {} } = packages[path] ?? {};
    for (const each of Object.keys(dependencies)) visit(each, path, isOptional);
    for (const each of Object.keys(optionalDependencies)) visit(each, path, true);
  };
  for (const name of names) visit(name, '', false);
  return Object.fromEntries(
    Array.from(found)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { isOptional }]) => [path, asLocked(packages[path], isOptional)]),
  );
}

/** Without what its place in the project says of it: that it is for development, or a peer. */
function asLocked(locked: Locked | undefined, isOptional: boolean): object {
  const flags = new Set(['dev', 'peer', 'optional', 'devOptional']);
  const facts = Object.entries(locked ?? {}).filter(([key]) => !flags.has(key));
  return Object.fromEntries(isOptional ? [...facts, ['optional', true]] : facts);
}

/** The nearest folder of that package, seen from another one; undefined where it is not installed. */
function placeOf(name: string, from: string, packages: Readonly<Record<string, Locked>>): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (path in packages) return path;
    if (at === '') return undefined;
  }
}

if (import.meta.main)
  for (const [file, text] of Object.entries(imageManifests()))
    writeFileSync(new URL(`../../${file}`, import.meta.url), text);
