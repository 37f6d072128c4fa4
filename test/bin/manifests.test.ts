import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { imageManifests } from '../../bin/build/manifests.ts';

test.each(Object.entries(imageManifests()))('%s is fresh; `npm run manifests` writes it anew', (file, text) => {
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(text);
});

test('the image of the command line installs what the package needs, and what a store in a bucket does', () => {
  const dependenciesOf = (file: string): Record<string, string> =>
    (JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> }).dependencies;
  const names = Object.keys(dependenciesOf('bin/package.json'));
  expect(names).toEqual([...Object.keys(dependenciesOf('package.json')), '@aws-sdk/client-s3'].toSorted());
});
