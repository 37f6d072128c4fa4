import { describe, expect, test } from '@jest/globals';
import { figuresOf, importText, sampleText } from './imported.ts';

const SIEGE = `
Transactions:		            5742    hits
Availability:		          100.00 %
Elapsed time:		           30.57 secs
Response time:		          264.80 ms
Transaction rate:	          187.83 trans/sec
Concurrency:		           49.74
Successful transactions:     5740
Failed transactions:	           3
Longest transaction:	          490.00 ms
Shortest transaction:	           10.00 ms
`;

describe('siege', () => {
  test('its newer versions print ms for people, and older ones seconds, with and without a word', () => {
    expect(figuresOf(SIEGE).times).toMatchObject({ min: 10_000, mean: 264_800, max: 490_000 });
    expect(figuresOf(SIEGE.replaceAll(' ms', ' secs').replace('490.00 secs', '6.03')).times).toMatchObject({
      mean: 264_800_000,
      max: 6_030_000,
    });
  });

  test('a transaction that was not successful is a reply of 400 or more', () => {
    const { sent, ok, failures } = figuresOf(SIEGE);
    expect([sent, ok, failures]).toEqual([5745, 5740, { 'error: status of 400 or more': 2, 'error: not named': 3 }]);
  });

  test('lines that begin as JSON stand before its figures', () => {
    const errors = `[alert] a zip\n${'\u001B[0;31m[error] socket: Connection refused\u001B[0m\n'.repeat(100)}`;
    expect(figuresOf(errors + sampleText('recorded/siege.txt'))).toMatchObject({ tool: 'siege', sent: 1429 });
  });
});

test('replies that came after wrk’s time-out are among those that it counts, and those of wrk2 are not', () => {
  const late = '  Socket errors: connect 0, read 0, write 0, timeout 10\n  Non-2xx or 3xx responses:';
  const wrk = sampleText('recorded/wrk-latency.txt').replace('  Non-2xx or 3xx responses:', late);
  expect(figuresOf(wrk)).toMatchObject({ sent: 2161, ok: 2094, timedOut: 10 });
  expect(figuresOf(sampleText('made/wrk2.txt'))).toMatchObject({ sent: 60_022, timedOut: 2 });
});

describe('ab', () => {
  test('-S prints no deviation and no median', () => {
    const short = sampleText('recorded/ab.txt').replace(/^Total: .*$/m, 'Total:          1     8    89');
    expect(figuresOf(short).times).toMatchObject({ min: 1000, mean: 8000, max: 89_000 });
  });

  test('-w prints the rows of a table', () => {
    const cells = (line: string): string =>
      line.replace(
        /^([^:]*:)(.*)$/,
        '<tr ><th colspan=2 bgcolor=white>$1</th><td colspan=2 bgcolor=white>$2</td></tr>',
      );
    const table = sampleText('recorded/ab.txt').split('\n').map(cells).join('\n');
    const { run, ...figures } = figuresOf(sampleText('recorded/ab.txt'));
    expect(run.provenance.version).toBe('2.3');
    expect(figuresOf(`<p>\n${table}\n</table>`)).toMatchObject(figures);
  });
});

describe('oha', () => {
  test('a slow run is printed in tens of seconds, minutes or tens of minutes', () => {
    const inUnit = (unit: string): string => sampleText('made/oha.txt').replaceAll(/ (?:secs?|s)$/gm, ` ${unit}`);
    const secs = figuresOf(sampleText('made/oha.txt')).times;
    for (const [unit, times] of [
      ['10 sec', 10],
      ['min', 60],
      ['10 min', 600],
      ['hr', 3600],
    ] as const) {
      const { max, p50 } = figuresOf(inUnit(unit)).times;
      expect([unit, max, p50]).toEqual([unit, (secs.max ?? 0) * times, (secs.p50 ?? 0) * times]);
    }
  });

  test('percentiles of replies by status stand below those of all', () => {
    const text = sampleText('made/oha.txt');
    const parts =
      '\nResponse time distribution (2xx only):\n  50.00% in 9.0000 sec\n  99.00% in 9.5000 sec\n\nStatus code';
    const broken = figuresOf(text.replace('\nStatus code', parts));
    expect(broken.times).toEqual(figuresOf(text).times);
    expect(broken.run.given.all?.ranks).toEqual(figuresOf(text).run.given.all?.ranks);
  });

  test('CSV holds a row a reply', () => {
    const header = 'request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n';
    const rows = '0.000212,0.00001,0.0002,0.0041,0.0042,3,200\n0.5,0,0,0.0041,0.0052,3,503\n';
    expect(figuresOf(header + rows)).toMatchObject({
      tool: 'oha',
      sent: 2,
      ok: 1,
      failures: { 'status.503': 1 },
      times: { min: 4200, max: 5200 },
    });
  });
});

describe('autocannon', () => {
  const beyond = /^It counts 1,\d+ requests, of which \d+ had no end and can't have been under way/;

  test('-R counts more than is sent, and a closed connection loses what is sent anew: neither was under way at the end', () => {
    const json = sampleText('recorded/autocannon.json').replace('"sent":1466', '"sent":1566');
    const { sent, ok, cut, run } = figuresOf(json);
    expect([sent, ok, cut]).toEqual([1466, 1430, 4]);
    expect(run.provenance.remarks).toEqual([expect.stringMatching(beyond)]);
  });

  const text = sampleText('recorded/autocannon.txt');

  test('where all replies were 2xx their number is the mean of its samples, times these', () => {
    const good = text.replace(/^170 2xx.*\n/m, '');
    expect(figuresOf(good)).toMatchObject({ sent: 207, ok: 203, cut: 4 });
    const { sent, ok, cut, run } = figuresOf(good.replace('207 requests', '301 requests'));
    expect([sent, ok, cut]).toEqual([207, 203, 4]);
    expect(run.provenance.remarks).toHaveLength(1);
  });

  test('of a rounded count nothing is said that its rounding may have made', () => {
    const many = text
      .replace(/^170 2xx.*\n/m, '')
      .replace('101.5 ', '1,210')
      .replace('207 requests', '3k requests');
    const { sent, ok, run } = figuresOf(many);
    expect([sent, ok, run.provenance.remarks.length]).toEqual([2424, 2420, 1]);
    expect(figuresOf(many.replace('3k', '2k')).sent).toBe(2420);
  });
});

