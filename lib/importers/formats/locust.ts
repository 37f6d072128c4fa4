import { noTimesGiven, type GivenTimes } from '../../measure/given.ts';
import { emptyLedger, type Ledger } from '../../measure/ledger.ts';
import type { GivenGroup, TimeDefinition } from '../../measure/provenance.ts';
import { joinLocust } from '../building/locust-parts.ts';
import { wholeOfGroups } from '../building/whole.ts';
import { addOutcome, ledgerOfCounts } from '../building/ledger.ts';
import { BoundedPoints } from '../building/points.ts';
import { failureOf } from '../reading/failure.ts';
import type { GivenPoint, Imported, Importer } from '../reading/importer.ts';
import { readRows, type TableRow } from '../reading/table.ts';
import { toUs } from '../reading/units.ts';

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
    return READERS[partOf(text) ?? 'stats'](text);
  },
  join: joinLocust,
  ending: /_(?:stats|stats_history|failures)\.csv$/,
};

type Part = 'stats' | 'history' | 'failures';

const READERS: Readonly<Record<Part, (text: string) => Imported>> = {
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
    const us = toUs(row.number(name), 1e3);
    return rank === undefined || !Number.isFinite(us) ? [] : [[Number(rank), us] as const];
  });
}

/** More rows than this are no names of requests. */
const MOST_ROWS = 10_000;

function readStats(text: string): Imported {
  const groups: GivenGroup[] = [];
  let rate = Number.NaN;
  const tally = readRows(text, (row, header) => {
    if (row.text('Name') === AGGREGATED) rate = row.number('Requests/s');
    if (groups.length < MOST_ROWS || row.text('Name') === AGGREGATED) groups.push(groupOf(row, header));
  });
  const total = groups.find(({ name }) => name === AGGREGATED);
  const seconds = (total?.ledger.sent ?? 0) / rate;
  return {
    ...COMMON,
    ...wholeOfGroups(groups, total),
    ...(seconds > 0 && Number.isFinite(seconds) && { seconds }),
    lines: tally.checked('statistics of Locust'),
  };
}

function groupOf(row: TableRow, header: readonly string[]): GivenGroup {
  const count = countIn(row, 'Request Count');
  const ms = (name: string): number => toUs(row.number(name), 1e3);
  const times: GivenTimes = {
    count,
    min: ms('Min Response Time'),
    mean: ms('Average Response Time'),
    max: ms('Max Response Time'),
    ranks: ranksOf(header, row),
  };
  const name = [row.text('Type'), row.text('Name')].filter((part) => part !== '').join(' ');
  return { name, ledger: ledgerOfCounts(count, countIn(row, 'Failure Count')), ...(count > 0 && { times }) };
}

const countIn = (row: TableRow, name: string): number => Math.max(0, Math.round(row.number(name)) || 0);

/** What a row of the history says of all that was before it. */
interface SoFar {
  readonly at: number;
  readonly sent: number;
  readonly failed: number;
}

/**
 * A row a second. Rates in it are means over 10 s, so a second's requests are the difference of two totals. Percentiles are of the
 * last 10 s with `--csv-full-history`, and else since the start; they are not shown by second.
 */
function readHistory(text: string): Imported {
  let points = new BoundedPoints();
  let [first, last, most]: [SoFar | undefined, SoFar | undefined, number] = [undefined, undefined, 0];
  let wasReset = false;
  let times: GivenTimes = noTimesGiven;
  const tally = readRows(text, (row) => {
    if (row.text('Name') !== AGGREGATED) return;
    const soFar = {
      at: row.number('Timestamp'),
      sent: countIn(row, 'Total Request Count'),
      failed: countIn(row, 'Total Failure Count'),
    };
    if (last !== undefined && soFar.sent < last.sent) {
      [points, wasReset] = [new BoundedPoints(), true];
      last = { at: Math.max(last.at, soFar.at - 1), sent: 0, failed: 0 };
      first = last;
    }
    first ??= soFar;
    const point = pointBetween(last, soFar, first.at);
    if (point !== undefined) points.add({ ...point, users: countIn(row, 'User Count') });
    most = Math.max(most, countIn(row, 'User Count'));
    times = totalTimes(row, soFar.sent);
    last = soFar;
  });
  return {
    ...COMMON,
    ...wholeOf(first, last, times, wasReset),
    load: `at most ${most} users`,
    points: points.list(),
    lines: tally.checked('a history of Locust'),
  };
}

const wholeOf = (
  first: SoFar | undefined,
  last: SoFar | undefined,
  times: GivenTimes,
  wasReset: boolean,
): Partial<Imported> =>
  first === undefined || last === undefined
    ? { remarks: ['It has no row of all requests.'] }
    : {
        startedAtMs: first.at * 1000,
        seconds: Math.max(1, last.at - first.at),
        total: {
          name: 'all requests',
          ledger: ledgerOfCounts(last.sent, last.failed),
          ...(last.sent > 0 && { times }),
        },
        remarks: [
          'Its percentiles by second reach back, so only their totals are imported.',
          ...(wasReset ? ['Its counts begin anew (--reset-stats): what was before is left out.'] : []),
        ],
      };

function totalTimes(row: TableRow, count: number): GivenTimes {
  const ms = (name: string): number => toUs(row.number(`Total ${name} Response Time`), 1e3);
  return { count, min: ms('Min'), mean: ms('Average'), max: ms('Max'), ranks: [[50, ms('Median')]] };
}

function pointBetween(before: SoFar | undefined, { at, sent, failed }: SoFar, start: number): GivenPoint | undefined {
  if (before === undefined || !(at > before.at)) return undefined;
  const ledger = ledgerOfCounts(Math.max(0, sent - before.sent), Math.max(0, failed - before.failed));
  return { atSeconds: before.at - start, seconds: at - before.at, ledger };
}

/** Failures alone: how many requests there were beside them, only the statistics say. */
function readFailures(text: string): Imported {
  const byName = new Map<string, Ledger>();
  const tally = readRows(text, (row) => {
    const name = `${row.text('Method')} ${row.text('Name')}`.trim();
    const ledger = byName.get(name) ?? emptyLedger();
    if (byName.size < MOST_ROWS) byName.set(name, ledger);
    addOutcome(ledger, kindOf(row.text('Error')), countIn(row, 'Occurrences'));
  });
  const groups = Array.from(byName, ([name, ledger]) => ({ name, ledger }));
  return {
    ...COMMON,
    groups,
    total: { name: 'failures', ledger: emptyLedger() },
    onlyFailures: true,
    lines: tally.counted(),
  };
}

/** `HTTPError('503 Server Error: …')` has a status; a message of catch_response has words. */
function kindOf(error: string): string {
  const status = /HTTPError\(['"](\d{3}) /.exec(error)?.[1];
  return status === undefined ? failureOf(error) : `status.${status}`;
}
