import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { failureKinds } from '../../../lib/measure/failures.ts';

const DOCUMENT = readFileSync(fileURLToPath(new URL('../../../docs/failures.md', import.meta.url)), 'utf8');

/** The document's table: first column a name in code, second what it means. */
const rows = Array.from(
  DOCUMENT.matchAll(/^\| `([^`]+)` \| ([^|]+?) \|/gm),
  ([, kind, meaning]) => [kind, meaning] as const,
);

test('docs/failures.md tells of every kind, in the words of the code', () => {
  const described = rows.filter(([kind]) => Object.hasOwn(failureKinds, kind ?? ''));
  expect(described).toEqual(Object.entries(failureKinds));
});

test('every row is a row of three', () => {
  const lines = DOCUMENT.split('\n').filter((line) => line.startsWith('| `'));
  expect(lines).toHaveLength(rows.length);
  expect(lines.every((line) => line.split('|').length === 5)).toBe(true);
});

test('beside the kinds it tells of the outcomes that are none, and of nothing else', () => {
  const others = rows.flatMap(([kind]) => (Object.hasOwn(failureKinds, kind ?? '') ? [] : [kind]));
  expect(others).toEqual(['ok', 'timedOut', 'cut', 'status.<code>']);
});
