import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bundles-'));

/** As an entry of a zip file holds it; headers are a hundred bytes a file. */
const zippedBytes = (asset: string): number =>
  readdirSync(asset, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + deflateRawSync(readFileSync(join(parentPath, name))).length + 100, 0);

/** The assets of functions in the load-test stack, as `cdk synth` makes them. */
const assets = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('asset.'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory() && readdirSync(path).includes('index.mjs'));

beforeAll(() => {
  const cdk = ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '--no-notices', '-c', 'env=dev', '--output', folder];
  const { status, stderr } = spawnSync(process.execPath, cdk, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  // The SDK is there in Lambda; here it is the project's.
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('each of the four functions is at most 1 MB as it is sent, and the report has its page beside it', () => {
  const sizes = assets().map(zippedBytes);
  expect(sizes).toHaveLength(4);
  expect(sizes.filter((bytes) => bytes > 1e6)).toEqual([]);
  const pages = assets().filter((asset) => readdirSync(asset).includes('page'));
  expect(pages.map((asset) => readdirSync(join(asset, 'page')).toSorted())).toEqual([
    [
      'charts.css',
      'colours.css',
      'page.css',
      'page.js',
      'parts.css',
      'print.css',
      'tables.css',
      'uPlot.iife.min.js',
      'uPlot.min.css',
    ],
  ]);
});

const settings = {
  environment: 'plimsoll-dev',
  version: '0',
  target: 'http://127.0.0.1:9',
  healthPath: '/health',
  allow: { hosts: [], production: [] },
  workers: 1,
  taskVcpus: 1,
  capacity: 'spot',
  barrierSeconds: 1,
  links: '',
  resources: {},
  quantities: {},
};
const places = { store: `file://${folder}/none`, generators: { cluster: 'c', family: 'f' }, system: {}, topicArn: 't' };

test('each bundle loads as Lambda would load it, and its handler refuses an event that is none', () => {
  for (const asset of assets()) {
    const script = `import { handler } from ${JSON.stringify(join(asset, 'index.mjs'))};
      await handler({}).then(() => console.log('took it'), (error) => console.log(error.name));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'] ?? '',
        AWS_REGION: 'us-east-1',
        PLIMSOLL_SETTINGS: JSON.stringify(settings),
        PLIMSOLL_PLACES: JSON.stringify(places),
      },
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'ZodError\n', stderr: '' });
  }
});
