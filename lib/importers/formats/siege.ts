import type { TimeDefinition } from '../../measure/provenance.ts';
import { ledgerOfCounts } from '../building/ledger.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';
import { found } from '../reading/units.ts';

const TIMES: TimeDefinition = { from: 'request', to: 'last-byte', connect: true, failed: 'all', stepUs: 10_000 };

/** What siege prints: JSON from 4.0.5 on, below whatever it said before, and lines with units in older versions. */
export const siege: Importer = {
  name: 'siege',
  takes: 'document',
  recognises: ({ text }) => {
    const lines = shortLines(text);
    return valueOf(lines, 'transactions') >= 0 && valueOf(lines, 'availability') >= 0;
  },
  read: ({ text }) => read(linesOfOne(text, { tool: 'siege', line: /^\{?\s*"?Transactions"?:/i })),
};

/** `"elapsed_time": 3.98,` or `Elapsed time: 3.98 secs`. */
const valueOf = (lines: readonly string[], name: string): number => {
  const words = name.replaceAll('_', '[_ ]');
  return Number(found(lines, new RegExp(`^\\{?\\s*"?${words}"?:\\s*([\\d.]+)`, 'i'))?.[1] ?? Number.NaN);
};

function read(lines: readonly string[]): Imported {
  const [hits, failed] = [valueOf(lines, 'transactions'), valueOf(lines, 'failed_transactions') || 0];
  const seconds = valueOf(lines, 'elapsed_time');
  const us = (name: string): number => Math.round(valueOf(lines, name) * 1e6);
  const users = valueOf(lines, 'concurrency');
  return {
    tool: 'siege',
    evidence: 'summary',
    times: TIMES,
    model: 'closed',
    load: `${users} users on average`,
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      ledger: ledgerOfCounts(hits + failed, failed),
      ...(hits > 0 && {
        times: {
          count: hits,
          min: us('shortest_transaction'),
          mean: us('response_time'),
          max: us('longest_transaction'),
          ranks: [],
        },
      }),
    },
    cannotSay: [
      'It holds no percentile, and times in steps of 10 ms: a mean of 0.01 s is anything from 5 to 15 ms.',
      'Redirects that it followed count as transactions, and why some failed it does not say.',
    ],
  };
}
