import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { parsePrometheus } from '../../../lib/signals/prometheus/exposition.ts';
import { always, firstOf, gauge, never, plus, rate, ratio, times } from '../../../lib/signals/scrape.ts';
import type { Reading, Scrape } from '../../../lib/signals/signal.ts';

const parsed = (text: string): Record<string, number> => Object.fromEntries(parsePrometheus(text));

describe('a line', () => {
  test.each<readonly [string, Record<string, number>]>([
    ['up 1', { up: 1 }],
    ['up 1 1700000000000', { up: 1 }], // with a time stamp
    ['up\t1', { up: 1 }], // blanks and tabs separate alike
    ['  up   1  ', { up: 1 }],
    ['up 1\r', { up: 1 }],
    ['up 1.5e-3', { up: 0.0015 }],
    ['up -4', { up: -4 }],
    ['up +Inf', { up: Number.POSITIVE_INFINITY }],
    ['up -Inf', { up: Number.NEGATIVE_INFINITY }],
    ['up NaN', {}],
    ['up', {}],
    ['up ', {}],
    ['up one', {}],
    ['', {}],
    ['# HELP up 1', {}],
    ['# EOF', {}],
    ['a{} 1', { 'a{}': 1 }],
    ['a{b="c"} 1', { 'a{b="c"}': 1 }],
    ['a{b="c",d="e"} 1 99', { 'a{b="c",d="e"}': 1 }],
    ['a{b="c d"} 1', { 'a{b="c d"}': 1 }],
    ['a{b="}"} 1', { 'a{b="}"}': 1 }],
    ['a{b="\\"} 2"} 1', { 'a{b="\\"} 2"}': 1 }],
    ['a{b="\\\\"} 1', { 'a{b="\\\\"}': 1 }], // an escaped backslash ends before the quote
    ['a{b="# c"} 1', { 'a{b="# c"}': 1 }],
    ['a_bucket{le="+Inf"} 3 # {trace_id="x"} 0.5', { 'a_bucket{le="+Inf"}': 3 }], // OpenMetrics' exemplar
    ['a{b="never closed 1', {}],
  ])('%j', (line, values) => {
    expect(parsed(line)).toEqual(values);
  });
});

test('the last of several lines of one key stands, and order is kept', () => {
  expect([...parsePrometheus('a 1\nb 2\na 3\n')]).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
});

test('any text is read without a throw, into finite keys and numbers', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      for (const [key, value] of parsePrometheus(text)) {
        expect(key.trim()).not.toBe('');
        expect(value).not.toBeNaN();
      }
    }),
  );
});

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,12}$/).filter((each) => !each.startsWith('__'));
/** What a label may hold: quotes, backslashes, braces, line ends, blanks, anything. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', ',', '=', ' ', '\n', '#', 'a'), maxLength: 12 }),
);
/** Less -0, which prom-client writes as 0. */
const value = fc.double({ noNaN: true }).map((each) => (each === 0 ? 0 : each));
/** Prometheus escapes these three in a label's value. */
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

