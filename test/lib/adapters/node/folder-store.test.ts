import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { FolderStore } from '../../../../lib/adapters/node/folder-store.ts';
import { S3Store, storeAt } from '../../../../lib/adapters/aws/s3-store.ts';
import { textAt } from '../../../../lib/run/archive/store.ts';
import { storeLaws } from '../store.suite.ts';

const parent = mkdtempSync(join(tmpdir(), 'plimsoll-store-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const folder = (): string => mkdtempSync(join(parent, 'store-'));

describe('a folder is a store', () => {
  storeLaws(async () => new FolderStore(folder()));
});

test.each(['../out', 'a/../../out', '/etc/passwd', 'a//b', '', '.apart/x', 'a/.hidden'])(
  'no key leads out of the folder or to what is hidden: %j',
  async (key) => {
    const store = new FolderStore(folder());
    await expect(store.put(key, 'x')).rejects.toThrow('is no key');
    await expect(store.get(key)).rejects.toThrow('is no key');
  },
);

test('nothing is left behind but what was stored', async () => {
  const path = folder();
  const store = new FolderStore(path);
  await store.put('a/b', '1', 'absent');
  await store.put('a/b', '2', 'absent');
  await store.put('a/b', '3', { unchangedSince: 'other' });
  expect(readdirSync(join(path, '.apart'))).toEqual([]);
  expect(await Array.fromAsync(store.list(''))).toEqual(['a/b']);
});

test('a folder that is not there yet is empty, and made by the first put', async () => {
  const store = new FolderStore(join(folder(), 'not', 'yet'));
  expect(await Array.fromAsync(store.list(''))).toEqual([]);
  expect(await store.get('a')).toBeUndefined();
  expect(await store.put('a', 'x')).toBe(true);
});

test('a folder that can not be used is told by its code', async () => {
  const path = join(folder(), 'a-file');
  writeFileSync(path, '');
  chmodSync(path, 0o444);
  await expect(new FolderStore(path).put('key', 'x')).rejects.toMatchObject({ code: 'E-STORE' });
});

test('no increment is lost among processes', async () => {
  const path = folder();
  const store = new FolderStore(path);
  await store.put('count', '0');
  const script = `
    const { FolderStore } = await import(${JSON.stringify(pathToFileURL('lib/adapters/node/folder-store.ts').href)});
    const store = new FolderStore(${JSON.stringify(path)});
    for (let added = 0; added < 20; ) {
      const { body, version } = await store.get('count');
      if (await store.put('count', String(Number(Buffer.from(body)) + 1), { unchangedSince: version })) added += 1;
    }`;
  const processes = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const ends = await Promise.all(processes.map((child) => once(child, 'exit')));
  expect(ends.map(([code]) => code as number)).toEqual([0, 0, 0]);
  expect(await textAt(store, 'count')).toBe('60');
});

describe('the address of a store', () => {
  test('file:///folder is a folder', async () => {
    const path = folder();
    await storeAt(pathToFileURL(path).href).put('a', 'x');
    expect(readdirSync(path)).toContain('a');
  });

  test.each(['s3://bucket', 's3://bucket/', 's3://bucket/some/prefix'])('%s is a bucket', (address) => {
    expect(storeAt(address)).toBeInstanceOf(S3Store);
  });

  test.each([
    '',
    'bucket',
    '/folder',
    's3://',
    'https://bucket.example/',
    'file://host/folder',
    's3://bucket/100%',
    'file:///a%2Fb',
  ])('%j is none', (address) => {
    expect(() => storeAt(address)).toThrow(expect.objectContaining({ code: 'E-STORE' }));
  });
});
