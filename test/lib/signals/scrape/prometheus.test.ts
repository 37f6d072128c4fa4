import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { parsePrometheus } from '../../../../lib/signals/scrape/prometheus.ts';

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
        const gauge = new Gauge({ name: metric, help: 'a\nb', labelNames: ['one', 'two'], registers: [registry] });
        for (const [one, two, amount] of series) gauge.set({ one, two }, amount);
        const expected = new Map(
          series.map(([one, two, amount]) => [`${metric}{one="${escaped(one)}",two="${escaped(two)}"}`, amount + 0]), // the text has no −0
        );
        expect(parsePrometheus(await registry.metrics())).toEqual(expected);
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