describe('what prom-client writes is what is read', () => {
  test('gauges with hostile label values', async () => {
    const labelled = fc.uniqueArray(fc.tuple(hostile, hostile, value), {
      maxLength: 5,
      selector: ([a, b]) => `${escaped(a)}|${escaped(b)}`,
    });
    await fc.assert(
      fc.asyncProperty(name, labelled, async (metric, series) => {
        const registry = new Registry();
        const written = new Gauge({ name: metric, help: 'a\nb', labelNames: ['one', 'two'], registers: [registry] });
        for (const [one, two, amount] of series) written.set({ one, two }, amount);
        const expected = new Map(
          series.map(([one, two, amount]) => [`${metric}{one="${escaped(one)}",two="${escaped(two)}"}`, amount + 0]), // the text has no −0
        );
        expect(new Map(parsePrometheus(await registry.metrics()))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test('plain counters and gauges', async () => {
    const finite = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    const amounts = fc.dictionary(name, finite, { maxKeys: 5, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(amounts, async (counters) => {
        const registry = new Registry();
        for (const [metric, amount] of Object.entries(counters)) {
          new Counter({ name: metric, help: 'help', registers: [registry] }).inc(amount);
        }
        expect(parsed(await registry.metrics())).toEqual({ ...counters });
      }),
    );
  });

  test('histograms: sum, count and every bucket', async () => {
    const registry = new Registry();
    const histogram = new Histogram({
      name: 'h',
      help: 'h',
      buckets: [0.1, 1],
      labelNames: ['r'],
      registers: [registry],
    });
    for (const seconds of [0.05, 0.5, 5]) histogram.observe({ r: 'a}b' }, seconds);
    expect(parsed(await registry.metrics())).toEqual({
      'h_bucket{le="0.1",r="a}b"}': 1,
      'h_bucket{le="1",r="a}b"}': 2,
      'h_bucket{le="+Inf",r="a}b"}': 3,
      'h_sum{r="a}b"}': 5.55,
      'h_count{r="a}b"}': 3,
    });
  });
});

const scrape = (atMs: number, values: Readonly<Record<string, number>>): Scrape => ({
  atMs,
  values: new Map(Object.entries(values)),
});

const nothing = scrape(0, {});
const missing: Reading = never;

describe('a gauge', () => {
  const now = scrape(1000, {
    plain: 7,
    'pool{state="active"}': 3,
    'pool{state="idle"}': 2,
    'pool{db="b",state="active"}': 4,
    'pool{other_state="active"}': 100,
    'pool{text=",state=\\"active\\""}': 1000,
    pooling: 5000,
  });

  test.each<readonly [string, Reading, number | undefined]>([
    ['stands as it is', gauge('plain'), 7],
    ['is the sum of its series', gauge('pool'), 1109], // 3 + 2 + 4 + 100 + 1,000
    ['is the sum of those with the label, and of no label that only ends like it', gauge('pool{state="active"}'), 7],
    ['needs every label', gauge('pool{state="active",db="b"}'), 4],
    ['is undefined without a series', gauge('none'), undefined],
    ['is undefined without a series of that label', gauge('pool{state="lost"}'), undefined],
  ])('%s', (_, reading, expected) => {
    expect(reading(now, nothing)).toBe(expected);
  });
});

describe('a rate', () => {
  const between = (from: number | undefined, to: number | undefined, ms = 1000): number | undefined =>
    rate('c')(
      scrape(5000 + ms, to === undefined ? {} : { c: to }),
      scrape(5000, from === undefined ? {} : { c: from }),
    );

  test.each([
    ['growth in a second', 10, 15, 1000, 5],
    ['growth in half a second, doubled', 10, 15, 500, 10],
    ['growth in four seconds, quartered', 10, 18, 4000, 2],
    ['none', 10, 10, 1000, 0],
    ['after a restart is undefined', 10, 3, 1000, undefined],
    ['in no time is undefined', 10, 15, 0, undefined],
    ['backwards in time is undefined', 10, 15, -1000, undefined],
    ['after a gap is undefined: all it ever counted is no growth', undefined, 1_000_000, 1000, undefined],
    ['without a reading now is undefined', 10, undefined, 1000, undefined],
  ])('%s', (...[, from, to, ms, expected]) => {
    expect(between(from, to, ms)).toBe(expected);
  });

  test('is of the sum, so that a series that appears adds its own', () => {
    const before = scrape(0, { 'c{o="ok"}': 4 });
    expect(rate('c')(scrape(1000, { 'c{o="ok"}': 5, 'c{o="failed"}': 2 }), before)).toBe(3);
  });

  test('is never negative, and over any time adds up to the growth', () => {
    const growths = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 5000 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(growths, (steps) => {
        let [atMs, count, sum] = [0, 0, 0];
        for (const [growth, ms] of steps) {
          const perSecond = rate('c')(scrape(atMs + ms, { c: count + growth }), scrape(atMs, { c: count })) ?? -1;
          expect(perSecond).toBeGreaterThanOrEqual(0);
          sum += (perSecond * ms) / 1000;
          [atMs, count] = [atMs + ms, count + growth];
        }
        expect(sum).toBeCloseTo(count, 6);
      }),
    );
  });
});

describe('a ratio', () => {
  test.each([
    [1, 4, 0.25],
    [0, 4, 0],
    [4, 4, 1],
    [1, 0, undefined], // no traffic has no ratio
    [0, 0, undefined],
  ])('%d of %d is %p', (part, whole, expected) => {
    expect(ratio(always(part), always(whole))(nothing, nothing)).toBe(expected);
  });

  test('is undefined where either is', () => {
    expect(ratio(missing, always(1))(nothing, nothing)).toBeUndefined();
    expect(ratio(always(1), missing)(nothing, nothing)).toBeUndefined();
  });
});

test.each<readonly [string, Reading, number | undefined]>([
  ['a sum', plus(always(1), always(2), always(3)), 6],
  ['a sum with one missing', plus(always(1), missing, always(3)), undefined],
  ['a multiple', times(1e6, always(0.25)), 250_000],
  ['a multiple of nothing', times(1e6, missing), undefined],
  ['the first there is', firstOf(missing, always(2), always(3)), 2],
  ['the first there is, be it 0', firstOf(always(0), always(3)), 0],
  ['the first of none', firstOf(missing, missing), undefined],
])('%s', (_, reading, expected) => {
  expect(reading(nothing, nothing)).toBe(expected);
});
