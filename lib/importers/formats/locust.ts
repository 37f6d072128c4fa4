import type { GivenTimes } from '../../measure/given.ts';
import { emptyLedger } from '../../measure/ledger.ts';
import type { GivenGroup, TimeDefinition } from '../../measure/provenance.ts';
import { joinLocust } from '../building/locust-parts.ts';
import { ledgerOf, ledgerOfCounts } from '../building/ledger.ts';
import { failureOf } from '../reading/failure.ts';
import type { GivenPoint, Imported, Importer } from '../reading/importer.ts';
import { csvTableOf, type CsvTable, type TableRow } from '../reading/table.ts';

/** Whole bodies, connecting and redirects included; percentiles of more than 100 ms have two digits (locust/stats.py). */
const TIMES: TimeDefinition = {
  from: 'request',
  to: 'last-byte',
  connect: true,
  failed: 'all',
  stepUs: 1000,
  stepRatio: 0.05,
};

const COMMON = {
  tool: 'Locust',
  evidence: 'summary',
  times: TIMES,
  model: 'closed',
  cannotSay: ['It does not say how users waited between their requests.'],
} as const satisfies Partial<Imported>;

/** What `--csv` writes: statistics by request, their course, and the failures. They are one run where they are given together. */
export const locust: Importer = {
  name: 'Locust CSV',
  takes: 'document',
  recognises: ({ text }) => partOf(text) !== undefined,
  read: ({ text }) => {
    const part = partOf(text) ?? 'stats';
    const table = csvTableOf(text, (row) => part !== 'history' || row.text('Name') === AGGREGATED);
    return { ...READERS[part](table), lines: table.lines };
  },
  join: joinLocust,
  ending: /_(?:stats|stats_history|failures)\.csv$/,
};

type Part = 'stats' | 'history' | 'failures';

const READERS: Readonly<Record<Part, (table: CsvTable) => Imported>> = {
  stats: readStats,
  history: readHistory,
  failures: readFailures,
};

function partOf(text: string): Part | undefined {
  const header = text.trimStart().split(/\r?\n/, 1)[0]?.replaceAll('"', '') ?? '';
  if (header.startsWith('Timestamp,User Count,')) return 'history';
  if (header.startsWith('Type,Name,Request Count,Failure Count,Median')) return 'stats';
  return header.startsWith('Method,Name,Error,Occurrences') ? 'failures' : undefined;
}

const AGGREGATED = 'Aggregated';

/** The columns of percentiles, `99.9%` and their like, in ms. */
function ranksOf(header: readonly string[], row: TableRow): GivenTimes['ranks'] {
  return header.flatMap((name) => {
    const rank = /^(\d+(?:\.\d+)?)%$/.exec(name)?.[1];
    const us = row.number(name) * 1000;
    return rank === undefined || !Number.isFinite(us) ? [] : [[Number(rank), us] as const];
  });
}

function readStats({ header, rows }: CsvTable): Imported {
  const groups = rows.map((row): GivenGroup => {
    const count = Math.max(0, row.number('Request Count') || 0);
    const ms = (name: string): number => row.number(name) * 1000;
    const times: GivenTimes = {
      count,
      min: ms('Min Response Time'),
      mean: ms('Average Response Time'),
      max: ms('Max Response Time'),
      ranks: ranksOf(header, row),
    };
    const ledger = ledgerOfCounts(count, row.number('Failure Count') || 0);
    const name = [row.text('Type'), row.text('Name')].filter((part) => part !== '').join(' ');
    return { name, ledger, ...(count > 0 && { times }) };
  });
  const total = groups.find(({ name }) => name === AGGREGATED);
  const named = groups.filter(({ name }) => name !== AGGREGATED);
  const whole = rows.find((row) => row.text('Name') === AGGREGATED);
  const seconds = (whole?.number('Request Count') ?? 0) / (whole?.number('Requests/s') ?? 0);
  return {
    ...COMMON,
    ...(total !== undefined && { total: { ...total, name: 'all requests' } }),
    groups: named,
    ...(seconds > 0 && Number.isFinite(seconds) && { seconds }),
  };
}

/**
 * A row a second. Rates in it are means over 10 s, so a second's requests are the difference of two totals. Percentiles are of the
 * last 10 s with `--csv-full-history`, and else since the start; they are not shown by second.
 */
function readHistory({ header, rows }: CsvTable): Imported {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return { ...COMMON, remarks: ['It has no row of all requests.'] };
  const start = first.number('Timestamp');
  const points = rows.flatMap((row, at) => pointBetween(rows[at - 1], row, start) ?? []);
  const count = last.number('Total Request Count') || 0;
  const ms = (name: string): number => last.number(name) * 1000;
  const times: GivenTimes = {
    count,
    min: ms('Total Min Response Time'),
    mean: ms('Total Average Response Time'),
    max: ms('Total Max Response Time'),
    ranks: [[50, ms('Total Median Response Time')]],
  };
  const most = rows.reduce((so, row) => Math.max(so, row.number('User Count') || 0), 0);
  return {
    ...COMMON,
    startedAtMs: start * 1000,
    seconds: Math.max(1, last.number('Timestamp') - start),
    load: `at most ${most} users`,
    total: {
      name: 'all requests',
      ledger: ledgerOfCounts(count, last.number('Total Failure Count') || 0),
      ...(count > 0 && { times }),
    },
    points,
    remarks: header.includes('99%') ? ['Its percentiles by second reach back, so only their totals are imported.'] : [],
  };
}

function pointBetween(before: TableRow | undefined, row: TableRow, start: number): GivenPoint | undefined {
  if (before === undefined) return undefined;
  const [from, to] = [before.number('Timestamp'), row.number('Timestamp')];
  const count = (name: string): number => Math.max(0, row.number(name) - before.number(name) || 0);
  if (!(to > from)) return undefined;
  return {
    atSeconds: from - start,
    seconds: to - from,
    ledger: ledgerOfCounts(count('Total Request Count'), count('Total Failure Count')),
    users: row.number('User Count'),
  };
}

/** Failures alone: how many requests there were beside them, only the statistics say. */
function readFailures({ rows }: CsvTable): Imported {
  const failures = rows.map((row) => ({
    name: `${row.text('Method')} ${row.text('Name')}`.trim(),
    outcome: kindOf(row.text('Error')),
    count: Math.max(0, Math.round(row.number('Occurrences') || 0)),
  }));
  const byName = Map.groupBy(failures, ({ name }) => name);
  const groups = Array.from(byName, ([name, own]) => ({
    name,
    ledger: ledgerOf(own.map(({ outcome, count }) => [outcome, count])),
  }));
  return { ...COMMON, groups, total: { name: 'failures', ledger: emptyLedger() }, onlyFailures: true };
}

/** `HTTPError('503 Server Error: …')` has a status; a message of catch_response has words. */
function kindOf(error: string): string {
  const status = /HTTPError\(['"](\d{3}) /.exec(error)?.[1];
  return status === undefined ? failureOf(error) : `status.${status}`;
}
