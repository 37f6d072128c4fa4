import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { exitCodes } from '../lib/errors.ts';
import { parsePlan } from '../lib/plan/parse.ts';
import { profiles } from '../lib/plan/profiles.ts';
import { markdownFiles } from '../bin/build/docs.ts';
import { builtIns, computed } from '../lib/plan/template.ts';
import { signals } from '../lib/signals/index.ts';
import { never } from '../lib/signals/scrape.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const pages = markdownFiles();

const door = {
  readBytes: async (path: string) => new TextEncoder().encode(/\.(?:csv|pem)$/.test(path) ? read(path) : 'bytes'),
  signalIds: signals.map(({ id }) => id),
  env: {},
};

describe('every plan in the documentation is valid', () => {
  const plans = pages.flatMap((page) =>
    Array.from(read(page).matchAll(/```yaml\n(.*?)```/gs), (match) => ({ page, text: match[1] ?? '' })).filter(
      ({ text }) => text.includes('phases:'),
    ),
  );
  test('there are some', () => expect(plans.length).toBeGreaterThanOrEqual(3));
  test.each(plans)('$page', async ({ page, text }) => {
    const plan = await parsePlan({ text, path: page }, door);
    expect(plan.phases.length).toBeGreaterThan(0);
  });
});

/** What a page links, as paths of the repository: a folder's README where there is one. */
const linksOf = (page: string): string[] =>
  Array.from(
    read(page)
      .replaceAll(/^ *```.*?^ *```/gms, '')
      .matchAll(/\]\(((?!https?:|#)[^)#\s]+)[^)]*\)/g),
    (match) => join(page, '..', match[1] ?? '').replace(/\/$/, ''),
  ).map((path) => (pages.includes(`${path}/README.md`) ? `${path}/README.md` : path));

test('every link to a file leads to one', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter((path) => !existsSync(join(ROOT, path)))
      .map((path) => `${page} links ${path}, which is not there`),
  );
  expect(broken).toEqual([]);
});

test('docs/README.md is the way in: the README links it, and every page is reached from it', () => {
  expect(linksOf('README.md')).toContain('docs/README.md');
  const reached = new Set<string>();
  const visit = (page: string): void => {
    if (reached.has(page) || !pages.includes(page)) return;
    reached.add(page);
    for (const next of linksOf(page)) visit(next);
  };
  visit('docs/README.md');
  const unreached = pages.filter((page) => !reached.has(page));
  expect(unreached.map((page) => `${page} is not reached: add a line to docs/README.md`)).toEqual([]);
});

test('the pages name every signal that a scrape holds, what it is read from, every profile and every built-in', () => {
  const page = `${read('docs/plan.md')}${read('docs/metrics.md')}`;
  const sources = readdirSync(join(ROOT, 'lib/signals/resources')).map((name) => read(`lib/signals/resources/${name}`));
  const metrics = sources.flatMap((source) =>
    Array.from(
      source.matchAll(/(?<!promql\.)(?:(?:gauge|rate|limit|mean|share|where|fullest)\(|fullest\('[^']+', )'(\w+)/g),
      (match) => match[1] ?? '',
    ),
  );
  const wanted = [
    ...signals.filter(({ read: reading }) => reading !== never).map(({ id }) => id),
    ...metrics,
    ...Object.keys(profiles),
    ...Object.keys({ ...builtIns, ...computed }),
  ];
  expect(metrics.length).toBeGreaterThan(100);
  expect(wanted.filter((name) => !page.includes(name))).toEqual([]);
});

const analysed = [
  'breaking-point',
  'bottleneck',
  'drift/drift',
  'watching/health',
  'watching/integrity',
  'phase',
  'run-objectives',
  'watching/readiness',
  'watching/recovery',
  'index',
  'validity',
];
/** The interfaces that summary.json is made of. */
const IN_SUMMARY = new Set([
  'Summary',
  'Findings',
  'PhaseFindings',
  'StepFindings',
  'TimesUs',
  'JudgedObjective',
  'Validity',
  'BreakingPoint',
  'Recovery',
  'Bottleneck',
  'Drift',
  'DriftTrend',
  'Health',
  'Integrity',
  'IntegrityCheck',
  'Readiness',
  'Blocker',
  'RunObjectives',
  'TransferFindings',
  'PartTimesUs',
]);

test('docs/summary.md names every field of summary.json', () => {
  const page = read('docs/summary.md');
  const sources = [
    'lib/report/summary.ts',
    'lib/measure/times.ts',
    ...analysed.map((name) => `lib/analysis/${name}.ts`),
  ].map(read);
  const fields = sources.flatMap((source) =>
    Array.from(source.matchAll(/^export interface (\w+)[^{]*\{\n([^]*?)^\}/gm))
      .filter(([, name]) => IN_SUMMARY.has(name ?? ''))
      .flatMap(([, , body]) => Array.from((body ?? '').matchAll(/readonly (\w+)\??:/g), (match) => match[1] ?? '')),
  );
  expect(fields.length).toBeGreaterThan(30);
  expect(fields.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
});

test('the README has every exit code', () => {
  const page = read('README.md');
  expect(Object.values(exitCodes).filter((code) => !page.includes(`| ${code} |`))).toEqual([]);
});

test('nothing in the repository names this machine, or a registry', () => {
  const lock = read('package-lock.json');
  expect(lock).not.toMatch(/"resolved": *"https?:/);
});
