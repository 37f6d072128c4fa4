import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { array, assert, integer, option, property, record } from 'fast-check';
import { FleetSeries } from '../../../lib/signals/series/fleet-series.ts';
import { signals } from '../../../lib/signals/index.ts';
import { withOwnNames } from '../../../lib/signals/own-names.ts';
import { parsePrometheus } from '../../../lib/signals/prometheus/exposition.ts';
import { gauge, mean, rate } from '../../../lib/signals/scrape.ts';
import { lineFilter } from '../../../lib/signals/selector.ts';
import type { Scrape, Signal, SignalSeries } from '../../../lib/signals/signal.ts';

type Figures = Readonly<Record<string, number>>;
/** What each task says at a moment; undefined of a silent one. */
type Round = Readonly<Record<string, Figures | undefined>>;

const valuesOf = (figures: Figures): Scrape['values'] => new Map(Object.entries(figures));

const signalOf = (id: string, read: Signal['read'], more: Partial<Signal> = {}): Signal => ({
  id,
  title: id,
  unit: 'count',
  kind: 'traffic',
  read,
  ...more,
});

/** One round a second, from 1 s on. */
function readOf(all: readonly Signal[], rounds: readonly Round[], once: Figures = {}): FleetSeries {
  const fleet = new FleetSeries(all, 0);
  for (const [second, round] of rounds.entries()) {
    const answers = Object.entries(round).map(([task, figures]) => [task, figures && valuesOf(figures)] as const);
    fleet.add({ atMs: (second + 1) * 1000, values: valuesOf(once), tasks: new Map(answers) });
  }
  return fleet;
}

const pointsOf = (fleet: FleetSeries, id: string): SignalSeries['points'] =>
  fleet.series().find((series) => series.id === id)?.points ?? [];

describe('a service of three tasks', () => {
  const [waiting, served] = [gauge('waiting'), rate('served_total')];
  const all = [
    signalOf('waiting', waiting),
    signalOf('rate', served, { unit: 'perSecond' }),
    signalOf('mean', mean('seconds'), { unit: 'us' }),
    signalOf('busy', gauge('busy'), { unit: 'ratio', ofTasks: 'worst' }),
    signalOf('room', gauge('room'), { unit: 'ratio', ofTasks: 'worst', limit: { below: 0.5 } }),
    signalOf('locks', gauge('locks')),
  ];
  const task = (n: number, more: Figures = {}): Figures => ({
    waiting: n,
    served_total: 10 * n,
    busy: n / 10,
    ...more,
  });
  const three = (second: number): Round => ({
    a: task(1, { served_total: 10 * second, seconds_sum: second, seconds_count: 10 * second, room: 0.9 }),
    b: task(2, { served_total: 20 * second, seconds_sum: 2 * second, seconds_count: 10 * second, room: 0.4 }),
    c: task(3, { served_total: 30 * second, seconds_sum: 3 * second, seconds_count: 40 * second, room: 0.6 }),
  });

  test('counts and rates add up, means are of all requests, shares are those of the worst task', () => {
    const fleet = readOf(all, [three(1), three(2)], { locks: 4 });
    expect(Object.fromEntries(fleet.series().map(({ id, points }) => [id, points]))).toEqual({
      waiting: [[2, 6]], // 1 + 2 + 3
      rate: [[2, 60]], // 10 + 20 + 30
      mean: [[2, 0.1]], // (1 + 2 + 3) s / (10 + 10 + 40)
      busy: [[2, 0.3]],
      room: [[2, 0.4]], // the less, the worse
      locks: [[2, 4]], // the database is there once
    });
    expect(fleet.coverage).toEqual({ readings: 2, incomplete: 0, tasks: 3 });
  });

  test('one that dies leaves a gap until it is known to be gone, and then the others are all', () => {
    const silent = (second: number): Round => ({ ...three(second), c: undefined });
    const gone = (second: number): Round => {
      const { c: _, ...rest } = three(second);
      return rest;
    };
    const fleet = readOf(all, [three(1), three(2), silent(3), silent(4), gone(5), gone(6)], { locks: 4 });
    // The first of two alone is compared with nothing: 90 a second before would have become 30.
    expect(pointsOf(fleet, 'waiting')).toEqual([
      [2, 6],
      [6, 3],
    ]);
    expect(pointsOf(fleet, 'rate')).toEqual([
      [2, 60],
      [6, 30],
    ]);
    // The worst of those that answer.
    expect(pointsOf(fleet, 'busy').map(([, value]) => value)).toEqual([0.3, 0.2, 0.2, 0.2, 0.2]);
    expect(pointsOf(fleet, 'locks')).toHaveLength(5);
    expect(fleet.coverage).toEqual({ readings: 6, incomplete: 2, tasks: 3 });
  });

  test('one that is late is read over the seconds until its answer, as a service of one task is', () => {
    const fleet = readOf(all, [three(1), three(2), { ...three(3), c: undefined }, three(4)]);
    expect(pointsOf(fleet, 'rate')).toEqual([
      [2, 60],
      [3, 60],
      [4, 60],
    ]);
  });

  test('one that is new begins nothing with what it counted before', () => {
    const fleet = readOf(all, [
      three(1),
      three(2),
      { ...three(3), d: { served_total: 1e6 } },
      { ...three(4), d: { served_total: 1e6 } },
    ]);
    expect(pointsOf(fleet, 'rate')).toEqual([
      [2, 60],
      [4, 60],
    ]);
  });

  test('one whose process was replaced is another, whatever the others counted meanwhile', () => {
    const from = (second: number, started: number, served_total: number): Round => ({
      a: { served_total: 1000 * second },
      b: { served_total, process_start_time_seconds: started },
    });
    const fleet = readOf(all, [from(1, 0, 500), from(2, 0, 600), from(3, 2, 5), from(4, 2, 105)]);
    // From 2 to 3 the sum has grown by 1000 − 595.
    expect(pointsOf(fleet, 'rate')).toEqual([
      [2, 1100],
      [4, 1100],
    ]);
  });

  test('one that is silent for long is left out, and counted as silent until then', () => {
    const silent = Array.from({ length: 12 }, (_, n) => ({ ...three(n + 3), c: undefined }));
    const fleet = readOf(all, [three(1), three(2), ...silent]);
    expect(pointsOf(fleet, 'rate').map(([, value]) => value)).toEqual([60, 30]);
    expect(fleet.coverage.incomplete).toBe(10);
  });
});

