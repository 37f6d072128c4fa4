import { fileURLToPath } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import { PlimsollError } from '../../errors.ts';
import type { Store } from '../../run/archive/store.ts';
import { clientDefaults } from './client-defaults.ts';
import { FolderStore } from '../node/folder-store.ts';
import { type BucketPlace, S3Store } from './s3-store.ts';

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
    if (url?.protocol === 's3:' && url.host !== '') return new S3Store(new S3Client(clientDefaults), placeOf(url));
  } catch {
    // A % that escapes nothing.
  }
  throw new PlimsollError('E-STORE', `"${address}" is no store; write file:///folder or s3://bucket/prefix.`);
}

function placeOf({ host: bucket, pathname }: URL): BucketPlace {
  const prefix = decodeURIComponent(pathname).replace(/^\/|\/$/g, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
