import type { GivenTimes } from '../../measure/given.ts';
import type { Ledger } from '../../measure/ledger.ts';
import { ledgerOf } from '../building/ledger.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';
import { found, spanUs } from '../reading/units.ts';
import { autocannonTimes, unanswered } from './autocannon.ts';

const FIRST = /^Running .+ @ (\S+)$/;
/** wrk says how many threads it has before. */
const CONNECTIONS = /^(\d+) connections\b/;
const REQUESTS = /^([\d.]+[kM]?) requests in ([\d.]+)s, .* read$/;

/** What autocannon prints where it isn't asked for JSON: tables, and rounded counts below them. */
export const autocannonText: Importer = {
  name: 'autocannon',
  takes: 'document',
  recognises: ({ text }) => {
    const lines = shortLines(text);
    return found(lines, FIRST) !== undefined && found(lines, CONNECTIONS) !== undefined;
  },
  read: ({ text }) => read(linesOfOne(text, { tool: 'autocannon', line: REQUESTS })),
};

function read(lines: readonly string[]): Imported {
  const [, , span] = found(lines, REQUESTS) ?? [];
  const seconds = Number(span);
  const { ledger, replies, remarks } = endsIn(lines);
  const target = found(lines, FIRST)?.[1];
  return {
    tool: 'autocannon',
    evidence: 'summary',
    times: autocannonTimes,
    model: 'closed',
    load: `${found(lines, CONNECTIONS)?.[1]} connections`,
    ...(target !== undefined && { target }),
    ...(seconds > 0 && { seconds }),
    total: { name: 'all requests', ledger, ...(replies > 0 && { times: timesIn(lines, replies) }) },
    cannotSay: [
      'It does not say which status the failed replies had, nor when in the run anything happened; from 1,000 on its counts are rounded.',
      'It does not say whether it was run with a rate (-R): then its times are corrected for what it did not send, and that can be wrong both ways.',
    ],
    remarks,
  };
}

/** `1.47k` → 1470; 0 where there is nothing. */
function countOf(text: string | undefined): number {
  const [, number = '0', unit = ''] = /^([\d.]+)([kM]?)$/.exec(text ?? '') ?? [];
  return Math.round(Number(number) * ({ k: 1e3, M: 1e6 }[unit] ?? 1));
}

/** By how much a count may be smaller than it is printed: `10k` stands for 9,500 too. */
function roundingOf(text = ''): number {
  const [, fraction = '', unit] = /^\d+(?:\.(\d+))?([kM])$/.exec(text) ?? [];
  return unit === undefined ? 0 : countOf(`1${unit}`) / 10 ** fraction.length / 2;
}

/** How replies ended is printed only where one was not 2xx, and errors only where there were any. */
function endsIn(lines: readonly string[]): { ledger: Ledger; replies: number; remarks: string[] } {
  const [, good, bad] = found(lines, /^([\d.]+[kM]?) 2xx responses, ([\d.]+[kM]?) non 2xx responses$/) ?? [];
  const [, broken, late] = found(lines, /^([\d.]+[kM]?) errors \(([\d.]+[kM]?) timeouts\)$/) ?? [];
  const [errors, timeouts] = [countOf(broken), countOf(late)];
  const counted = good === undefined ? repliesIn(lines) : countOf(good) + countOf(bad);
  const requests = found(lines, REQUESTS)?.[1];
  const sent = countOf(requests);
  const replies = Number.isFinite(counted) ? counted : Math.max(0, sent - errors);
  const { underWay, remarks } = unanswered({
    sent: sent - roundingOf(requests),
    ended: replies + errors,
    room: roomIn(lines),
  });
  const ledger = ledgerOf([
    ['ok', replies - countOf(bad)],
    ['error: non-2xx', countOf(bad)],
    ['timedOut', Math.min(errors, timeouts)],
    ['error: not named', Math.max(0, errors - timeouts)],
    ['cut', underWay],
  ]);
  const isSure = Number.isFinite(counted);
  return { ledger, replies, remarks: isSure ? remarks : ['Requests that were under way at its end count as replies.'] };
}

/** The mean of its samples times their number: replies of any status. */
function repliesIn(lines: readonly string[]): number {
  const { names, row } = tableOf(lines, 'Req/Sec');
  const samples = found(lines, /^(?:# )?of samples: (\d+)$/)?.[1];
  const mean = row[names.indexOf('Avg')]?.replaceAll(',', '');
  return samples === undefined || mean === undefined ? Number.NaN : Math.round(Number(mean) * Number(samples));
}

/** How many requests may be under way at a time. */
const roomIn = (lines: readonly string[]): number => {
  const [, connections, pipelining = 1] = found(lines, /^(\d+) connections(?: with (\d+) pipelining factor)?$/) ?? [];
  return Number(connections) * Number(pipelining);
};

const cellsOf = (line: string): string[] =>
  line
    .split('│')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The row of this name, and the names of its columns above it. */
function tableOf(lines: readonly string[], title: string): { names: readonly string[]; row: readonly string[] } {
  const tables = lines.map(cellsOf);
  const at = tables.findIndex(([first]) => first === title);
  const names = tables.slice(0, Math.max(0, at)).findLast(([first]) => first === 'Stat') ?? [];
  return { names, row: tables[at] ?? [] };
}

/** The row of latencies; with `-l` a table of percentiles, one a row. */
function timesIn(lines: readonly string[], count: number): GivenTimes {
  const { names, row } = tableOf(lines, 'Latency');
  const us = (name: string): number => spanUs(row[names.indexOf(name)]);
  const ofColumns = names.flatMap((name) =>
    /^[\d.]+%$/.test(name) ? [[Number.parseFloat(name), us(name)] as const] : [],
  );
  const tables = lines.map(cellsOf);
  const detailed = tables.findIndex(([first]) => first === 'Percentile');
  const ofRows = tables
    .slice(detailed < 0 ? tables.length : detailed)
    .flatMap(([rank = '', ms = '']) =>
      /^[\d.]+$/.test(rank) && /^[\d.]+$/.test(ms) ? [[Number(rank), Number(ms) * 1000] as const] : [],
    );
  const ranks = new Map([...ofColumns, ...ofRows].filter(([rank, value]) => rank >= 50 && Number.isFinite(value)));
  return {
    count,
    min: Number.NaN,
    mean: us('Avg'),
    max: us('Max'),
    ranks: [...ranks].toSorted(([a], [b]) => a - b),
  };
}
