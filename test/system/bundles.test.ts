import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FunctionBundles, zippedBytes } from './function-bundles.ts';

let bundles: FunctionBundles;

beforeAll(() => {
  bundles = new FunctionBundles();
}, 120_000);

afterAll(() => bundles[Symbol.dispose]());

test('each of the four functions is at most 1 MB as it is sent, and the report has its page beside it', () => {
  const sizes = bundles.assets.map(zippedBytes);
  expect(sizes).toHaveLength(4);
  expect(sizes.filter((bytes) => bytes > 1e6)).toEqual([]);
  const pages = bundles.assets.filter((asset) => readdirSync(asset).includes('page'));
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

test('each bundle loads as Lambda would load it, and its handler refuses an event that is none', () => {
  for (const asset of bundles.assets) {
    const { stdout, stderr } = bundles.run(
      asset,
      `await handler({}).then(() => console.log('took it'), (error) => console.log(error.name));`,
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'ZodError\n', stderr: '' });
  }
});
