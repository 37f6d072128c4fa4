import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { loadPlan } from '../lib/adapters/node/plan-file.ts';
import { countArrivals } from '../lib/schedule/arrivals.ts';
import { levelAt, peakLevel } from '../lib/schedule/segment.ts';
import { signals } from '../lib/signals/index.ts';
import type { Plan } from '../lib/plan/plan.ts';

const shipped = (await readdir('plans')).filter((name) => name.endsWith('.yaml')).toSorted();

const load = async (name: string): Promise<Plan> =>
  (await loadPlan(`plans/${name}`, { signalIds: signals.map(({ id }) => id), env: {} })).plan;

const seconds = (plan: Plan): number => plan.phases.reduce((sum, { durationUs }) => sum + durationUs, 0) / 1e6;

describe.each(shipped)('plans/%s', (name) => {
  test('is sound, bears its file name, runs against the built-in target, and says what it is for', async () => {
    const plan = await load(name);
    expect(plan.name.replaceAll(' ', '')).toBe(name.replace('.yaml', ''));
    expect(plan.target).toBe('built-in');
    expect(plan.description).toMatch(/expected to .*\.$/);
    expect(plan.phases.every(({ kind, objectives }) => kind === 'warm-up' || objectives.length > 0)).toBe(true);
  });

  test('tells editors its schema in its first line', async () => {
    const [first] = (await readFile(`plans/${name}`, 'utf8')).split('\n');
    expect(first).toBe('# yaml-language-server: $schema=../plimsoll.schema.json');
  });
});

test('the default lasts a minute and a half, and its stress phase cannot fail it', async () => {
  const plan = await load('laptop.yaml');
  expect(seconds(plan)).toBeGreaterThanOrEqual(80);
  expect(seconds(plan)).toBeLessThanOrEqual(90);
  expect(plan.phases.map(({ kind }) => kind)).toEqual(['warm-up', 'sustained', 'stress', 'recovery']);
  const stress = plan.phases[2];
  // With a warn limit and no fail limit a verdict is warn at worst.
  expect(stress?.objectives.every(({ warn, fail }) => warn !== undefined && fail === undefined)).toBe(true);
  const sustained = plan.phases[1];
  expect(countArrivals({ segments: stress?.segments ?? [], process: 'uniform', seed: 1 })).toBeGreaterThan(
    countArrivals({ segments: sustained?.segments ?? [], process: 'uniform', seed: 1 }),
  );
});

test('the week has the phases of the staging test plan', async () => {
  const plan = await load('week7.yaml');
  const minutes = (prefix: string): number =>
    plan.phases.filter(({ name }) => name.startsWith(prefix)).reduce((sum, { durationUs }) => sum + durationUs, 0) /
    60e6;
  expect([minutes('1a'), minutes('1b'), minutes('2'), minutes('3'), minutes('4')]).toEqual([30, 60, 120, 90, 30]);
  expect(plan.phases.map(({ segments }) => peakLevel(segments))).toEqual([
    100, 100, 100, 150, 200, 250, 500, 500, 1000, 1500, 2000, 2000,
  ]);
  expect(plan.scenarios).toHaveLength(6);
});

test.each([
  // Users at the end of each stage, in minutes from the start
  [
    'ramp-up.yaml',
    0,
    [
      [2, 100],
      [7, 200],
      [9, 300],
      [14, 400],
      [16, 500],
      [21, 500],
    ],
  ],
  [
    'stress.yaml',
    1,
    [
      [5, 200],
      [7, 300],
      [12, 500],
    ],
  ],
] as const)('%s climbs as its requirement says', async (name, phase, ends) => {
  const segments = (await load(name)).phases[phase]?.segments ?? [];
  expect(ends.map(([minute]) => Math.round(levelAt(segments, minute * 60e6)))).toEqual(ends.map(([, users]) => users));
});

test.each([
  // Minutes of each phase, and the most users (arrivals a second in iterations) in it.
  [
    'baseline.yaml',
    [
      [0.5, 20],
      [1, 50],
      [0.5, 50],
    ],
  ],
  [
    'small.yaml',
    [
      [0.5, 50],
      [5, 50],
    ],
  ],
  [
    'medium.yaml',
    [
      [0.5, 200],
      [10, 200],
    ],
  ],
  [
    'large.yaml',
    [
      [0.5, 1000],
      [30, 1000],
    ],
  ],
  ['benchmark-health.yaml', [[1, 50]]],
  ['benchmark-users.yaml', [[1, 50]]],
  ['benchmark-tasks.yaml', [[1, 100]]],
  [
    'iterations.yaml',
    [
      [1 / 6, 20],
      [1, 20],
      [1, 50],
      [1, 100],
      [1, 200],
    ],
  ],
  [
    'soak.yaml',
    [
      [5, 200],
      [480, 200],
      [5, 200],
    ],
  ],
  [
    'spike.yaml',
    [
      [0.5, 50],
      [4 / 3, 500],
      [0.5, 50],
    ],
  ],
  [
    'stress.yaml',
    [
      [2, 100],
      [22, 1000],
      [3, 1000],
    ],
  ],
] as const)('%s has the lengths and levels that were asked for', async (name, wanted) => {
  const { phases } = await load(name);
  expect(phases.map(({ durationUs, segments }) => [durationUs / 60e6, peakLevel(segments)])).toEqual(wanted);
});

test('each part of the week but warm-up has limits of its own: p99 grows from 300 ms to a second, errors from 0.1 to 1 %', async () => {
  const { phases } = await load('week7.yaml');
  const targets = (name: string): (number | undefined)[] =>
    phases.map(
      ({ objectives }) =>
        objectives.find(({ metric, text }) => text.startsWith(name) && metric.of !== 'signal')?.target.value,
    );
  const ms = [undefined, 300, 300, 350, 400, 450, 500, 500, 600, 750, 1000, undefined];
  expect(targets('p99')).toEqual(ms.map((value) => value && value * 1000));
  expect(targets('errors')).toEqual(
    [undefined, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1].map((percent) => percent && percent / 100),
  );
});

test.each([
  // CPU and memory in percent, from and to: those of the test plan's baseline, and of its sustained part
  ['1b baseline', [20, 40], [30, 50]],
  ['2d 250 users', [60, 75], [70, 85]],
])('phase %s of the week warns where CPU or memory leave their ranges', async (name, cpu, memory) => {
  const { phases } = await load('week7.yaml');
  const { objectives = [] } = phases.find((phase) => phase.name === name) ?? {};
  const ranges = ['service.cpu mean', 'service.memory mean'].map((signal) =>
    objectives.filter(({ text }) => text.startsWith(signal)),
  );
  expect(ranges.map((range) => range.map(({ target }) => Math.round((target.value ?? 0) * 100)))).toEqual([
    cpu,
    memory,
  ]);
  // Met from the one and up to the other, and no more than warned of beyond.
  expect(ranges.flat().map(({ target, warn, fail }) => [target.op, warn?.op, fail])).toEqual(
    [cpu, memory].flatMap(() => [
      ['>', '<', undefined],
      ['<', '>', undefined],
    ]),
  );
});

test('from the baseline to 500 users a minute with more than 1 % of errors fails the week', async () => {
  const { phases } = await load('week7.yaml');
  const anyPoint = phases.filter(({ objectives }) =>
    objectives.some(({ text }) => text.startsWith('errors over 1m < 1%')),
  );
  expect(anyPoint.map(({ name }) => name.slice(0, 2))).toEqual(['1b', '2a', '2b', '2c', '2d', '3a']);
});
