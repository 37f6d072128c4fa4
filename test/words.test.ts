import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** Words of a private dialect, for which the field has terms (docs/design.md): in names as well as in comments. */
const BANNED = /\b(?:told|surroundings|whoever|door)\b|(?:told|surroundings|Surroundings|Told|Door)(?=[A-Z]|\b)/;

const FOLDERS = ['bin', 'dashboards', 'lambda', 'lib', 'loadgen'];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

test.each(['told', 'isTold', 'toldOf', 'PlanDoor', 'a door', 'Surroundings'])(
  '%s is a word that is looked for',
  (text) => {
    expect(BANNED.test(text)).toBe(true);
  },
);

test('the product speaks in terms of the field', () => {
  const lines = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, at) => (BANNED.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
  expect(files.length).toBeGreaterThan(200);
  expect(lines).toEqual([]);
});
