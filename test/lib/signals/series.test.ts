import { describe, expect, test } from '@jest/globals';
import { gauge, rate } from '../../../lib/signals/scrape.ts';
import { readingsWithin, SeriesBuilder } from '../../../lib/signals/series/series.ts';
import type { Signal } from '../../../lib/signals/signal.ts';

const level: Signal = {
  id: 'a.level',
  title: 'Level',
  unit: 'count',
  kind: 'utilisation',
  limit: { above: 5 },
  read: gauge('level'),
};
const growth: Signal = {
  id: 'a.growth',
  title: 'Growth',
  unit: 'perSecond',
  kind: 'traffic',
  read: rate('total'),
};

/** A scrape a second, the first one at the run's start, 1,000 s after the epoch. */
function built(scrapes: readonly Readonly<Record<string, number>>[]): SeriesBuilder {
  const builder = new SeriesBuilder([level, growth], 1_000_000);
  scrapes.forEach((values, at) => {
    builder.add({ atMs: 1_000_000 + at * 1000, values: new Map(Object.entries(values)) });
  });
  return builder;
}

const pointsOf = (builder: SeriesBuilder, id: string) => builder.series().find((each) => each.id === id)?.points;

describe('a series', () => {
  test('counts its seconds from the start of the run, and begins with the second scrape', () => {
    const builder = built([
      { level: 9, total: 0 },
      { level: 3, total: 10 },
      { level: 4, total: 30 },
    ]);
    expect(pointsOf(builder, 'a.level')).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(pointsOf(builder, 'a.growth')).toEqual([
      [1, 10],
      [2, 20],
    ]);
  });

  test('says what was read lately, and nothing of what was not', () => {
    const builder = built([{ level: 9, total: 0 }, { level: 3, total: 10 }, { total: 30 }]);
    expect(builder.latest(1_001_000)).toEqual(
      new Map([
        ['a.level', 3],
        ['a.growth', 20],
      ]),
    );
    expect(builder.latest(1_001_001)).toEqual(new Map([['a.growth', 20]]));
    expect(builder.latest(1_002_001)).toEqual(new Map());
  });

  test('has no leap where the source was silent, but the mean of that time', () => {
    const builder = built([{ total: 500 }, { total: 510 }, {}, { total: 530 }, { total: 545 }]);
    expect(pointsOf(builder, 'a.growth')).toEqual([
      [1, 10],
      [2, 10],
      [3, 10], // 20 in 2 s
      [4, 15],
    ]);
  });

  test('has no growth over a gap of more than ten scrapes', () => {
    const silent = Array.from({ length: 10 }, () => ({}));
    const over = pointsOf(built([{ total: 0 }, ...silent.slice(1), { total: 50 }]), 'a.growth');
    expect(over).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, 5]));
    expect(pointsOf(built([{ total: 0 }, ...silent, { total: 110 }]), 'a.growth')).toBeUndefined();
  });

  test('has a gap in what stood where the source was silent', () => {
    expect(pointsOf(built([{ level: 1 }, { level: 2 }, {}, { level: 4 }]), 'a.level')).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('has a gap where the source began again', () => {
    expect(pointsOf(built([{ total: 500 }, { total: 5 }, { total: 7 }]), 'a.growth')).toEqual([[2, 2]]);
  });

  test('has no point that is no number', () => {
    const builder = built([{ level: 1 }, { level: Number.POSITIVE_INFINITY }, { level: 2 }]);
    expect(pointsOf(builder, 'a.level')).toEqual([[2, 2]]);
  });

  test('that was never read is none: nothing measured is not zero', () => {
    expect(
      built([{ level: 1 }, { level: 1 }])
        .series()
        .map(({ id }) => id),
    ).toEqual(['a.level']);
    expect(built([{ level: 1 }]).series()).toEqual([]);
  });

  test('holds what a chart needs, its limit where it has one', () => {
    const [first, second] = built([{ total: 1 }, { level: 1, total: 2 }]).series();
    expect(first).toEqual({
      id: 'a.level',
      title: 'Level',
      unit: 'count',
      kind: 'utilisation',
      limit: { above: 5 },
      points: [[1, 1]],
    });
    expect(second).not.toHaveProperty('limit');
  });

  test('once taken does not grow with the next scrape', () => {
    const builder = built([{ level: 1 }, { level: 1 }]);
    const taken = builder.series();
    builder.add({ atMs: 1_002_000, values: new Map([['level', 2]]) });
    expect(taken[0]?.points).toHaveLength(1);
    expect(pointsOf(builder, 'a.level')).toHaveLength(2);
  });
});

test.each([
  [0, 10, [1, 2, 3]],
  [1, 2, [1, 2]], // both ends belong to it
  [1.5, 2.5, [2]],
  [4, 9, []],
])('readings from %d to %d s', (from, to, values) => {
  const points = [
    [1, 1],
    [2, 2],
    [3, 3],
  ] as const;
  expect(readingsWithin({ id: 'a', title: '', unit: 'count', kind: 'traffic', points }, from, to)).toEqual(values);
  expect(readingsWithin(undefined, from, to)).toEqual([]);
});
