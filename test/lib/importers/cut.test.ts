import { describe, expect, test } from '@jest/globals';
import { PlimsollError } from '../../../lib/errors.ts';
import { figuresOf, sampleText } from './imported.ts';

function refusalOf(text: string): string {
  try {
    return JSON.stringify(figuresOf(text).failures);
  } catch (error) {
    return error instanceof PlimsollError ? `${error.code}: ${error.message}` : String(error);
  }
}

/** The line on which each tool says how requests ended comes after others that look like a whole output. */
const ENDS = [
  ['recorded/siege.txt', '"successful_transactions"'],
  ['recorded/ab.txt', 'Failed requests'],
  ['recorded/wrk-latency.txt', '  Non-2xx'],
  ['recorded/hey-refused.txt', 'Status code'],
  ['made/oha.txt', 'Status code'],
  ['made/vegeta-report.txt', 'Status Codes'],
] as const;

test.each(ENDS)('%s that was cut before %s is refused: what is missing would pass for success', (file, from) => {
  const cut = sampleText(file).split(from)[0] ?? '';
  expect(refusalOf(cut)).toMatch(/^E-IMPORT-DAMAGED: .* ends before it has said how the requests ended/);
});

test.each(['made/ab-g.tsv', 'recorded/hey.csv', 'made/locust_stats.csv', 'made/locust_stats_history.csv'])(
  '%s twice in one file is refused: these are two runs',
  (file) => {
    expect(refusalOf(sampleText(file).trimEnd() + '\n' + sampleText(file))).toMatch(
      /^E-IMPORT-DAMAGED: It holds several tables, the second from line \d+ on/,
    );
  },
);

describe('Locust', () => {
  test('statistics that were cut before their total are the sum of their rows', () => {
    const [before = ''] = sampleText('made/locust_stats.csv').split(/^.*Aggregated/m);
    const { sent, ok, run } = figuresOf(before);
    expect([sent, ok]).toEqual([300, 290]);
    expect(run.provenance.remarks).toEqual(['It has no row of all requests, which are the sum of the others.']);
  });

  const HEADER = sampleText('made/locust_stats_history.csv').split('\n')[0] ?? '';
  const row = (second: number, sent: number): string => {
    const named: Readonly<Record<string, number | string>> = {
      Timestamp: 1_796_100_000 + second,
      Name: 'Aggregated',
      'Total Request Count': sent,
    };
    return HEADER.split(',')
      .map((name) => named[name] ?? 0)
      .join(',');
  };

  test('with --reset-stats a history begins anew, and what was before is left out', () => {
    const history = [HEADER, row(0, 0), row(1, 80), row(2, 20), row(3, 60), ''].join('\n');
    const { sent, run } = figuresOf(history);
    expect([sent, run.seconds, run.startedAtMs]).toEqual([60, 2, 1_796_100_001_000]);
    expect(run.measurement?.points.map(({ ledger }) => ledger.sent)).toEqual([20, 40]);
    expect(run.provenance.remarks).toContainEqual(expect.stringMatching(/--reset-stats/));
  });
});
