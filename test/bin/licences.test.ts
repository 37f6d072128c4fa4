import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isAllowed, refusedLicences } from '../../bin/build/licences.ts';

const allowed = new Set(['MIT', 'Zlib']);

test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-or-later)', true],
  ['(GPL-3.0-only OR MIT)', true],
  ['(MIT AND Zlib)', true],
  ['(MIT AND GPL-3.0-only)', false],
  ['GPL-2.0-only OR MIT AND Zlib', true],
  ['SEE LICENSE IN LICENSE.txt', false],
  ['MIT WITH Some-exception', false],
  ['', false],
])('%s: %p', (expression, expected) => {
  expect(isAllowed(expression, allowed)).toBe(expected);
});

test('what is shipped is held to more than what only builds it, and nothing goes without a licence', () => {
  const packages = {
    '': { license: 'Nonsense' },
    'test/toolchain': {},
    'node_modules/own': { link: true },
    'node_modules/good': { license: 'MIT' },
    'node_modules/tool': { license: 'MPL-2.0', dev: true },
    'node_modules/part': { license: 'MPL-2.0' },
    'node_modules/a/node_modules/none': {},
  } as const;
  expect(refusedLicences(packages)).toEqual([
    'node_modules/part: MPL-2.0',
    'node_modules/a/node_modules/none: no licence',
  ]);
});

test('the lock file holds only what is allowed', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Parameters<typeof refusedLicences>[0];
  };
  expect(refusedLicences(packages)).toEqual([]);
  expect(Object.keys(packages).length).toBeGreaterThan(200);
});
