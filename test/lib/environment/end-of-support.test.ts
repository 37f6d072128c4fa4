import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  BUILT_WITH,
  endsOfSupport,
  lifecycleOf,
  lifecycles,
  offeredVersions,
  staleTable,
} from '../../../lib/environment/end-of-support.ts';
import { versionsUsed } from '../../../lib/environment/environment.ts';
import { configurationOf, environments } from '../infra/configurations.ts';

const at = (day: string): number => Date.parse(`${day}T12:00:00Z`);
const postgresql = (version: string) => ({ product: 'postgresql' as const, version });

describe('the table', () => {
  test('has one row for each version, with dates that are dates, in their order', () => {
    const names = lifecycles.map(({ product, version }) => `${product} ${version}`);
    expect(new Set(names).size).toBe(names.length);
    const days = lifecycles.flatMap(({ madeUntil, ends }) => [madeUntil, ends].filter((day) => day !== undefined));
    expect(days.filter((day) => !/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))).toEqual([]);
    expect(lifecycles.filter(({ madeUntil = '', ends = '9' }) => madeUntil > ends)).toEqual([]);
  });

  test('offers majors to choose from, and Valkey 7.2', () => {
    expect(offeredVersions('postgresql')).toEqual(['14', '15', '16', '17', '18']);
    expect(offeredVersions('valkey')).toEqual(['7.2', '8', '9']);
  });

  test('finds a minor by its own row, else by its major, and nothing else', () => {
    expect(lifecycleOf(postgresql('17.6'))?.ends).toBe('2026-10-31');
    expect(lifecycleOf(postgresql('17.9'))?.ends).toBe('2030-02-28');
    expect(lifecycleOf({ product: 'valkey', version: '9.1' })?.version).toBe('9');
    expect(lifecycleOf(postgresql('13.4'))).toBeUndefined();
  });
});

describe('a warning', () => {
  test.each([
    ['17.6', '2026-07-31'],
    ['14', '2026-12-29'],
  ])('is not given 61 days before: %s on %s', (version, day) => {
    expect(endsOfSupport([postgresql(version)], at(day))).toEqual([]);
  });

  test.each([
    ['17.6', '2026-08-01', 'can be made anew until 2026-09-30 and is supported until 2026-10-31'],
    ['17.6', '2026-11-29', 'can be made anew until 2026-09-30 and is supported until 2026-10-31'],
    ['14', '2026-12-30', 'is supported until 2027-02-28'],
    ['14', '2027-03-01', 'is supported until 2027-02-28'],
  ])('is given from 60 days before, and ever after: %s on %s', (version, day, words) => {
    const [warning = ''] = endsOfSupport([postgresql(version)], at(day));
    expect(warning).toContain(`RDS for PostgreSQL ${version} ${words}`);
    expect(warning).toContain('Release calendars');
  });

  test('is given for runtimes and platforms as for engines', () => {
    const all = [...BUILT_WITH, { product: 'fargate' as const, version: '1.3.0' }];
    expect(endsOfSupport(all, at('2028-04-01')).map((line) => line.slice(0, line.indexOf(' is')))).toEqual([
      'Node.js on AWS Lambda 24',
      'Node.js of the images 24',
      'the Fargate platform 1.3.0 can be made anew until 2026-03-15 and',
    ]);
  });

  test('is given of the table itself after half a year', () => {
    expect(staleTable(at('2027-05-01'))).toBeUndefined();
    expect(staleTable(at('2027-06-15'))).toContain('were read on');
  });
});

describe('what is committed', () => {
  test.each(environments)('%s uses nothing that the table does not know, nor what ended when it was read', (name) => {
    const used = versionsUsed(configurationOf(name).environment);
    expect(used.length).toBeGreaterThanOrEqual(5);
    expect(used.filter((each) => lifecycleOf(each) === undefined)).toEqual([]);
    expect(endsOfSupport(used, at('2026-11-29'))).toEqual([]);
  });

  test('images are built on the Node that the table is asked about', () => {
    const node = BUILT_WITH.find(({ product }) => product === 'node')?.version;
    const files = ['loadgen', 'target/service'].flatMap((folder) =>
      readdirSync(folder).flatMap((name) => (name === 'Dockerfile' ? [`${folder}/${name}`] : [])),
    );
    const bases = files.flatMap((file) => readFileSync(file, 'utf8').match(/^FROM \S+/gm) ?? []);
    expect(bases.length).toBeGreaterThanOrEqual(2);
    expect(bases.filter((base) => !base.includes(`/node:${node}-`))).toEqual([]);
  });
});
