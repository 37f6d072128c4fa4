import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/**
 * Words of a private dialect, for which the field has terms (docs/design.md): in names as well as in comments. `kept` is stored or
 * retained; `nobody`, `somebody` and `whoever` stand where a user, a caller or the account's owner could be named.
 */
const WORDS = ['told', 'kept', 'surroundings', 'whoever', 'door', 'nobody', 'somebody', 'tell', 'tells', 'telling'];
const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
const BANNED = new RegExp(
  [
    String.raw`\b(?:${WORDS.join('|')})\b`,
    String.raw`(?:${[...WORDS, ...WORDS.map(capital)].join('|')})(?=[A-Z])`,
    ...WORDS.map((word) => String.raw`(?<=[a-z])${capital(word)}\b`),
  ].join('|'),
);

const FOLDERS = ['bin', 'dashboards', 'lambda', 'lib', 'loadgen'];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

describe('the product speaks in terms of the field', () => {
  test.each(['told', 'isTold', 'toldOf', 'PlanDoor', 'a door', 'keptRun', 'nobody knows'])('%s is found', (text) => {
    expect(BANNED.test(text)).toBe(true);
  });

  test.each(['doorway', 'satellite', 'intelligence'])('%s is not', (text) => {
    expect(BANNED.test(text)).toBe(false);
  });

  test('no line of code or comment has such a word', () => {
    const lines = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, at) => (BANNED.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
    );
    expect(files.length).toBeGreaterThan(200);
    expect(lines).toEqual([]);
  });
});

test('an exported name stands for one thing', () => {
  const places = new Map<string, string[]>();
  for (const file of files)
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
      /^export (?:async )?(?:abstract )?(?:const|function\*?|class|interface|type|enum) (\w+)/gm,
    ))
      // Lambda calls the handler of each function by this name.
      if (name !== 'handler') places.set(name, [...(places.get(name) ?? []), file]);
  expect(places.size).toBeGreaterThan(500);
  expect([...places].filter(([, at]) => new Set(at).size > 1)).toEqual([]);
});
