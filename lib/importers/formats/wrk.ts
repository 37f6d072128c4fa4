import type { GivenTimes } from '../../measure/given.ts';
import type { Ledger } from '../../measure/ledger.ts';
import type { TimeDefinition } from '../../measure/provenance.ts';
import { ledgerOf } from '../building/ledger.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';
import { found, numberIn, spanUs } from '../reading/units.ts';

const TIMES: TimeDefinition = {
  from: 'sending',
  to: 'last-byte',
  connect: false,
  failed: 'replies',
  stepUs: 1,
  stepRatio: 0.001,
};

/** wrk2 counts from the moment at which its constant rate wanted the request to be sent. */
const TIMES_OF_WRK2: TimeDefinition = { ...TIMES, from: 'intended' };

const FIRST = /^Running (\S+) test @ (\S+)$/;
const REQUESTS = /^(\d+) requests in /;

/** What wrk and wrk2 print. */
export const wrk: Importer = {
  name: 'wrk, wrk2',
  takes: 'document',
  recognises: ({ text }) => found(shortLines(text.slice(0, 100_000)), FIRST) !== undefined,
  read: ({ text }) => read(linesOfOne(text, { tool: 'wrk', line: REQUESTS, below: /^Requests\/sec:/ })),
};

function read(lines: readonly string[]): Imported {
  const isWrk2 = lines.some((line) => /^Thread calibration:|^#\[Mean|Uncorrected Latency/.test(line));
  const sent = numberIn(lines, REQUESTS);
  const buckets = spectrumOf(lines);
  const seconds = spanUs(found(lines, /^\d+ requests in ([\d.]+\w+),/)?.[1]) / 1e6;
  const connections = numberIn(lines, /^\d+ threads and (\d+) connections$/);
  const late = `Its times are of ${buckets.at(-1)?.[1]} requests: those of the first 10 s are left out.`;
  return {
    tool: isWrk2 ? 'wrk2' : 'wrk',
    evidence: buckets.length > 0 ? 'buckets' : 'summary',
    times: isWrk2 ? TIMES_OF_WRK2 : TIMES,
    model: isWrk2 ? 'open' : 'closed',
    load: `${connections} connections${isWrk2 ? ' at a constant rate' : ''}`,
    target: found(lines, FIRST)?.[2] ?? '',
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      ledger: ledgerIn(lines, sent, isWrk2),
      ...(sent > 0 && { times: timesOf(lines, sent, buckets) }),
    },
    cannotSay: cannotSay(isWrk2),
    remarks: isWrk2 && buckets.length > 0 ? [late] : [],
  };
}

/**
 * Socket errors are none of the requests that it counts, but for wrk's time-outs: replies that came, later than it waits for (src/wrk.c,
 * response_complete). wrk2 has them of connections on which it still waits.
 */
function ledgerIn(lines: readonly string[], sent: number, isWrk2: boolean): Ledger {
  const bad = numberIn(lines, /^Non-2xx or 3xx responses: (\d+)$/) || 0;
  const sockets = found(lines, /^Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)$/) ?? [];
  const [connect = 0, reading = 0, writing = 0, timeout = 0] = sockets.slice(1).map(Number);
  const late = isWrk2 ? 0 : Math.min(timeout, sent - bad);
  return ledgerOf([
    ['ok', sent - bad - late],
    ['error: non-2xx or 3xx', bad],
    ['error: connect', connect],
    ['error: read', reading],
    ['error: write', writing],
    ['timedOut', isWrk2 ? timeout : late],
  ]);
}

function timesOf(lines: readonly string[], count: number, buckets: NonNullable<GivenTimes['buckets']>): GivenTimes {
  const row = found(lines, /^Latency\s+(\S+)\s+(\S+)\s+(\S+)\s+\S+$/) ?? [];
  return {
    count: buckets.at(-1)?.[1] ?? count,
    min: Number.NaN,
    mean: spanUs(row[1]),
    max: spanUs(row[3]),
    ranks: distributionOf(lines),
    ...(buckets.length > 0 && { buckets }),
  };
}

/** The first distribution: in wrk2 with `-U` an uncorrected one follows it. */
function distributionOf(lines: readonly string[]): GivenTimes['ranks'] {
  const ranks = new Map<number, number>();
  for (const line of lines) {
    const [, rank, span] = /^([\d.]+)%\s+([\d.]+(?:us|ms|s|m|h))$/.exec(line) ?? [];
    const us = spanUs(span);
    if (rank !== undefined && Number.isFinite(us) && Number(rank) < 100 && !ranks.has(Number(rank)))
      ranks.set(Number(rank), us);
  }
  return [...ranks].toSorted(([a], [b]) => a - b);
}

/** wrk2's `Detailed Percentile spectrum`: value in ms, percentile, total count. Its last line has no fourth number but `inf`. */
function spectrumOf(lines: readonly string[]): (readonly [number, number])[] {
  const from = lines.findIndex((line) => /^Value\s+Percentile\s+TotalCount/.test(line));
  const buckets: (readonly [number, number])[] = [];
  for (const line of from < 0 ? [] : lines.slice(from + 1)) {
    if (line.startsWith('#[')) break;
    const [value, percentile, count] = line.split(/\s+/).map(Number);
    if (value !== undefined && count !== undefined && (percentile ?? 2) <= 1) buckets.push([value * 1000, count]);
  }
  return buckets;
}

const cannotSay = (isWrk2: boolean): string[] => [
  'It does not say which status the failed replies had, nor when in the run anything happened.',
  ...(isWrk2
    ? []
    : [
        'Its closed loop sends nothing while it waits: what it did not send is in no figure, so its tail is shorter than users feel.',
      ]),
];
