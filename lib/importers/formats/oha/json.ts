import type { GivenTimes } from '../../../measure/given.ts';
import type { TimeDefinition } from '../../../measure/provenance.ts';
import { ledgerOf } from '../../building/ledger.ts';
import { saysOfTotals } from '../../building/printed-summary.ts';
import { failureOf, outcomeOfStatus } from '../../reading/failure.ts';
import type { Imported, Importer } from '../../reading/importer.ts';
import { has, numberAt, objectOf, under } from '../../reading/json.ts';
import { toUs } from '../../reading/units.ts';

/** From the call of the client to the end of the body: requests without a reply are not in it. */
export const ohaTimes: TimeDefinition = {
  from: 'request',
  to: 'last-byte',
  connect: true,
  failed: 'replies',
  stepUs: 1,
};

/** `oha --json` (`--output-format json`). Times are seconds. */
export const oha: Importer = {
  name: 'oha JSON',
  takes: 'document',
  recognises: ({ json }) => has(json, 'latencyPercentiles') && has(json, 'summary'),
  read: ({ json }) => read(json),
};

/** oha calls a reply of any status a success; here those from 400 on are failures. */
function read(json: unknown): Imported {
  const counts = (key: string, kindOf: (name: string) => string): (readonly [string, number])[] =>
    Object.entries(objectOf(under(json, key))).map(([name, count]) => [kindOf(name), Number(count)]);
  const statuses = counts('statusCodeDistribution', (code) => outcomeOfStatus(Number(code)));
  const replies = statuses.reduce((sum, [, count]) => sum + count, 0);
  const seconds = numberAt(json, 'summary', 'total');
  const targets = objectOf(json)['target'];
  return {
    tool: 'oha',
    evidence: 'summary',
    times: ohaTimes,
    model: 'unknown',
    ...(seconds > 0 && { seconds }),
    ...(typeof targets === 'string' && { target: targets }),
    total: {
      name: 'all requests',
      ledger: ledgerOf([...statuses, ...counts('errorDistribution', failureOf)]),
      ...(replies > 0 && { times: timesOf(json, replies) }),
    },
    ...saysOfTotals(replies),
  };
}

function timesOf(json: unknown, count: number): GivenTimes {
  const us = (...keys: readonly string[]): number => toUs(numberAt(json, ...keys), 1e6);
  const ranks = Object.entries(objectOf(under(json, 'latencyPercentiles'))).flatMap(([name, value]) => {
    const rank = /^p(\d+(?:\.\d+)?)$/.exec(name)?.[1];
    return rank === undefined || typeof value !== 'number' ? [] : [[Number(rank), toUs(value, 1e6)] as const];
  });
  return {
    count,
    min: us('summary', 'fastest'),
    mean: us('summary', 'average'),
    max: us('summary', 'slowest'),
    ranks: ranks.toSorted(([a], [b]) => a - b),
  };
}
