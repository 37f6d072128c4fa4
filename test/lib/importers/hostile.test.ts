import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { PlimsollError } from '../../../lib/errors.ts';
import { importBytes, importSample, importText, SAMPLES, sampleText } from './imported.ts';

const HEADER = 'timeStamp,elapsed,label,responseCode,responseMessage,threadName,success';
const row = (label: string, at = 1_551_614_636_000): string => `${at},100,${label},200,OK,Users 1-1,true`;
const jtl = (...rows: readonly string[]): string => [HEADER, ...rows, ''].join('\n');

/** The code and the sentence of what an import throws. */
function refusal(text: string): string {
  try {
    importText(text);
  } catch (error) {
    if (error instanceof PlimsollError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing was thrown';
}

describe('the good part of a broken file is imported, and what is bad is counted', () => {
  test.each<readonly [what: string, text: string, good: number, bad: number, line: number]>([
    ['a line of something else', jtl(row('a'), 'hello', row('a')), 2, 1, 3],
    ['a cut last row', jtl(row('a'), row('a')).slice(0, -30), 1, 1, 3],
    ['an open quote', jtl(row('a'), row('"a'), row('a'), row('a')), 3, 1, 3],
    ['NUL bytes', jtl(row('a'), '\0\0\0,1,2', row('a')), 2, 1, 3],
    ['a moment eleven days away', jtl(row('a'), row('a', 1_000_000_000_000), row('a')), 2, 1, 3],
    ['a number that is none', jtl(row('a'), row('a').replace(',100,', ',-5,'), row('a')), 2, 1, 3],
    ['a row of a million letters', jtl(row('a'), 'x'.repeat(1_100_000), row('a')), 2, 1, 3],
    ['a cut line of JSON', sampleText('recorded/output.ndjson').trimEnd().slice(0, -20), 60, 1, 191],
    [
      'a cut log of Gatling',
      [...sampleText('recorded/gatling-text.log').split('\n').slice(0, 6), 'REQUEST\t\tGET'].join('\n'),
      2,
      1,
      7,
    ],
  ])('%s', (_, text, good, bad, line) => {
    const { lines } = importText(text, 64 * 1024).imported;
    expect([lines?.good, lines?.bad]).toEqual([good, bad]);
    expect(lines?.firstBad?.line ?? 0).toBe(line);
  });

  test.each([
    ['ten minutes after the last one ended', 600.1, []],
    ['more than that', 600.2, [expect.stringMatching(/^For 10 min nothing was under way: it may hold several runs/)]],
  ])('a row %s is of another run', (_, seconds, remarks) => {
    const at = 1_551_614_636_000;
    const { imported } = importText(jtl(row('a', at), row('a', at - 50), row('b', at + seconds * 1000)));
    expect(imported.remarks).toEqual(remarks);
  });

  test('a binary log that ends within a record, or goes on with nonsense', () => {
    const whole = importSample('recorded/gatling-binary.log').phase.ledger.sent;
    const bytes = readFileSync(`${SAMPLES}/recorded/gatling-binary.log`);
    for (const broken of [bytes.subarray(0, 1500), Buffer.concat([bytes.subarray(0, 1500), Buffer.alloc(900, 0xff)])]) {
      const { imported, phase } = importBytes(broken);
      expect(imported.lines?.cut).toBe(true);
      expect(phase.ledger.sent).toBeGreaterThan(10);
      expect(phase.ledger.sent).toBeLessThan(whole);
    }
  });

  test('rows in quotes that a JTL does not close, and markup in names, stay text', () => {
    const names = ['__proto__', 'constructor', '=1+1', '<script>alert(1)</script>'];
    const { phase } = importText(jtl(...names.map((name) => row(name))));
    expect(phase.scenarios[0]?.steps.map(({ name, ledger }) => [name, ledger.ok])).toEqual(
      names.map((name) => [name, 1]),
    );
  });
});

describe('what can’t be read is refused, with a code and a line', () => {
  test.each<readonly [what: string, text: string, refused: RegExp]>([
    ['nothing that is known', 'a,b,c\n1,2,3\n', /^E-IMPORT-UNKNOWN/],
    ['JSON of something else', '{"a": 1}', /^E-IMPORT-UNKNOWN/],
    ['broken JSON', '{"metrics": {"http_reqs": ', /^E-IMPORT-DAMAGED: It is broken JSON/],
    ['a header alone', jtl(), /^E-IMPORT-DAMAGED: .*holds no request/],
    ['mostly nonsense', jtl(row('a'), 'x', 'y', 'z'), /^E-IMPORT-DAMAGED: .*3 of 4 records.*line 3/],
    ['deep JSON', '['.repeat(100_000), /^E-IMPORT-TOO-LARGE/],
    ['JSON of objects alone', `{"a":[${'{},'.repeat(1_100_000)}0]}`, /^E-IMPORT-TOO-LARGE: .*values/],
    [
      'a document type',
      '<testResults><!DOCTYPE a [<!ENTITY a "a">]><sample s="true"/></testResults>',
      /^E-IMPORT-DAMAGED: .*line 1/,
    ],
    ['deep XML', `<testResults>${'<sample s="true">'.repeat(200)}`, /^E-IMPORT-DAMAGED: .*levels deep/],
    [
      'an entity that is not XML’s own',
      '<testResults>\n<sample s="true" lb="&b;"/></testResults>',
      /^E-IMPORT-DAMAGED: .*line 2/,
    ],
  ])('%s', (_, text, refused) => expect(refusal(text)).toMatch(refused));
});

test('more kinds of failures than anyone counts are one kind in the end, and none is lost', () => {
  const rows = Array.from({ length: 5100 }, (_, at) => row('a').replace('200,OK', `x${at},y`).replace('true', 'false'));
  const { ledger } = importText(jtl(...rows), 64 * 1024).phase;
  expect([ledger.failed, ledger.failures['error: other']]).toEqual([5100, expect.any(Number)]);
  expect(Object.values(ledger.failures).reduce((sum, count) => sum + count, 0)).toBe(5100);
});

test('numbers beyond all bounds are no counts, moments or durations', () => {
  const text = sampleText('made/locust_stats_history.csv').replaceAll('1776043953', '99999999999999999999');
  const { run, phase } = importText(text.replaceAll('1776043933', '88888888888888888888'));
  expect([run.startedAtMs, run.seconds, phase.ledger.sent]).toEqual([undefined, Number.NaN, 300]);
  expect(importText(sampleText('made/oha.json').replace('900', '1e999')).phase.ledger.ok).toBe(0);
});

describe('content decides, in any encoding', () => {
  test.each<readonly [what: string, bytes: Buffer]>([
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${jtl(row('ä'))}`)],
    ['UTF-16', Buffer.from(`\uFEFF${jtl(row('ä'))}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(jtl(row('ä')), 'utf16le')],
    ['UTF-16, big-endian', Buffer.from(`\uFEFF${jtl(row('ä'))}`, 'utf16le').swap16()],
    ['tabs', Buffer.from(jtl(row('ä')).replaceAll(',', '\t'))],
    ['semicolons', Buffer.from(jtl(row('ä')).replaceAll(',', ';'))],
    ['dates', Buffer.from(jtl(row('ä').replace('1551614636000', '2019/03/03 12:03:56.000')))],
    ['no header', Buffer.from(`${row('ä')}\n`)],
    ['seconds', Buffer.from(jtl(row('ä').replace('1551614636000', '1551614636')))],
  ])('%s', (_, bytes) => {
    const { phase, run } = importBytes(bytes, 'anything.jmx', 7);
    expect(phase.scenarios[0]?.steps.map(({ name, ledger }) => [name, ledger.ok])).toEqual([['ä', 1]]);
    expect(run.startedAtMs).toBe(1_551_614_636_000);
  });
});