test('the last of Artillery’s old reports have counters beside their codes', () => {
  const old = JSON.parse(sampleText('made/artillery-1.json')) as { aggregate: object };
  const later = JSON.stringify({ ...old, aggregate: { ...old.aggregate, counters: {} } });
  const { run: _, ...figures } = figuresOf(sampleText('made/artillery-1.json'));
  expect(figuresOf(later)).toMatchObject(figures);
  expect(figures.sent).toBe(3);
});

test('a report of Artillery’s browsers holds no request, and its errors are none', () => {
  const counters = {
    'vusers.created': 3,
    'browser.page.codes.200': 9,
    'errors.page.goto: Timeout 30000ms exceeded.': 2,
  };
  const report = JSON.stringify({ aggregate: { counters, rates: {}, summaries: {} }, intermediate: [] });
  expect(() => figuresOf(report)).toThrow(/counts no HTTP request/);
});

test('the name of a request may hold words that Artillery parts by', () => {
  const report = sampleText('made/artillery-2.json').replaceAll(
    'metrics-by-endpoint./',
    'metrics-by-endpoint.a.codes.b /',
  );
  const names = (text: string) =>
    importText(text).phase.scenarios[0]?.steps.map(({ name, ledger }) => [name, ledger.sent]);
  expect(names(report)).toEqual(
    names(sampleText('made/artillery-2.json'))?.map(([name, sent]) => [
      String(name).replace(/^\//, 'a.codes.b /'),
      sent,
    ]),
  );
});

describe('k6 with the tags of a run’s choice', () => {
  const rows = (columns: string, values: string): string =>
    `metric_name,timestamp,metric_value${columns}\n${`http_req_duration,1796100344449,17.5${values}\n`.repeat(3)}`;

  test('without those of an end a request is neither ok nor failed', () => {
    const { ok, cut, failures, run } = figuresOf(rows(',proto', ',HTTP/1.1'));
    expect([ok, cut, failures]).toEqual([0, 3, {}]);
    expect(run.provenance.cannotSay).toContainEqual(expect.stringMatching(/count as cut/));
  });

  test('a status of 0 alone is no reply', () => {
    expect(figuresOf(rows(',status', ',0')).failures).toEqual({ 'error: no reply': 3 });
  });
});

test('k6’s machine-readable summary names its percentiles without brackets from 1.5 on, and its version otherwise', () => {
  const text = sampleText('made/k6-machine.json');
  const later = text.replaceAll(/"p\((\d+)\)"/g, '"p$1"').replace('"k6Version"', '"k6_version"');
  const { run, ...figures } = figuresOf(text);
  expect(run.provenance.version).toBe('1.0.0');
  const second = figuresOf(later);
  expect(second).toMatchObject(figures);
  expect([second.run.provenance.version, second.run.given.all?.ranks]).toEqual([
    '1.0.0',
    [
      [50, 4000],
      [90, 9000],
      [95, 12_000],
    ],
  ]);
});

test('the address of a request says nothing of how it failed', () => {
  const failed = (url: string, error: string) =>
    figuresOf(
      JSON.stringify({ attack: '', seq: 0, code: 0, timestamp: '2026-11-29T00:00:00Z', latency: 1, error, url }),
    ).failures;
  const url = 'http://127.0.0.1/reset/timeout/tls';
  expect(failed(url, `Get "${url}": EOF`)).toEqual({ closed: 1 });
  expect(failed(url, `Get "${url}": read: connection reset by peer`)).toEqual({ reset: 1 });
});

test('siege in a locale with a decimal comma', () => {
  const comma = SIEGE.replaceAll(/(\d)\.(\d)/g, '$1,$2');
  const { run: _, ...figures } = figuresOf(SIEGE);
  expect(figuresOf(comma)).toMatchObject(figures);
});

describe('a JTL', () => {
  const jtl = sampleText('made/results.jtl');
  const { run: _, ...figures } = figuresOf(jtl);

  test('that a spreadsheet has written again has its words in capitals', () => {
    expect(figuresOf(jtl.replaceAll(/\b(?:true|false)\b/g, (word) => word.toUpperCase()))).toMatchObject(figures);
  });

  test('without a header may begin with a row that has quotes', () => {
    const [header = '', first = '', ...rest] = jtl.split('\n');
    const columns = header.split(',');
    const fields = first.split(',');
    fields[columns.indexOf('label')] = '"a, ""b"""';
    expect(columns.slice(0, 5)).toEqual(['timeStamp', 'elapsed', 'label', 'responseCode', 'responseMessage']);
    expect(figuresOf([fields.join(','), ...rest].join('\n'))).toMatchObject(figures);
  });

  test('as XML may name a style sheet', () => {
    const styled = sampleText('made/results.xml').replace('?>', '?>\n<!-- a -->\n<?xml-stylesheet href="a.xsl"?>');
    expect(figuresOf(styled)).toMatchObject({ tool: 'JMeter', sent: 2 });
  });
});
