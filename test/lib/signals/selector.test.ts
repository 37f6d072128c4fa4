import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parsePrometheus } from '../../../lib/signals/prometheus/exposition.ts';
import { fullest, limit, mean, share, where, always, gauge } from '../../../lib/signals/scrape.ts';
import { seriesMatching } from '../../../lib/signals/series/matching.ts';
import { parseSelector } from '../../../lib/signals/selector.ts';
import type { Reading, Scrape } from '../../../lib/signals/signal.ts';

const scrape = (text: string, atMs = 1000): Scrape => ({ atMs, values: parsePrometheus(text) });
const NOTHING = scrape('', 0);

const SERIES = scrape(`
c{code="200",host="a"} 1
c{code="500",host="a"} 2
c{code="503",host="b,}\\"="} 4
c{host="a",} 8
c 16
d 32
`);

test.each<readonly [string, number]>([
  ['c', 31],
  [' c{} ', 31],
  ['c{code="500"}', 2],
  ['c{code=~"5.."}', 6],
  ['c{code=~"5"}', 0], // anchored: 5 is not 500
  ['c{code!="200"}', 30], // a label that is not there is empty, and empty is not 200
  ['c{code!=""}', 7],
  ['c{code=""}', 24],
  ['c{code!~"5.."}', 25],
  ['c{ host = "a" , code="200" }', 1],
  ['c{host="a",code="200",}', 1],
  ['{__name__="c"}', 31],
  ['{__name__=~"c|d"}', 63],
  ['{__name__=~"d?"}', 32], // anchored, too
  ['{host="a",__name__=~"[cd]"}', 11], // 1 + 2 + 8
  [String.raw`c{host="b,}\"="}`, 4],
])('%s means series that add up to %d', (text, sum) => {
  const selector = parseSelector(text);
  if (selector === undefined) throw new Error(`${text} is read`);
  expect(seriesMatching(SERIES, selector).reduce((total, { value }) => total + value, 0)).toBe(sum);
});

test.each([
  '',
  '1c',
  '{code="200"}',
  'c{',
  'c}',
  'c{code}',
  'c{code=500}',
  'c{code="5}',
  'c{code=~"("}',
  'c{a="b"}{c="d"}',
  'c d',
  'a-b',
  'c{a="b"c="d"}',
])('%j is no selector', (text) => {
  expect(parseSelector(text)).toBeUndefined();
});

test('a name that no service has is not tried: it would take for ever', () => {
  const hostile = scrape(`${'a_'.repeat(200_000)}_db_waiting 9`);
  expect(gauge('{__name__=~"(?:.*_)?db_(?:.*_)?(?:.*_)?waiting_"}')(hostile, NOTHING)).toBeUndefined();
});

test('a series is found by any labels that it was written with', () => {
  const value = fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', ',', '=', ' ', '\n', 'a'), maxLength: 8 });
  fc.assert(
    fc.property(value, value, (one, two) => {
      const quoted = [one, two].map((text) =>
        text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"'),
      );
      const key = `m{one="${quoted[0]}",two="${quoted[1]}"}`;
      expect(gauge(key)(scrape(`${key} 7\nm{one="other",two="other"} 9`), NOTHING)).toBe(7);
    }),
    { numRuns: 50 },
  );
});

const POOLS = scrape(`
used{pool="a"} 9
used{pool="b"} 1
used{pool="c"} 5
most{pool="a"} 10
most{pool="b"} 100
most{pool="c"} 0
by_state{state="busy",pool="a"} 3
by_state{state="idle",pool="a"} 1
free -1
huge 9223372036854775807
mixed{of="a"} -1
mixed{of="b"} 40
`);

describe('of a scrape', () => {
  test.each<readonly [string, Reading, number | undefined]>([
    ['the fullest pool, not all together', fullest('used', 'most'), 0.9], // 9 of 10; all are 15 of 110
    ['a pool by the labels that its selector does not name', fullest('by_state{state="busy"}', 'most'), 0.3],
    ['no pool where no limit has its labels', fullest('used', 'free'), undefined],
    ['no pool of limit 0', fullest('used{pool="c"}', 'most{pool="c"}'), undefined],
    ['no limit of −1', limit('free'), undefined],
    ['no limit beyond every machine', limit('huge'), undefined],
    ['a limit is the sum of those that there are', limit('mixed'), 40],
    ['what only this runtime has', where('free', always(1)), 1],
    ['nothing of another runtime', where('absent', always(1)), undefined],
  ])('%s', (_, reading, expected) => {
    expect(reading(POOLS, NOTHING)).toBe(expected);
  });
});

describe('between two scrapes', () => {
  const before = scrape('h_sum 1\nh_count 10\nn{ok="yes"} 100\nn{ok="no"} 50', 0);
  const later = (text: string) => scrape(text, 2000);

  test.each<readonly [string, Reading, string, number | undefined]>([
    ['a mean', mean('h'), 'h_sum 3\nh_count 14', 0.5], // 2 in 4
    ['a mean of no request', mean('h'), 'h_sum 1\nh_count 10', undefined],
    ['a share', share('n{ok="no"}'), 'n{ok="yes"} 130\nn{ok="no"} 60', 0.25], // 10 of 40
    ['a share that no series has yet', share('n{ok="maybe"}'), 'n{ok="yes"} 130\nn{ok="no"} 60', 0],
    ['a share that begins', share('n{ok="maybe"}'), 'n{ok="yes"} 130\nn{ok="no"} 60\nn{ok="maybe"} 10', 0.2], // 10 of 50
    ['a share of nothing', share('n{ok="no"}'), 'n{ok="yes"} 100\nn{ok="no"} 50', undefined],
    ['a share after a restart', share('n{ok="no"}'), 'n{ok="yes"} 1\nn{ok="no"} 1', undefined],
  ])('%s', (_, reading, text, expected) => {
    expect(reading(later(text), before)).toBe(expected);
  });

  test('a share lies between 0 and 1 or is unknown', () => {
    const count = fc.nat(1000);
    fc.assert(
      fc.property(fc.tuple(count, count), fc.tuple(count, count), (from, to) => {
        const of = ([no, yes]: readonly number[], atMs: number) => scrape(`n{ok="no"} ${no}\nn{ok="yes"} ${yes}`, atMs);
        const value = share('n{ok="no"}')(of(to, 1000), of(from, 0));
        expect(value === undefined || (value >= 0 && value <= 1)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
