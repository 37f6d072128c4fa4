import type { GivenTimes } from '../../../measure/given.ts';
import type { GivenGroup } from '../../../measure/provenance.ts';
import { ledgerOfCounts } from '../../building/ledger.ts';
import { gatlingTimes } from '../../building/gatling-requests.ts';
import type { Imported, Importer } from '../../reading/importer.ts';
import { countAt, has, numberAt, objectOf, stringAt, under } from '../../reading/json.ts';

/** `js/stats.json` and `js/global_stats.json` of a report of Gatling up to 3.11. */
export const gatlingStats: Importer = {
  name: 'Gatling stats.json',
  takes: 'document',
  recognises: ({ json }) => has(statsOf(json), 'numberOfRequests', 'total') && has(statsOf(json), 'percentiles1'),
  read: ({ json }) => read(json),
};

/** The whole lies in the file's root, or is the root of a tree. */
const statsOf = (json: unknown): unknown => (has(json, 'stats') ? under(json, 'stats') : json);

function read(json: unknown): Imported {
  const stats = statsOf(json);
  const seconds =
    countAt(stats, 'numberOfRequests', 'total') / numberAt(stats, 'meanNumberOfRequestsPerSecond', 'total');
  return {
    tool: 'Gatling',
    evidence: 'summary',
    times: gatlingTimes,
    model: 'unknown',
    ...(seconds > 0 && Number.isFinite(seconds) && { seconds }),
    total: groupOf('all requests', stats),
    groups: requestsBelow(json, []),
    cannotSay: [
      'It does not say how users were injected, when in the run anything happened, nor why requests failed.',
      'Its four percentiles are taken for 50, 75, 95 and 99, as Gatling has them unless its configuration says otherwise.',
    ],
  };
}

/** Requests in the order of the report; groups in which they lie stand in front of their names. */
function requestsBelow(node: unknown, path: readonly string[]): GivenGroup[] {
  if (path.length > 20) return [];
  return Object.values(objectOf(under(node, 'contents'))).flatMap((child) => {
    const name = stringAt(child, 'name') ?? '';
    if (stringAt(child, 'type') === 'GROUP') return requestsBelow(child, [...path, name]);
    return [groupOf([...path, name].join(' / '), under(child, 'stats'))];
  });
}

function groupOf(name: string, stats: unknown): GivenGroup {
  const count = countAt(stats, 'numberOfRequests', 'total');
  const us = (key: string): number => numberAt(stats, key, 'total') * 1000;
  const ranks = [50, 75, 95, 99].map((rank, at) => [rank, us(`percentiles${at + 1}`)] as const);
  const times: GivenTimes = {
    count,
    min: us('minResponseTime'),
    mean: us('meanResponseTime'),
    max: us('maxResponseTime'),
    ranks: ranks.filter(([, value]) => Number.isFinite(value)),
  };
  const ledger = ledgerOfCounts(count, countAt(stats, 'numberOfRequests', 'ko'));
  return { name, ledger, ...(count > 0 && { times }) };
}
