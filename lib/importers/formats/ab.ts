import type { GivenTimes } from '../../measure/given.ts';
import type { Ledger } from '../../measure/ledger.ts';
import type { TimeDefinition } from '../../measure/provenance.ts';
import { ledgerOf } from '../building/ledger.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { linesOfOne } from '../reading/printed.ts';
import { found, numberIn } from '../reading/units.ts';

/** From connecting to the last byte (support/ab.c): replies of any status, in whole milliseconds. */
export const abTimes: TimeDefinition = {
  from: 'request',
  to: 'last-byte',
  connect: true,
  failed: 'replies',
  stepUs: 1000,
};

const COMPLETE = /^Complete requests:\s+(\d+)$/;

/** What ApacheBench prints. */
export const ab: Importer = {
  name: 'ab',
  takes: 'document',
  recognises: ({ text }) => text.includes('Complete requests:') && text.includes('Concurrency Level:'),
  read: ({ text }) => read(linesOfOne(plain(text), { tool: 'ab', line: COMPLETE, below: /^Total transferred:/ })),
};

/** With -w it prints a row of a table for each line. */
const plain = (text: string): string =>
  /<tr[ >]/.test(text) ? text.replaceAll(/<[^<>\n]{0,200}>/g, ' ').replaceAll('&lt;', '<') : text;

/** A body of another length than the first one is a failure to ab, and none of a page that shows the time. */
function read(lines: readonly string[]): Imported {
  const sent = numberIn(lines, COMPLETE);
  const [, ...kinds] = found(lines, /^\(Connect: (\d+), Receive: (\d+), Length: (\d+), Exceptions: (\d+)\)$/) ?? [];
  const [connect = 0, receive = 0, length = 0, exceptions = 0] = kinds.map(Number);
  const status = numberIn(lines, /^Non-2xx responses:\s+(\d+)$/) || 0;
  const seconds = numberIn(lines, /^Time taken for tests:\s+([\d.]+) seconds$/);
  const users = numberIn(lines, /^Concurrency Level:\s+(\d+)$/);
  return {
    tool: 'ab',
    ...versionOf(lines),
    evidence: 'summary',
    times: abTimes,
    model: 'closed',
    load: `${users} users`,
    ...targetOf(lines),
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      ledger: ledgerWithin(sent, [
        ['error: connect', connect],
        ['error: receive', receive],
        ['error: exception', exceptions],
        ['error: non-2xx', status],
      ]),
      ...(sent > 0 && { times: timesOf(lines, sent) }),
    },
    cannotSay: ['It does not say which status the failed replies had, nor when in the run anything happened.'],
    remarks:
      length > 0
        ? [
            `ab calls ${length} requests failed because their bodies were not as long as the first one; that is no failure here.`,
          ]
        : [],
  };
}

/** With -r ab goes on after an error, and may count a request's failure to receive as an exception too: no more fail than were sent. */
function ledgerWithin(sent: number, failures: readonly (readonly [outcome: string, count: number])[]): Ledger {
  let left = sent;
  const counted = failures.map(([outcome, count]) => {
    const taken = Math.min(left, count);
    left -= taken;
    return [outcome, taken] as const;
  });
  return ledgerOf([['ok', left], ...counted]);
}

function versionOf(lines: readonly string[]): Pick<Imported, 'version'> {
  const version = found(lines, /^This is ApacheBench, Version (\S+)/)?.[1];
  return version === undefined ? {} : { version };
}

function targetOf(lines: readonly string[]): Pick<Imported, 'target'> {
  const [host, port, path] = [/^Server Hostname:\s+(\S+)$/, /^Server Port:\s+(\d+)$/, /^Document Path:\s+(\S+)$/].map(
    (pattern) => found(lines, pattern)?.[1],
  );
  const scheme = lines.some((line) => line.startsWith('SSL/TLS Protocol:')) ? 'https' : 'http';
  return host === undefined || port === undefined ? {} : { target: `${scheme}://${host}:${port}${path ?? '/'}` };
}

function timesOf(lines: readonly string[], count: number): GivenTimes {
  // With -S and -w it prints neither deviation nor median.
  const [, least, mean, most] = found(lines, /^Total:\s+(\d+)\s+(\d+)\s+(?:[\d.]+\s+\d+\s+)?(\d+)$/) ?? [];
  const ranks = lines.flatMap((line) => {
    const [, rank, ms] = /^(\d+)%\s+([\d.]+)(?: \(longest request\))?$/.exec(line) ?? [];
    return rank === undefined || rank === '100' ? [] : [[Number(rank), Number(ms) * 1000] as const];
  });
  return { count, min: usOf(least), mean: usOf(mean), max: usOf(most), ranks };
}

const usOf = (ms: string | undefined): number => Number(ms ?? Number.NaN) * 1000;
