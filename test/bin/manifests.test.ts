import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { imageManifests } from '../../bin/build/manifests.ts';

test.each(Object.entries(imageManifests()))('%s is fresh; `npm run manifests` writes it anew', (file, text) => {
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(text);
});
