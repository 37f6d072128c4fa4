import type { GivenTimes } from '../../measure/given.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';
import { found, goSpanUs } from '../reading/units.ts';
import { ledgerOfVegeta, vegetaTimes } from './vegeta-report.ts';

const REQUESTS = /^Requests\s+\[(total[^\]]*)\]\s+(.*)$/;

/** What `vegeta report` prints: a row has the names of its figures in brackets (lib/reporters.go). */
export const vegetaText: Importer = {
  name: 'vegeta report text',
  takes: 'document',
  recognises: ({ text }) => found(shortLines(text.slice(0, 100_000)), REQUESTS) !== undefined,
  read: ({ text }) => read(linesOfOne(text, { tool: 'vegeta', line: REQUESTS, below: /^Status Codes\s/ })),
};

/** `Duration [total, attack, wait] 3.9s, 3.8s, 9ms` → total, attack and wait by their names. */
function row(lines: readonly string[], title: string): ReadonlyMap<string, string> {
  const [, names = '', values = ''] = found(lines, new RegExp(String.raw`^${title}\s+\[([^\]]*)\]\s+(.*)$`)) ?? [];
  const [titles, list] = [names.split(/,\s*/), values.split(/,\s*/)];
  return new Map(titles.length === list.length ? titles.map((name, at) => [name, list[at] ?? '']) : []);
}

function read(lines: readonly string[]): Imported {
  const codes = [...(row(lines, 'Status Codes').get('code:count') ?? '').matchAll(/(\d+):(\d+)/g)].map(
    ([, code, count]) => [Number(code), Number(count)] as const,
  );
  const requests = row(lines, 'Requests');
  const [count, rate] = [Number(requests.get('total')), Number(requests.get('rate'))];
  const seconds = goSpanUs(row(lines, 'Duration').get('total')) / 1e6;
  const errors = lines.slice(lines.indexOf('Error Set:') + 1).filter((line) => /^[A-Z]\w+ "?https?:/i.test(line));
  return {
    tool: 'vegeta',
    evidence: 'summary',
    times: { ...vegetaTimes, stepRatio: 0.01 },
    model: 'open',
    ...(rate > 0 && { load: `${Number(rate.toPrecision(4))} requests/s sent` }),
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      ledger: ledgerOfVegeta(codes, errors),
      ...(count > 0 && { times: timesOf(row(lines, 'Latencies'), count) }),
    },
    cannotSay: ['It does not say when in the run anything happened, nor how often each error occurred.'],
    remarks: [],
  };
}

function timesOf(latencies: ReadonlyMap<string, string>, count: number): GivenTimes {
  const us = (name: string): number => goSpanUs(latencies.get(name));
  const ranks = [...latencies.keys()].flatMap((name) =>
    /^\d+(?:\.\d+)?$/.test(name) ? [[Number(name), us(name)] as const] : [],
  );
  return { count, min: us('min'), mean: us('mean'), max: us('max'), ranks };
}
