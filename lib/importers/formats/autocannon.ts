import type { GivenTimes } from '../../measure/given.ts';
import type { TimeDefinition } from '../../measure/provenance.ts';
import { ledgerOf } from '../building/ledger.ts';
import { outcomeOfStatus } from '../reading/failure.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { countAt, has, numberAt, objectOf, stringAt, under } from '../reading/json.ts';
import { toUs } from '../reading/units.ts';
import { counted, formatNumber } from '../../units.ts';

/** Times are whole ms. */
export const autocannonTimes: TimeDefinition = {
  from: 'sending',
  to: 'last-byte',
  connect: false,
  failed: 'replies',
  stepUs: 1000,
};

/** `autocannon -j`. */
export const autocannon: Importer = {
  name: 'autocannon JSON',
  takes: 'document',
  recognises: ({ json }) => has(json, 'latency', 'p97_5') && has(json, 'requests'),
  read: ({ json }) => read(json),
};

function read(json: unknown): Imported {
  const seconds = numberAt(json, 'duration');
  const started = Date.parse(stringAt(json, 'start') ?? '');
  const statuses = statusesOf(json);
  const replies = statuses.reduce((sum, [, count]) => sum + count, 0);
  const [errors, timeouts] = [countAt(json, 'errors'), countAt(json, 'timeouts')];
  const ended = replies + errors;
  const target = stringAt(json, 'url');
  const title = stringAt(json, 'title');
  const room = countAt(json, 'connections') * Math.max(1, countAt(json, 'pipelining'));
  const { underWay, remarks } = unanswered({ sent: countAt(json, 'requests', 'sent'), ended, room });
  return {
    tool: 'autocannon',
    evidence: 'summary',
    times: autocannonTimes,
    model: 'closed',
    load: `${countAt(json, 'connections')} connections`,
    ...(target !== undefined && { target }),
    ...(title !== undefined && { title }),
    ...(Number.isFinite(started) && { startedAtMs: started }),
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      // Time-outs are among its errors.
      ledger: ledgerOf([
        ...statuses,
        ['timedOut', Math.min(errors, timeouts)],
        ['error: not named', Math.max(0, errors - timeouts)],
        ['cut', underWay],
      ]),
      ...(replies > 0 && { times: timesOf(json) }),
    },
    cannotSay: [
      'It does not say whether it was run with a rate (-R): then its times are corrected for what it did not send, and that can be wrong both ways.',
    ],
    remarks,
  };
}

interface Unanswered {
  readonly sent: number;
  /** By a reply, or an error. */
  readonly ended: number;
  /** How many can be under way at a time. */
  readonly room: number;
}

/**
 * What it counts as sent and saw no end of. Of these no more than there is room for were under way at its end: with -R it counts requests
 * before it sends them, and those that a closed connection has lost it sends again (lib/httpClient.js, lib/run.js).
 */
export function unanswered({ sent, ended, room }: Unanswered): { underWay: number; remarks: string[] } {
  const underWay = Math.max(0, Math.min(sent - ended, room));
  const beyond = sent - ended - underWay;
  return {
    underWay,
    remarks:
      beyond > 0
        ? [
            `It counts ${counted(sent, 'request')}, of which ${formatNumber(beyond)} had no end and can't have been under way: it counts more than it sends with a rate (-R), and sends anew what a closed connection has lost.`,
          ]
        : [],
  };
}

/** By status where it has them, else by class. */
function statusesOf(json: unknown): (readonly [string, number])[] {
  const own = Object.keys(objectOf(under(json, 'statusCodeStats'))).map(
    (code) => [outcomeOfStatus(Number(code)), countAt(json, 'statusCodeStats', code, 'count')] as const,
  );
  if (own.length > 0) return own;
  const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'].map(
    (name) => [name < '4' ? 'ok' : `error: ${name}`, countAt(json, name)] as const,
  );
  return classes;
}

function timesOf(json: unknown): GivenTimes {
  const latency = under(json, 'latency');
  const us = (name: string): number => toUs(numberAt(latency, name), 1e3);
  const ranks = Object.keys(objectOf(latency)).flatMap((name) => {
    const rank = /^p(\d+(?:_\d+)?)$/.exec(name)?.[1];
    return rank === undefined ? [] : [[Number(rank.replace('_', '.')), us(name)] as const];
  });
  return {
    count: countAt(latency, 'totalCount') || countAt(json, 'requests', 'total'),
    min: us('min'),
    mean: us('mean'),
    max: us('max'),
    ranks: ranks.filter(([rank]) => rank >= 50).toSorted(([a], [b]) => a - b),
  };
}
