import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { emptyHistogram, record, valueAt } from '../../../lib/measure/histogram.ts';
import { influx } from '../../../lib/outputs/influx.ts';
import { ndjson } from '../../../lib/outputs/ndjson.ts';
import type { Encoder, Output } from '../../../lib/outputs/output.ts';
import { exposition } from '../../../lib/outputs/prometheus/exposition.ts';
import { snappy } from '../../../lib/outputs/prometheus/snappy.ts';
import { statsd } from '../../../lib/outputs/statsd.ts';
import { parsePrometheus } from '../../../lib/signals/prometheus/exposition.ts';
import { secondOf, seen, START_MS, succeeded } from './seconds.ts';

const encoderOf = (output: Output, text: string): Encoder => {
  const opened = output.open({ text, headers: {} });
  if (typeof opened === 'string') throw new Error(opened);
  return opened.encoder;
};

/** 1, 1.5 and 2 ms at one step, 1.8 ms at another, in two seconds: below 2.048 ms every µs has a cell of its own. */
const SECONDS = [
  secondOf((into) => {
    succeeded(0, [1000, 1500, 2000])(into);
    Object.assign(into.arrivals, { due: 4, started: 3, dropped: 1 });
  }),
  secondOf(succeeded(1, [1800])),
];

const linesOf = (encoder: Encoder): string[][] =>
  seen([SECONDS], (live) => encoder.second(live).flatMap((message) => String(message).split('\n')));

test("influx: a measurement a family, the run's id a tag, and letters that mean something escaped", () => {
  const [first = [], second = []] = linesOf(encoderOf(influx, 'http://i/write?db=a'));
  const tags = String.raw`run=run-1,phase=peak\\ ,scenario=shop\,\ b\=1`;
  expect(first[0]).toBe(`plimsoll_requests,${tags},step=GET\\ /,outcome=ok count=3i ${START_MS + 1000}`);
  expect(first[1]).toMatch(/^plimsoll_response,.* count=3i,min=0\.001,mean=0\.0015,p50=0\.0015,.*max=0\.002 \d+$/);
  expect(first.find((line) => line.includes('result=dropped'))).toContain(' count=1i ');
  expect(second[0]).toBe(`plimsoll_requests,${tags},step=x.y|z:1,outcome=ok count=1i ${START_MS + 2000}`);
});

test('ndjson: a line a reading, with its time, run and second', () => {
  const lines = linesOf(encoderOf(ndjson, '')).map((own) => own.map((line) => JSON.parse(line) as object));
  const at = new Date(START_MS + 2000).toISOString();
  const common = { at, run: 'run-1', second: 1, phase: 'peak\\', scenario: 'shop, b=1', step: 'x.y|z:1' };
  expect(lines[1]?.slice(0, 2)).toEqual([
    { ...common, metric: 'requests', outcome: 'ok', count: 1 },
    expect.objectContaining({ ...common, metric: 'response', count: 1, min: 0.0018, p50: 0.0018, max: 0.0018 }),
  ]);
});

describe('statsd', () => {
  const encoder = encoderOf(statsd, ':8125');

  test('names with dots and no letter that ends a name', () => {
    const [first, second] = linesOf(encoder);
    expect(first).toEqual([
      'plimsoll.requests.peak_.shop__b_1.GET__.ok:3|c',
      'plimsoll.response.peak_.shop__b_1.GET__:1|ms',
      'plimsoll.response.peak_.shop__b_1.GET__:1.5|ms',
      'plimsoll.response.peak_.shop__b_1.GET__:2|ms',
      'plimsoll.arrivals.peak_.due:4|c',
      'plimsoll.arrivals.peak_.started:3|c',
      'plimsoll.arrivals.peak_.dropped:1|c',
      'plimsoll.users.peak_:0|g',
      'plimsoll.signal.service_cpu:0.5|g',
    ]);
    expect(second?.slice(0, 2)).toEqual([
      'plimsoll.requests.peak_.shop__b_1.x_y_z_1.ok:1|c',
      'plimsoll.response.peak_.shop__b_1.x_y_z_1:1.8|ms',
    ]);
  });

  test('timers have the percentiles of all requests, weigh as many, and every datagram fits a frame', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000_000), { minLength: 1, maxLength: 500 }), (times) => {
        const all = emptyHistogram();
        for (const us of times) record(all, us);
        const [datagrams = []] = seen([[secondOf(succeeded(0, times))]], (live) => encoder.second(live));
        expect(datagrams.filter((each) => Buffer.byteLength(each) > 1432)).toEqual([]);
        const timers = datagrams
          .flatMap((each) => String(each).split('\n'))
          .flatMap((line) => /:([\d.]+)\|ms(?:\|@([\d.]+))?$/.exec(line)?.slice(1) ?? [])
          .map(Number);
        const [values, rates] = [timers.filter((_, at) => at % 2 === 0), timers.filter((_, at) => at % 2 === 1)];
        const weight = rates.reduce((sum, rate) => sum + 1 / (Number.isNaN(rate) ? 1 : rate), 0);
        expect(weight).toBeCloseTo(times.length, 6);
        const at = (percentile: number) => values[Math.ceil((percentile / 100) * values.length) - 1];
        expect([at(50), at(99), at(100)]).toEqual([50, 99, 100].map((percentile) => valueAt(all, percentile) / 1000));
      }),
      { numRuns: 30 },
    );
  });
});

