import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, messageOf, PlimsollError } from '../../errors.ts';
import type { PutWhen, Store, Stored } from '../../run/archive/store.ts';

/** Drafts and locks, beside what is stored and never listed. */
const APART = '.apart';

const LOCK_WAIT_MS = 5000;
const LOCK_POLL_MS = 5;

/**
 * A store in a folder, for one machine: a key is a path below it. Puts are drafts that are linked or renamed into place, so
 * they are whole or not there. A put without a condition at the very moment of one `unchangedSince` may be overwritten by it;
 * a key that one writer writes with conditions must be written so by every other.
 */
export class FolderStore implements Store {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(key: string): Promise<Stored | undefined> {
    const path = this.#path(key);
    return await this.#attempt(async () => {
      const body = await readFile(path).catch(unless('ENOENT', 'ENOTDIR', 'EISDIR'));
      return body && { body, version: versionOf(body) };
    });
  }

  async put(key: string, body: string | Uint8Array, when?: PutWhen): Promise<boolean> {
    const path = this.#path(key);
    return await this.#attempt(async () => {
      await mkdir(dirname(path), { recursive: true });
      const draft = await this.#draft(body);
      try {
        if (when === undefined) await rename(draft, path);
        else if (when === 'absent') return await linked(draft, path);
        else return await this.#replace(key, draft, when.unchangedSince);
        return true;
      } finally {
        await rm(draft, { force: true });
      }
    });
  }

  async *list(prefix: string): AsyncIterable<string> {
    const under = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const keys = await this.#attempt(() => this.#keysBelow(under));
    yield* keys.filter((key) => key.startsWith(prefix)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  /** Keys come from plans' names and run ids, so none may lead out of the folder. */
  #path(key: string): string {
    if (key.split('/').some((part) => part === '' || part.startsWith('.')))
      throw new RangeError(`${key} is no key: its parts may be neither empty nor begin with a dot`);
    return join(this.#folder, key);
  }

  async #draft(body: string | Uint8Array): Promise<string> {
    const apart = join(this.#folder, APART);
    await mkdir(apart, { recursive: true });
    const draft = join(apart, randomUUID());
    await writeFile(draft, body);
    return draft;
  }

  /** Compares and renames under a lock of the key's: file systems have no such operation. */
  async #replace(key: string, draft: string, version: string): Promise<boolean> {
    const lock = join(this.#folder, APART, `${createHash('sha256').update(key).digest('hex')}.lock`);
    await locked(lock);
    try {
      if ((await this.get(key))?.version !== version) return false;
      await rename(draft, this.#path(key));
      return true;
    } finally {
      await rm(lock, { force: true });
    }
  }

  async #keysBelow(under: string): Promise<string[]> {
    const entries = await readdir(join(this.#folder, under), { withFileTypes: true }).catch(
      unless('ENOENT', 'ENOTDIR'),
    );
    const below = (entries ?? [])
      .filter(({ name }) => !name.startsWith('.'))
      .map(async (entry) =>
        entry.isDirectory() ? await this.#keysBelow(`${under}${entry.name}/`) : [`${under}${entry.name}`],
      );
    return (await Promise.all(below)).flat();
  }

  async #attempt<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof PlimsollError) throw error;
      throw new PlimsollError('E-STORE', `${this.#folder} can't be used: ${messageOf(error)}.`, [], error);
    }
  }
}

/** As S3's ETag it is made from the content. */
const versionOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

const unless =
  (...codes: readonly string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes(codeOf(error))) throw error;
  };

/** Links fail where there is something already, so of several at once one holds. */
async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Waits for the lock; one that stays is left of a process that was killed within the millisecond it holds it. */
async function locked(lock: string): Promise<void> {
  const untilMs = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const file = await open(lock, 'wx').catch(unless('EEXIST'));
    if (file !== undefined) return await file.close();
    if (Date.now() > untilMs)
      throw new PlimsollError('E-STORE', `${lock} is held; if no other run is under way, delete it.`);
    await sleep(LOCK_POLL_MS);
  }
}
