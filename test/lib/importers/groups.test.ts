import { describe, expect, test } from '@jest/globals';
import { joinLocust } from '../../../lib/importers/building/locust-parts.ts';
import { importSample, importText, sampleText, type Read } from './imported.ts';

describe('groups', () => {
  const namesOf = ({ phase }: Read) =>
    Object.fromEntries((phase.scenarios[0]?.steps ?? []).map(({ name, ledger }) => [name, ledger.sent]));

  test.each<readonly [file: string, expected: Readonly<Record<string, number>>]>([
    ['recorded/output.ndjson', { 'GET /items': 40, 'POST /orders': 20 }],
    ['made/k6.csv', { 'GET /': 2, 'buyers: GET https://other.test/': 1, 'setup: login': 1 }],
    ['recorded/gatling-binary.log', { 'GET /items': 40, 'POST /orders': 20 }],
    ['recorded/stats.json', { 'GET /items': 40, 'POST /orders': 20 }],
    ['made/gatling-2.log', { 'checkout / card / pay': 1, browse: 1 }],
    ['made/results.jtl', { browse: 4, 'say "hi" to all': 1 }],
    ['made/results.xml', { 'a & b': 1, pay: 1 }],
    ['made/locust_stats.csv', { 'GET /items': 200, 'POST /orders?a=1,2': 100 }],
    ['made/artillery-2.json', { '/items': 100, 'not listed by name': 140 }],
    ['made/vegeta.ndjson', { 'GET /items': 2, 'POST http://127.0.0.1:1': 1 }],
  ])('%s', (file, expected) => expect(namesOf(importSample(file))).toEqual(expected));

  test('transactions stand beside, and count in no total', () => {
    for (const file of ['made/results.jtl', 'made/results.xml'])
      expect(importSample(file).run.provenance.beside.map(({ name, ledger }) => [name, ledger.sent])).toEqual([
        ['checkout', 1],
      ]);
  });
});

test('errors of an Artillery script are no requests, whose replies are counted as well', () => {
  const text = sampleText('made/artillery-2.json');
  const withError = (name: string) =>
    importText(text.replace('"errors.ECONNRESET": 4', `"errors.ECONNRESET": 4, "errors.${name}": 7`));
  const { phase, run } = withError('Failed capture or match');
  expect(phase.ledger).toEqual(importText(text).phase.ledger);
  expect(JSON.stringify(run)).toContain('7 errors of its script, such as a failed capture, are no requests.');
  // 230 replies and 9 + 7 errors of 240 requests: Node's own names are those of requests.
  const other = withError('EPROTO');
  expect(other.phase.ledger).toMatchObject({ sent: 246, cut: 0, failures: { 'error: EPROTO': 7 } });
  expect(JSON.stringify(other.run)).toContain('It counts 240 requests, and 246 replies and errors of requests.');
});

describe('Locust’s files are one run', () => {
  const stats = importSample('made/locust_stats.csv').imported;
  const history = importSample('made/locust_stats_history.csv').imported;
  const failures = importSample('made/locust_failures.csv').imported;

  test('groups of the statistics, seconds of the history, kinds of the failures', () => {
    const joined = joinLocust(stats, history, failures);
    expect(
      joined.points?.map(({ atSeconds, ledger, users }) => [atSeconds, ledger.sent, ledger.failed, users]),
    ).toEqual([
      [0, 100, 2, 10],
      [10, 200, 8, 20],
    ]);
    expect(joined.total?.ledger.failures).toEqual({ 'status.503': 3, refused: 7 });
    expect(joined.groups?.map(({ ledger }) => ledger.failures)).toEqual([{ 'status.503': 3 }, { refused: 7 }]);
    expect(joined.startedAtMs).toBe(1_776_043_933_000);
  });

  test('parts that contradict each other are said', () => {
    const other = importText(sampleText('made/locust_stats.csv').replaceAll(',300,10,', ',301,10,')).imported;
    expect(joinLocust(other, history).remarks).toContain('Its statistics count 301 requests, and its history 300.');
    expect(joinLocust(stats, history).remarks).toHaveLength(1);
  });
});

test('a tool’s own verdicts are remarks', () => {
  expect(importSample('made/k6-export.json').run.provenance.remarks).toEqual([
    'k6 judged http_req_failed "rate<0.01": broken.',
    'k6 judged http_req_duration "p(95)<800": held.',
  ]);
});

test('arrivals that a tool counts are arrivals; times from the intended start are response times; buckets are stored', () => {
  expect(importSample('made/k6-handled.json').phase.arrivals).toMatchObject({ due: 612, started: 600, dropped: 12 });
  const wrk2 = importSample('made/wrk2.txt');
  expect(wrk2.phase.serviceTimeUs.p50).toBeNull();
  expect(wrk2.run.provenance.all?.buckets?.at(-1)).toEqual([12_343, 40_000]);
});