describe('the page for Prometheus', () => {
  test('holds the phase so far, earlier phases too, and what means something is escaped', () => {
    const encoder = exposition();
    const pages = [SECONDS, [secondOf(succeeded(3, [7000]))]].flatMap((seconds) =>
      seen([seconds], (live) => String(encoder.second(live)[0])),
    );
    const last = parsePrometheus(pages.at(-1) ?? '');
    const labels = String.raw`phase="peak\\",scenario="shop, b=1",step="GET /"`;
    expect(last.get(`plimsoll_requests_total{${labels},outcome="ok"}`)).toBe(0);
    expect(pages[1]).toContain(`plimsoll_requests_total{${labels},outcome="ok"} 3\n`);
    expect(pages[1]).toContain(`plimsoll_response_seconds_bucket{${labels},le="0.001"} 1\n`);
    expect(pages[1]).toContain(`plimsoll_response_seconds_bucket{${labels},le="+Inf"} 3\n`);
    expect(pages[1]).toContain(String.raw`plimsoll_run_info{run="run-1",plan="a \"plan\"",phase="peak\\"} 1`);
    expect(pages[1]?.match(/^# TYPE .*$/gm)).toEqual([
      '# TYPE plimsoll_requests_total counter',
      '# TYPE plimsoll_response_seconds histogram',
      '# TYPE plimsoll_arrivals_total counter',
      '# TYPE plimsoll_users gauge',
      '# TYPE plimsoll_signal gauge',
      '# TYPE plimsoll_run_info gauge',
    ]);
  });
});

/** By the format's description: a literal's length or a copy's stands in the tag's upper six bits. */
function unsnappy(input: Uint8Array): Buffer {
  const out: number[] = [];
  let at = 0;
  while ((input[at++] ?? 0) >= 0x80);
  while (at < input.length) {
    const tag = input[at++] ?? 0;
    if ((tag & 3) === 2) {
      const from = out.length - ((input[at] ?? 0) + 256 * (input[at + 1] ?? 0));
      for (let n = 0; n <= tag >> 2; n += 1) out.push(out[from + n] ?? -1);
      at += 2;
    } else {
      const long = tag >> 2 === 61;
      const length = 1 + (long ? (input[at] ?? 0) + 256 * (input[at + 1] ?? 0) : tag >> 2);
      if (long) at += 2;
      out.push(...input.subarray(at, at + length));
      at += length;
    }
  }
  return Buffer.from(out);
}

test('what snappy packs is unpacked to the same, and text that repeats is packed small', () => {
  const repeating = fc.array(fc.constantFrom('scenario', 'browse', 'x', '0'), { maxLength: 3000 });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    repeating.map((words) => Buffer.from(words.join(''))),
    fc
      .constantFrom(69_000, 70_000, 140_000)
      .map((size) => Buffer.from(Array.from({ length: size }, (_, i) => (i * i * 31) >> 5))),
  );
  fc.assert(
    fc.property(bytes, (input) => expect(Buffer.compare(unsnappy(snappy(input)), input)).toBe(0)),
    { numRuns: 60 },
  );
  expect(snappy(Buffer.from('plimsoll_requests_total'.repeat(1000))).length).toBeLessThan(23_000 / 15);
});
