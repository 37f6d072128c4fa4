import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { messageOf, PlimsollError } from '../../errors.ts';
import type { PutWhen, Store, Stored } from '../../run/archive/store.ts';
import { FolderStore } from '../node/folder-store.ts';
import { callAws, causeName, clientDefaults } from './client-defaults.ts';

export interface BucketPlace {
  readonly bucket: string;
  /** Begins every key; empty, or with a slash at its end. */
  readonly prefix: string;
}

/** What S3 answers to a conditional put whose condition does not hold: changed, or gone. */
const NOT_MET = new Set(['PreconditionFailed', 'NoSuchKey']);

/** S3's "Error responses": a bucket that is not there, or not where it was looked for. */
const ELSEWHERE = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);
const NOWHERE = new Set(['NoSuchBucket', 'InvalidBucketName']);

/** So that the console shows a report and does not save it. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.json': 'application/json',
  '.xml': 'application/xml',
};

/** "If a conflicting operation occurs during the upload … on a 409 failure you should retry" (S3 API, PutObject). */
const CONFLICT = 'ConditionalRequestConflict';
const CONFLICT_TRIES = 5;
const CONFLICT_PAUSE_MS = 50;

/** A store in an S3 bucket. */
export class S3Store implements Store {
  readonly #client: S3Client;
  readonly #place: BucketPlace;

  constructor(client: S3Client, place: BucketPlace) {
    this.#client = client;
    this.#place = place;
  }

  async get(key: string): Promise<Stored | undefined> {
    try {
      return await this.#callAws('s3:GetObject', async () => {
        const { Body, ETag = '' } = await this.#client.send(new GetObjectCommand(this.#at(key)));
        return { body: (await Body?.transformToByteArray()) ?? new Uint8Array(), version: ETag };
      });
    } catch (error) {
      if (causeName(error) === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  async put(key: string, body: string | Uint8Array, when?: PutWhen): Promise<boolean> {
    // Of an empty string the SDK warns on stderr that its length is unknown.
    const Body = typeof body === 'string' ? Buffer.from(body) : body;
    const ContentType = TYPES[extname(key)];
    const command = new PutObjectCommand({ ...this.#at(key), Body, ContentType, ...conditionOf(when) });
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#callAws('s3:PutObject', () => this.#client.send(command));
        return true;
      } catch (error) {
        const name = causeName(error);
        if (when !== undefined && NOT_MET.has(name)) return await this.#isOurs(key, body, error);
        if (name !== CONFLICT || tries === CONFLICT_TRIES) throw error;
      }
      await sleep(CONFLICT_PAUSE_MS * tries);
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    const { bucket: Bucket, prefix: home } = this.#place;
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket, Prefix: `${home}${prefix}` });
    const page = pages[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await this.#callAws('s3:ListBucket', () => page.next());
      if (done === true) return;
      for (const { Key } of value.Contents ?? []) if (Key !== undefined) yield Key.slice(home.length);
    }
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#place.bucket, Key: `${this.#place.prefix}${key}` };
  }

  /**
   * A put whose reply was lost is sent again by the SDK, and then meets what it has written itself: that condition did hold.
   */
  async #isOurs(key: string, body: string | Uint8Array, refusal: unknown): Promise<boolean> {
    if (attemptsOf(refusal) < 2) return false;
    const stored = await this.get(key);
    return stored !== undefined && Buffer.from(stored.body).equals(Buffer.from(body));
  }

  /** Of the errors of AWS only these are the store's own: there is no such bucket, or none in this region. */
  async #callAws<T>(action: string, call: () => Promise<T>): Promise<T> {
    try {
      return await callAws(action, call);
    } catch (error) {
      const { bucket } = this.#place;
      const name = causeName(error);
      if (NOWHERE.has(name)) throw new PlimsollError('E-STORE', `There is no bucket ${bucket}.`, [], error);
      if (!ELSEWHERE.has(name)) throw error;
      const sentence = `The bucket ${bucket} can't be used from this region: ${messageOf(error)}`;
      throw new PlimsollError('E-STORE', sentence, [], error);
    }
  }
}

function conditionOf(when: PutWhen | undefined): { IfNoneMatch?: string; IfMatch?: string } {
  if (when === undefined) return {};
  return when === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: when.unchangedSince };
}

/** How often the SDK sent the request that `callAws` threw for. */
function attemptsOf(error: unknown): number {
  const cause = error instanceof Error ? error.cause : undefined;
  const metadata = typeof cause === 'object' && cause !== null && '$metadata' in cause ? cause.$metadata : undefined;
  return (metadata as { attempts?: number } | undefined)?.attempts ?? 1;
}

/** Servers other than AWS's have a name for themselves, and mostly none for each bucket: the bucket stands in the path. */
function newClient(): S3Client {
  const isElsewhere = ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'].some((name) => (process.env[name] ?? '') !== '');
  return new S3Client({ ...clientDefaults, forcePathStyle: isElsewhere });
}

/**
 * The store at `file:///folder`, or at `s3://bucket` or `s3://bucket/prefix` with the credentials and region of the
 * environment. Nothing is asked of it yet.
 *
 * @throws PlimsollError E-STORE for any other address
 */
export function storeAt(address: string): Store {
  const url = URL.parse(address);
  try {
    if (url?.protocol === 'file:' && url.host === '') return new FolderStore(fileURLToPath(url));
    if (url?.protocol === 's3:' && url.host !== '') return new S3Store(newClient(), placeOf(url));
  } catch {
    // A % that escapes nothing.
  }
  throw new PlimsollError('E-STORE', `"${address}" is no store; write file:///folder or s3://bucket/prefix.`);
}

function placeOf({ host: bucket, pathname }: URL): BucketPlace {
  const prefix = decodeURIComponent(pathname).replace(/^\/|\/$/g, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