test('a service of one task is read as if it were read by itself, whatever it says and whenever it is silent', () => {
  const figures = record({ g: integer({ min: 0, max: 9 }), c_total: integer({ min: 0, max: 9 }) });
  const all = [
    signalOf('g', gauge('g')),
    signalOf('c', rate('c_total')),
    signalOf('w', gauge('g'), { ofTasks: 'worst' }),
  ];
  assert(
    property(array(option(figures, { nil: undefined }), { maxLength: 12 }), (told) => {
      const first = told.findIndex((each) => each !== undefined);
      const alone = readOf(
        all,
        told.slice(Math.max(0, first)).map((each) => ({ a: each })),
      );
      const plain = new FleetSeries(all, 0);
      for (const [second, each] of told.slice(Math.max(0, first)).entries())
        plain.add({ atMs: (second + 1) * 1000, values: valuesOf(each ?? {}) });
      expect(alone.series()).toEqual(plain.series());
    }),
  );
});

/** Of what real services say, twice, with every figure grown by a half. */
const FOLDER = 'test/lib/signals/exposition';

describe.each(readdirSync(FOLDER))('of tasks that are alike, as %s has them', (file) => {
  const said = parsePrometheus(readFileSync(`${FOLDER}/${file}`, 'utf8'));
  const rounds = [
    said,
    new Map(Array.from(said, ([name, value]) => [name, name.startsWith('process_start') ? value : value * 1.5])),
  ];
  const readFrom = (tasks: number): ReadonlyMap<string, number> => {
    const fleet = new FleetSeries(signals, 0);
    for (const [second, values] of rounds.entries())
      fleet.add({
        atMs: second * 1000,
        values: new Map(),
        tasks: new Map(Array.from({ length: tasks }, (_, n) => [`t${n}`, values])),
      });
    return new Map(fleet.series().map(({ id, points }) => [id, points.at(-1)?.[1] ?? Number.NaN]));
  };

  test('every signal is as it is of one, or four times as much; shares and times are as they are', () => {
    const [one, four] = [readFrom(1), readFrom(4)];
    expect([...four.keys()]).toEqual([...one.keys()]);
    const wrong = signals.filter(({ id, unit }) => {
      const [single = 0, whole = 0] = [one.get(id), four.get(id)];
      const isAlike = (factor: number): boolean => Math.abs(whole - factor * single) <= 1e-9 * Math.abs(whole);
      return !(isAlike(1) || (unit !== 'ratio' && unit !== 'us' && isAlike(4)));
    });
    expect(wrong.map(({ id }) => [id, one.get(id), four.get(id)])).toEqual([]);
  });
});

test('lines that no signal is read from are left out, and every signal is what it was', () => {
  withOwnNames(signals, { 'cache.hit-ratio': { ratio: ['own_bucket{le="0.1"}', 'own_count'] } });
  const isWanted = lineFilter();
  expect(
    ['own_bucket{le="0.1"} 3', 'process_cpu_seconds_total 3', 'db_seconds_bucket{le="1"} 3', '# HELP a'].map(isWanted),
  ).toEqual([true, true, false, false]);
  for (const file of readdirSync(FOLDER)) {
    const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
    const readFrom = (values: Scrape['values']): unknown[] => {
      const grown = new Map(Array.from(values, ([name, value]) => [name, value * 1.5]));
      return signals.map(({ id, read }) => [id, read({ atMs: 1000, values: grown }, { atMs: 0, values })]);
    };
    expect(readFrom(parsePrometheus(text, isWanted))).toEqual(readFrom(parsePrometheus(text)));
  }
});

test('names of a service’s own: a share or a time as it stands is the worst task’s, a ratio of sums that of all', () => {
  const kinds = withOwnNames(signals, {
    'database.pool-use': 'own_share',
    'cache.hit-ratio': { ratio: ['hits', 'all'] },
    'downstream.time': { rate: 'seconds' },
    'database.pool-waiting': 'waiting',
    'service.event-loop': { ratio: ['a', 'b'] },
  });
  const of = (wanted: string): string | undefined => kinds.find(({ id }) => id === wanted)?.ofTasks;
  expect(
    ['database.pool-use', 'downstream.time', 'cache.hit-ratio', 'database.pool-waiting', 'service.event-loop'].map(of),
  ).toEqual(['worst', 'worst', undefined, undefined, undefined]);
});
