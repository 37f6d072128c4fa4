import { expect, test } from '@jest/globals';
import { notesOf } from '../../bin/build/release-notes.ts';

const CHANGELOG = `# Changelog

## Unreleased

- not yet

## [0.2.0] - 2026-12-01

### Added

- a thing

## 0.1.0

- the first

## 0.0.1
`;

test.each([
  ['0.2.0', '### Added\n\n- a thing\n'],
  ['0.1.0', '- the first\n'],
])('%s', (version, notes) => {
  expect(notesOf(version, CHANGELOG)).toBe(notes);
});

test.each(['0.0.1', '0.3.0', '0.1', '2'])('of %s there are none', (version) => {
  expect(() => notesOf(version, CHANGELOG)).toThrow(`nothing of ${version}`);
});
