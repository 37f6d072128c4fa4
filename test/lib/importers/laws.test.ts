import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SampleCollector } from '../../../lib/importers/building/collector.ts';
import { BoundedPoints } from '../../../lib/importers/building/points.ts';
import { ledgerOfCounts } from '../../../lib/importers/building/ledger.ts';
import { CsvReader } from '../../../lib/importers/reading/csv.ts';
import { importSample, importText, sampleText } from './imported.ts';

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

describe('CSV', () => {
  const field = fc.string({ unit: fc.constantFrom('a', 'ä', '"', ',', '\n', ' ', '1'), maxLength: 6 });
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });

  test('what is written by RFC 4180 is read again, wherever the pieces end and whatever ends the lines', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 9 }), fc.constantFrom('\n', '\r\n'), (written, piece, end) => {
        const text = written.map((row) => row.map(quoted).join(',') + end).join('');
        const read: string[][] = [];
        const reader = new CsvReader(',', (row, _, broken) => read.push(broken === undefined ? row.texts() : [broken]));
        const bytes = Buffer.from(text);
        // The same memory for every piece, as files are read.
        const memory = Buffer.alloc(piece);
        for (let at = 0; at < bytes.length; at += piece)
          reader.write(memory.subarray(0, bytes.copy(memory, 0, at, at + piece)));
        reader.end();
        expect(read).toEqual(written);
      }),
      { numRuns: 200 },
    );
  });

  test('lines are counted, breaks within quotes too', () => {
    const lines: number[] = [];
    const reader = new CsvReader(',', (_, line) => lines.push(line));
    reader.write(Buffer.from('"a\nb",c\n\nd,e\n'));
    reader.end();
    expect(lines).toEqual([1, 4]);
  });

  test('a number is that of its digits, and a missing one is none', () => {
    const texts = [
      '0',
      '12.345',
      '.5',
      '5.',
      '1551614636000',
      '1e3',
      ' 7 ',
      '-2',
      '"3"',
      '0.1234567890123456',
      '.',
      'x',
    ];
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...texts), fc.double({ min: 0, max: 1e9, noNaN: true }).map(String)),
        (text) => {
          let read = [0, 0];
          new CsvReader(';', (row) => (read = [row.number(0), row.number(1)])).write(Buffer.from(`${text};\n`));
          expect(read).toEqual([Number(text.replaceAll('"', '')), Number.NaN]);
        },
      ),
    );
  });
});

describe('the collector', () => {
  const sample = fc.record({
    at: fc.integer({ min: 0, max: 20_000 }),
    ms: fc.integer({ min: 0, max: 3000 }),
    step: fc.integer({ min: 0, max: 2 }),
    ok: fc.boolean(),
  });

  test('counts every request once, in a second of the run, in any order', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), (samples) => {
        let [sent, failed] = [0, 0];
        const collector = new SampleCollector(({ steps, second }) => {
          expect(second).toBeLessThanOrEqual(23);
          for (const { ledger } of steps) [sent, failed] = [sent + ledger.sent, failed + ledger.failed];
        }, 10);
        for (const { at, ms, step, ok } of samples)
          collector.add(collector.step(`s${step}`), at * 1000, ms * 1000, ok ? 'ok' : 'status.500');
        const { all, startUs, endUs } = collector.finish();
        const times = samples.map(({ ms }) => ms * 1000);
        expect([sent, failed]).toEqual([samples.length, samples.filter(({ ok }) => !ok).length]);
        expect([all?.min, all?.max, all?.count]).toEqual([Math.min(...times), Math.max(...times), samples.length]);
        expect(startUs).toBe(Math.min(...samples.map(({ at }) => at * 1000)));
        expect(endUs).toBe(Math.max(...samples.map(({ at, ms }) => (at + ms) * 1000)));
      }),
      { numRuns: 50 },
    );
  });

  test('what comes after its second was written begins another stream, whose seconds ascend too', () => {
    const last = new Map<number, number>();
    let sent = 0;
    const collector = new SampleCollector(({ worker, second, steps }) => {
      expect(second).toBeGreaterThanOrEqual(last.get(worker) ?? 0);
      last.set(worker, second);
      for (const { ledger } of steps) sent += ledger.sent;
    }, 100);
    // Twice the same 100 s, ten requests a second: ten times as many as are held.
    for (let at = 0; at < 2000; at += 1) collector.add(0, (at % 1000) * 100_000, 1000, 'ok');
    expect([collector.finish().streams, sent]).toEqual([2, 2000]);
  });

  test('names beyond a thousand are one', () => {
    const collector = new SampleCollector(() => undefined);
    const numbers = new Set(Array.from({ length: 1500 }, (_, at) => collector.step(`item ${at}`)));
    expect([numbers.size, collector.finish().namesAreBounded]).toEqual([1001, true]);
  });
});

test('points that become too many are joined, and none is lost', () => {
  const points = new BoundedPoints();
  for (let at = 0; at < 5000; at += 1)
    points.add({ atSeconds: at, seconds: 1, ledger: ledgerOfCounts(3, 1), users: 7 });
  const list = points.list();
  expect(list.length).toBeLessThanOrEqual(1200);
  expect(list.reduce((sum, { ledger }) => sum + ledger.sent, 0)).toBe(15_000);
  expect(list.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(5000);
  expect(list.every(({ users }) => users === 7)).toBe(true);
});

test('the pieces in which a file comes change nothing', () => {
  for (const file of [
    'made/results.jtl',
    'made/results.xml',
    'made/k6.csv',
    'recorded/hey.csv',
    'made/vegeta.ndjson',
  ]) {
    const text = sampleText(file);
    expect(importText(text, 3).phase).toEqual(importText(text, 1e6).phase);
  }
  expect(importSample('recorded/gatling-binary.log').phase.ledger.sent).toBe(60);
});
