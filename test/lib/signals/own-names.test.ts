import { expect, test } from '@jest/globals';
import { type OwnName, unreadNames, withOwnNames } from '../../../lib/signals/own-names.ts';
import { gauge } from '../../../lib/signals/scrape.ts';
import type { Scrape, Signal } from '../../../lib/signals/signal.ts';

const signal = (unit: Signal['unit']): Signal => ({
  id: 'a.b',
  title: 'A',
  unit,
  kind: 'traffic',
  read: gauge('usual'),
});

/** 2 s apart. */
const before: Scrape = {
  atMs: 0,
  values: new Map([
    ['hits', 10],
    ['misses', 10],
    ['wait_seconds_sum', 1],
    ['wait_seconds_count', 100],
  ]),
};
const now: Scrape = {
  atMs: 2000,
  values: new Map([
    ['usual', 1],
    ['waiting{pool="orders"}', 4],
    ['waiting{pool="audit"}', 2],
    ['used', 9],
    ['size', 12],
    ['hits', 40],
    ['misses', 20],
    ['wait_seconds_sum', 3],
    ['wait_seconds_count', 140],
  ]),
};

test.each<readonly [string, OwnName, Signal['unit'], number | undefined]>([
  ['a gauge is the sum of its series', 'waiting', 'count', 6],
  ['labels choose', 'waiting{pool="orders"}', 'count', 4],
  ['labels exclude', 'waiting{pool!="orders"}', 'count', 2],
  ['a rate', { rate: 'hits' }, 'perSecond', 15], // 30 in 2 s
  ['a rate of two counters', { rate: ['hits', 'misses'] }, 'perSecond', 20], // 30 + 10 in 2 s
  ['a ratio of gauges', { ratio: ['used', 'size'] }, 'ratio', 0.75],
  ['a ratio of rates', { ratio: [{ rate: 'hits' }, { rate: ['hits', 'misses'] }] }, 'ratio', 0.75], // 30 of 40
  ['a time, in seconds', { ratio: [{ rate: 'wait_seconds_sum' }, { rate: 'wait_seconds_count' }] }, 'us', 50_000], // 2 s in 40
  ['one that is not there hides behind no other', 'absent', 'count', undefined],
])('%s', (_, own, unit, value) => {
  const [named] = withOwnNames([signal(unit)], { 'a.b': own });
  expect(named?.read(now, before)).toBe(value);
});

test('names that were never read are said', () => {
  const series = [{ id: 'a.b', title: 'A', unit: 'count', kind: 'traffic', points: [[1, 2]] }] as const;
  expect(unreadNames({ 'a.b': 'waiting', 'c.d': 'absent' }, series)).toEqual([
    'Nothing was read for c.d: compare its line in signals.names with what the service exports.',
  ]);
});

test('a signal without a name of its own is what it was', () => {
  const signals = [signal('count')];
  expect(withOwnNames(signals, { other: 'waiting' })).toEqual(signals);
});
