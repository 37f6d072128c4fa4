import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { files, IMAGE, imports, importsOf, parsed, ROOT, within } from './sources.ts';

/**
 * Who may import whom. A file belongs to the longest prefix that fits it, and may import its own and what is named here.
 * Nothing imports bin, target or test.
 */
const GROUND = ['lib/units.ts', 'lib/errors.ts'];
const FLOOR = [...GROUND, 'lib/document', 'lib/schedule', 'lib/measure', 'lib/signals'];
/** Of AWS and of the Internet, as data, which no configuration has a say in. */
const FACTS = ['quotas', 'hosts', 'end-of-support'].map((name) => `lib/environment/${name}.ts`);
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'lib/units.ts': [],
  'lib/errors.ts': [],
  'lib/document': GROUND,
  'lib/schedule': GROUND,
  'lib/measure': GROUND,
  'lib/signals': GROUND,
  'lib/plan': FLOOR,
  'lib/analysis': [...FLOOR, 'lib/plan'],
  'lib/importers': [...FLOOR, 'lib/plan'],
  'lib/converters': [...FLOOR, 'lib/plan'],
  'lib/outputs': [...GROUND, 'lib/schedule', 'lib/measure', 'lib/plan'],
  'lib/monitoring': ['lib/signals'],
  'lib/run': [...FLOOR, 'lib/plan', 'lib/analysis', ...FACTS],
  // The step that writes a report, and those that read one from the store.
  'lib/run/workflow/report.ts': ['lib'],
  'lib/run/workflow/read-scaling.ts': ['lib'],
  'lib/run/archive/runs.ts': ['lib'],
  'lib/lab': [...FLOOR, 'lib/plan'],
  'lib/report': [...FLOOR, 'lib/plan', 'lib/analysis'],
  'lib/environment': [...GROUND, 'lib/document', 'lib/signals'],
  'lib/scaling': [...FLOOR, 'lib/plan', 'lib/analysis', 'lib/environment'],
  'lib/infra': [...GROUND, 'lib/signals', 'lib/environment', 'lib/run'],
  dashboards: ['lib/signals', 'lib/infra'],
  // The application of another team: it may use what is exported for it.
  examples: ['lib/environment', 'lib/infra', 'dashboards'],
  // Ports and their words, never what concludes; what a report's page needs is read from disk by one of them.
  'lib/adapters': [
    ...FLOOR,
    'lib/plan',
    'lib/run',
    'lib/outputs',
    'lib/importers',
    'lib/converters',
    'lib/scaling',
    'lib/report/formats/html/document.ts',
  ],
  loadgen: IMAGE,
  lambda: [...GROUND, 'lib/adapters', 'lib/run/workflow', 'lib/report/formats/index.ts'],
  target: [],
  bin: ['dashboards', 'lib', 'loadgen', 'package.json'],
  test: ['dashboards', 'examples', 'lambda', 'lib', 'loadgen', 'bin', 'target', 'package.json'],
};

/** Packages and Node modules that may stand in some places only. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  undici: ['loadgen'],
  'node:worker_threads': ['loadgen'],
  'hdr-histogram-js': ['lib/measure'],
  'aws-cdk-lib': ['lib/infra', 'dashboards', 'bin/app.ts', 'examples'],
  // A function's entry makes the clients that it hands to the adapters.
  '@aws-sdk': ['lib/adapters', 'lambda'],
};

/** Input and output: in lib/ only the adapters do any. */
const IMPURE = [
  'node:fs',
  'node:net',
  'node:tls',
  'node:http',
  'node:https',
  'node:child_process',
  'node:os',
  'node:process',
  'node:timers',
  'node:perf_hooks',
  'pg',
  'ioredis',
];

const homeOf = (file: string): string =>
  Object.keys(MAY_IMPORT)
    .filter((place) => within(file, place))
    .toSorted((a, b) => b.length - a.length)[0] ?? '';

test('there is something to check', () => {
  expect(files.length).toBeGreaterThan(80);
  expect(imports.length).toBeGreaterThan(200);
});

test('every folder imports only what design.md lets it', () => {
  const wrong = imports
    .filter(({ from }) => from.startsWith('.'))
    .map(({ file, from }) => ({ file, to: relative(ROOT, join(ROOT, dirname(file), from)) }))
    .filter(({ file, to }) => ![homeOf(file), ...(MAY_IMPORT[homeOf(file)] ?? [])].some((place) => within(to, place)));
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others, types included', () => {
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') return void circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    state.set(file, 'open');
    for (const { from } of importsOf.get(file) ?? [])
      visit(relative(ROOT, join(ROOT, dirname(file), from)), [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files.filter((each) => !within(each, 'test'))) visit(file, []);
  expect(circles).toEqual([]);
});

/** Those in which many look for one thing have to be seen at a glance. */
const MOST_ENTRIES: Readonly<Record<string, number>> = { 'lib/signals': 12 };

test('no folder of the product has more than 24 entries', () => {
  const folders = new Map<string, Set<string>>();
  for (const file of files.filter((each) => !within(each, 'test'))) {
    const parts = file.split('/');
    for (let at = 1; at < parts.length; at += 1) {
      const folder = parts.slice(0, at).join('/');
      folders.set(folder, (folders.get(folder) ?? new Set()).add(parts[at] ?? ''));
    }
  }
  const wide = Array.from(folders).flatMap(([folder, entries]) =>
    entries.size > (MOST_ENTRIES[folder] ?? 24) ? [folder] : [],
  );
  expect(wide).toEqual([]);
});

/** A file that one other imports is often half of that other; one that a list of kinds names is a kind, and meant so. */
test('less than a third of the files, kinds in their lists apart, have one importer', () => {
  const product = files.filter((each) => !within(each, 'test'));
  const importers = Map.groupBy(
    product.flatMap((file) =>
      [...new Set((importsOf.get(file) ?? []).map(({ from }) => join(dirname(file), from)))].map((to) => ({
        file,
        to,
      })),
    ),
    ({ to }) => to,
  );
  const alone = product.filter((file) => {
    const [first, ...others] = importers.get(file) ?? [];
    return first !== undefined && others.length === 0 && !first.file.endsWith('/index.ts');
  });
  expect(alone.length).toBeGreaterThan(0);
  expect(alone.length / product.length).toBeLessThan(1 / 3);
});

test('guarded packages stand only where they belong', () => {
  const wrong = imports.filter(({ file, from }) => {
    if (within(file, 'test')) return false;
    const guarded = Object.keys(ONLY_IN).find((name) => within(from, name));
    return guarded !== undefined && !(ONLY_IN[guarded] ?? []).some((place) => within(file, place));
  });
  expect(wrong).toEqual([]);
});

test('in lib only the adapters do input and output', () => {
  const wrong = imports.filter(
    ({ file, from, typeOnly }) =>
      within(file, 'lib') && !within(file, 'lib/adapters') && !typeOnly && IMPURE.some((name) => within(from, name)),
  );
  expect(wrong).toEqual([]);
});

test('there are no barrels but those that the package exports', () => {
  const wrong = parsed
    .filter(({ file }) => !within(file, 'bin/api'))
    .filter(({ module }) =>
      module.staticExports.some(({ entries }) => entries.some((entry) => entry.moduleRequest !== null)),
    )
    .map(({ file }) => file);
  expect(wrong).toEqual([]);
});

test('no file is longer than 250 lines', () => {
  const long = files.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 251);
  expect(long).toEqual([]);
});

test('no folder is a drawer', () => {
  expect(files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|shared|misc)(?:\/|\.ts$)/.test(file))).toEqual([]);
});
