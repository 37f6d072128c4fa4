import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { csvReader, readCsv } from '../../../lib/document/csv.ts';

/** The header, and the rows below it. */
function tableOf(text: string): string[][] {
  const { columns, table } = readCsv(new TextEncoder().encode(text));
  return [columns, ...Array.from(table.starts, csvReader(table))];
}

test.each<[string, string, string[][]]>([
  [
    'lines that end with LF',
    'a,b\n1,2\n3,4\n',
    [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  ['no end of the last line', 'a\n1', [['a'], ['1']]],
  [
    'CRLF',
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'CR',
    'a,b\r1,2\r3,4',
    [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  ['line ends of all kinds', 'a\r\n1\n2\r3\r\n4\n', [['a'], ['1'], ['2'], ['3'], ['4']]],
  ['lines with nothing in them', '\na\n\n1\r\n\r\n  \n2\n\n', [['a'], ['1'], ['2']]],
  ['a mark of the byte order', '\ufeffa\n1', [['a'], ['1']]],
  [
    'blanks round values',
    ' a ,\tb\n 1 , x y \n',
    [
      ['a', 'b'],
      ['1', 'x y'],
    ],
  ],
  [
    'values in quotes',
    'a,b\n"1,\n2" , "say ""hi"""\n',
    [
      ['a', 'b'],
      ['1,\n2', 'say "hi"'],
    ],
  ],
  ['blanks inside of quotes', 'a\n" x "\n', [['a'], [' x ']]],
  [
    'empty values',
    'a,b\n,\n"",x\n',
    [
      ['a', 'b'],
      ['', ''],
      ['', 'x'],
    ],
  ],
  ['values of several bytes', 'a\nü名😀\n', [['a'], ['ü名😀']]],
  ['digits as they are', 'id\n00017\n8214565720323784705\n', [['id'], ['00017'], ['8214565720323784705']]],
  ['nothing', '', [[]]],
  ['a header alone', 'a,b', [['a', 'b']]],
])('%s', (_, text, table) => {
  expect(tableOf(text)).toEqual(table);
});

test.each([
  ['a,b\n1,2\n3\n', 'line 3 has 1 value, and the header has 2; mend the line'],
  ['a\n"x\ny"\r1,2', 'line 4 has 2 values, and the header has 1; mend the line'],
  ['a\n1\n"x\ny', 'line 3 opens a quote that is never closed; close it'],
  ['a\nx"y"\n', 'line 2 has a quote inside of a value; put all of it in quotes'],
  ['a\n"x"y\n', 'line 2 goes on behind a quote; write two quotes for one inside of a value'],
])('%j is no CSV', (text, reason) => {
  expect(() => tableOf(text)).toThrow(reason);
});

const value = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', '\n', '\r', '\r\n', ' ', '0'), maxLength: 6 });
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test('what is written in quotes is read, as another reader reads it', () => {
  const table = fc
    .integer({ min: 1, max: 3 })
    .chain((width) =>
      fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 2, maxLength: 5 }),
    );
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n', '\r'), (rows, end) => {
      const text = rows.map((row) => row.map(quoted).join(',')).join(end);
      expect(tableOf(text)).toEqual(rows);
      expect(parse(text, { record_delimiter: end })).toEqual(rows);
    }),
    { numRuns: 50 },
  );
});
