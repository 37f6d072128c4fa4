import { expect, test } from '@jest/globals';
import { IMAGE, imports, loadedWith, within } from './sources.ts';

const NUMBERS = 'lib/document/exact-json.ts';

/** What reading a plan takes. */
const PARSING = ['lib/document', 'lib/plan', 'lib/schedule'];
/** What each function of the workflow may bundle beside zod and what all four share. */
const FUNCTIONS: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: readonly string[] }>> =
  {
    abort: { rooms: [], packages: [] },
    // It reads a plan to check it, and merges nothing: no histograms.
    prepare: {
      rooms: [...PARSING, 'lib/signals', 'lib/analysis/capacity', 'lib/environment', 'lib/run'],
      packages: ['css-select', 'jsonpath-rfc9535', 'pure-rand', 'yaml'],
    },
    // The plan that it reads back was parsed by prepare: no YAML, and of documents only how numbers are written.
    gate: {
      rooms: [NUMBERS, 'lib/plan', 'lib/schedule', 'lib/measure', 'lib/signals', 'lib/analysis', 'lib/run'],
      packages: ['hdr-histogram-js', 'pure-rand'],
    },
    report: {
      rooms: [
        NUMBERS,
        'lib/plan',
        'lib/schedule',
        'lib/measure',
        'lib/signals',
        'lib/analysis',
        'lib/run',
        'lib/report',
        // No line of the service's log is shown with its secrets.
        'lib/document/hidden.ts',
        // What a policy's timetable says of the run's hours.
        'lib/scaling/verify',
        'lib/scaling/simulate',
        'lib/scaling/traffic/local-time.ts',
      ],
      packages: ['hdr-histogram-js', 'ml-levenberg-marquardt', 'pure-rand'],
    },
  };
const EVERY_FUNCTION = [
  'lib/units.ts',
  'lib/errors.ts',
  // What is read back from a store is bounded before it is parsed.
  'lib/document/json-bounds.ts',
  'lambda',
  'lib/adapters',
  'lib/run/archive',
  'lib/run/workflow',
];

test.each(Object.entries(FUNCTIONS))(
  'the function %s bundles what its work needs, and no more',
  (name, { rooms, packages }) => {
    const reached = [...loadedWith(`lambda/${name}/handler.ts`)];
    const used = new Set(
      imports
        .filter(
          ({ file, from, typeOnly }) => !typeOnly && !/^(?:\.|node:|@aws-sdk\/)/.test(from) && reached.includes(file),
        )
        .map(({ from }) => from.split('/')[0] ?? ''),
    );
    expect({
      outside: reached.filter((file) => ![...EVERY_FUNCTION, ...rooms].some((place) => within(file, place))),
      idle: rooms.filter((place) => !reached.some((file) => within(file, place))),
      packages: [...used].toSorted(),
    }).toEqual({ outside: [], idle: [], packages: [...packages, 'zod'].toSorted() });
  },
);

test('the image of generator and collector holds what their entries load, and no folder more', () => {
  const reached = new Set(
    ['loadgen/task/main.ts', 'loadgen/collector/main.ts'].flatMap((entry) => [...loadedWith(entry)]),
  );
  const outside = [...reached].filter((file) => ![...IMAGE, 'loadgen'].some((place) => within(file, place)));
  const idle = IMAGE.filter((place) => ![...reached].some((file) => within(file, place)));
  expect([outside, idle]).toEqual([[], []]);
});

test('neither a run nor its generator imports what brings the undici of Node along', () => {
  const entries = ['bin/commands/run.ts', 'loadgen/thread/worker.ts', 'loadgen/task/main.ts'];
  const reached = new Set(entries.flatMap((entry) => [...loadedWith(entry)]));
  // lib/adapters/node/node-http.ts says why, and how else.
  const bringing = imports.filter(
    ({ file, from, typeOnly }) => !typeOnly && /^node:https?$/.test(from) && reached.has(file),
  );
  expect(bringing).toEqual([]);
});

test("the generator's thread loads no schemas, and what few plans need when one does", () => {
  const reached = loadedWith('loadgen/thread/worker.ts');
  const loaded = imports
    .filter(({ file, from, typeOnly }) => !typeOnly && reached.has(file) && !from.startsWith('.'))
    .map(({ from }) => from);
  expect(loaded).toContain('node:net');
  const costly = ['zod', 'yaml', 'jsonpath-rfc9535', 'saxes', 'css-select', 'node:tls'];
  expect(loaded.filter((from) => costly.some((each) => within(from, each)))).toEqual([]);
});
