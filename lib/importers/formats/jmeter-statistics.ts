import type { GivenTimes } from '../../measure/given.ts';
import type { GivenGroup } from '../../measure/provenance.ts';
import { jmeterTimes } from '../building/jtl-rows.ts';
import { ledgerOfCounts } from '../building/ledger.ts';
import { wholeOfGroups } from '../building/whole.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { countAt, has, numberAt, objectOf, stringAt, under } from '../reading/json.ts';

/** `statistics.json` of JMeter's HTML report. */
export const jmeterStatistics: Importer = {
  name: 'JMeter statistics.json',
  takes: 'document',
  recognises: ({ json }) =>
    Object.values(objectOf(json)).some((each) => has(each, 'pct1ResTime') && has(each, 'sampleCount')),
  read: ({ json }) => read(json),
};

const TOTAL = 'Total';

function read(json: unknown): Imported {
  const groups = Object.keys(objectOf(json)).map((name) =>
    groupOf(stringAt(json, name, 'transaction') ?? name, under(json, name)),
  );
  const total = groups.find(({ name }) => name === TOTAL);
  const seconds = (total?.ledger.sent ?? 0) / numberAt(json, TOTAL, 'throughput');
  return {
    tool: 'JMeter',
    evidence: 'summary',
    times: jmeterTimes,
    model: 'unknown',
    ...wholeOfGroups(groups, total),
    ...(seconds > 0 && Number.isFinite(seconds) && { seconds }),
    cannotSay: [
      'It does not say when in the run anything happened, nor why samples failed.',
      'Its three percentiles are taken for 90, 95 and 99, as JMeter has them unless its configuration says otherwise.',
    ],
  };
}

function groupOf(name: string, stats: unknown): GivenGroup {
  const count = countAt(stats, 'sampleCount');
  const us = (key: string): number => numberAt(stats, key) * 1000;
  const ranks = [
    [50, us('medianResTime')] as const,
    [90, us('pct1ResTime')] as const,
    [95, us('pct2ResTime')] as const,
    [99, us('pct3ResTime')] as const,
  ];
  const times: GivenTimes = {
    count,
    min: us('minResTime'),
    mean: us('meanResTime'),
    max: us('maxResTime'),
    ranks: ranks.filter(([, value]) => Number.isFinite(value)),
  };
  return { name, ledger: ledgerOfCounts(count, countAt(stats, 'errorCount')), ...(count > 0 && { times }) };
}
