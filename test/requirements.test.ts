import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = 'docs/requirements.md';
/** How many requirements the source documents hold. */
const COUNT = 157;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Row {
  readonly id: string;
  readonly asked: string;
  readonly where: string;
  readonly shownBy: string;
  readonly state: string;
}

const rows: readonly Row[] = read(PAGE)
  .split('\n')
  .filter((line) => /^\| R\d/.test(line))
  .map((line) => {
    const [, id = '', asked = '', where = '', shownBy = '', state = '', ...rest] = line
      .split('|')
      .map((cell) => cell.trim());
    if (rest.length !== 1) throw new Error(`${id} has not five cells`);
    return { id, asked, where, shownBy, state };
  });

/** The paths that a cell names; anything else in it is a mistake. */
function pathsIn(cell: string): string[] {
  if (cell === '–') return [];
  return cell.split(', ').map((path) => /^`([^`]+)`$/.exec(path)?.[1] ?? `no path: ${path}`);
}

const filesBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(ROOT, path)).isFile());

const testFiles = filesBelow('test').filter((path) => path.endsWith('.test.ts'));
const testTexts = testFiles.map(read);

/** jest runs test files, and a suite where one of them imports it. */
const isRun = (path: string): boolean =>
  testFiles.includes(path) || (path.endsWith('.suite.ts') && testTexts.some((text) => text.includes(basename(path))));

describe('docs/requirements.md', () => {
  test('has every requirement once, in order', () => {
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: COUNT }, (_, index) => `R${index + 1}`));
  });

  test('says of each what is asked, in a sentence', () => {
    expect(rows.filter(({ asked }) => !/^\S.{8,}[.?]$/.test(asked)).map(({ id }) => id)).toEqual([]);
  });

  test('says of each that it is met, what is missing, or that it is not met yet', () => {
    expect(rows.filter(({ state }) => !/^(?:met|partly: .+|not yet(?:: .+)?)$/.test(state))).toEqual([]);
  });

  test('names a path and a test where something is met, and none where nothing is', () => {
    const named = ({ where, shownBy }: Row): boolean => pathsIn(where).length > 0 && pathsIn(shownBy).length > 0;
    const none = ({ where, shownBy }: Row): boolean => where === '–' && shownBy === '–';
    expect(rows.filter((row) => !(row.state.startsWith('not yet') ? none(row) : named(row)))).toEqual([]);
  });

  test('names only what is there', () => {
    const paths = rows.flatMap(({ where, shownBy }) => [...pathsIn(where), ...pathsIn(shownBy)]);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('names as a test what jest runs', () => {
    const tests = rows.flatMap(({ shownBy }) => pathsIn(shownBy));
    expect(tests.filter((path) => !isRun(path))).toEqual([]);
  });
});

/** Code, configuration and documents. Tests are left out: they may name the requirement that a row of theirs holds. */
const FOLDERS = [
  '.ci',
  '.github',
  'bin',
  'config',
  'dashboards',
  'docs',
  'examples',
  'lambda',
  'lib',
  'loadgen',
  'plans',
  'target',
];
const TEXT = /(?:\.(?:ts|js|json|ya?ml|md|css|sql|csv)|Dockerfile|^\.ci\/run)$/;

/** The lock file's checksums may look like anything. */
const texts = [
  ...FOLDERS.flatMap(filesBelow),
  ...readdirSync(ROOT).filter((name) => statSync(join(ROOT, name)).isFile()),
].filter((path) => TEXT.test(path) && path !== PAGE && path !== 'package-lock.json');

test('no other file speaks in the numbers of requirements', () => {
  const lines = texts.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, at) => (/\bR[1-9]\d{0,2}\b/.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
  expect(texts.length).toBeGreaterThan(400);
  expect(lines).toEqual([]);
});
