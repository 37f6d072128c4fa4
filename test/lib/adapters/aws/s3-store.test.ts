import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { S3Store } from '../../../../lib/adapters/aws/s3-store.ts';

const s3 = mockClient(S3Client);
beforeEach(() => void s3.reset());

const store = new S3Store(new S3Client({}), { bucket: 'results', prefix: 'dev/' });

const refusal = (name: string, attempts = 1): S3ServiceException =>
  new S3ServiceException({ name, $fault: 'client', message: `${name} it is`, $metadata: { attempts } });

/** What GetObject gives, as far as it is read here. */
const objectOf = (text: string) =>
  ({ ETag: '"1"', Body: { transformToByteArray: async () => new TextEncoder().encode(text) } }) as never;

const puts = () => s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input);

describe('conditions', () => {
  test('are sent as headers that S3 knows', async () => {
    s3.on(PutObjectCommand).resolves({});
    await store.put('a', 'x');
    await store.put('a', 'x', 'absent');
    await store.put('a', 'x', { unchangedSince: '"5d41"' });
    const put = { Bucket: 'results', Key: 'dev/a', Body: Buffer.from('x') };
    expect(puts()).toEqual([put, { ...put, IfNoneMatch: '*' }, { ...put, IfMatch: '"5d41"' }]);
  });

  test.each(['PreconditionFailed', 'NoSuchKey'])('%s: the condition did not hold', async (name) => {
    s3.on(PutObjectCommand).rejects(refusal(name));
    expect(await store.put('a', 'x', { unchangedSince: '"5d41"' })).toBe(false);
  });

  test('met what it had written itself, since the reply to the first try was lost: the condition did hold', async () => {
    s3.on(PutObjectCommand).rejects(refusal('PreconditionFailed', 2)).on(GetObjectCommand).resolves(objectOf('mine'));
    expect(await store.put('lock', 'mine', 'absent')).toBe(true);
    expect(await store.put('lock', 'other', 'absent')).toBe(false);
  });

  test('two at the same moment: S3 asks to try again', async () => {
    s3.on(PutObjectCommand).rejectsOnce(refusal('ConditionalRequestConflict')).resolves({});
    expect(await store.put('a', 'x', 'absent')).toBe(true);
    expect(puts()).toHaveLength(2);
  });

  test('a conflict that does not end is an error', async () => {
    s3.on(PutObjectCommand).rejects(refusal('ConditionalRequestConflict'));
    await expect(store.put('a', 'x', 'absent')).rejects.toMatchObject({ code: 'E-AWS' });
    expect(puts()).toHaveLength(5);
  });
});

test('NoSuchKey is no error', async () => {
  s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'none', $metadata: {} }));
  expect(await store.get('a')).toBeUndefined();
});

test('keys come in pages, without what stands before them all', async () => {
  const page = (...names: string[]) => names.map((name) => ({ Key: `dev/runs/${name}` }));
  s3.on(ListObjectsV2Command, { Bucket: 'results', Prefix: 'dev/runs/' })
    .resolvesOnce({ IsTruncated: true, NextContinuationToken: 'more', Contents: page('1', '2') })
    .on(ListObjectsV2Command, { ContinuationToken: 'more' })
    .resolvesOnce({ IsTruncated: false, Contents: page('3') });
  expect(await Array.fromAsync(store.list('runs/'))).toEqual(['runs/1', 'runs/2', 'runs/3']);
});
