import type { TimeDefinition } from '../../measure/provenance.ts';
import { ledgerOf } from '../building/ledger.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';
import { found, spanUs } from '../reading/units.ts';

const TIMES: TimeDefinition = { from: 'request', to: 'last-byte', connect: true, failed: 'all', stepUs: 10_000 };

/** What siege prints: JSON from 4.0.5 on, below whatever it said before, and lines with units in older versions. */
export const siege: Importer = {
  name: 'siege',
  takes: 'document',
  recognises: ({ text }) => {
    const lines = shortLines(text);
    return valueOf(lines, 'transactions') >= 0 && valueOf(lines, 'availability') >= 0;
  },
  read: ({ text }) =>
    read(
      linesOfOne(text, { tool: 'siege', line: /^\{?\s*"?Transactions"?:/i, below: /^"?failed[_ ]transactions"?:/i }),
    ),
};

/** `"elapsed_time": 3.98,` or `Elapsed time: 3.98 secs`: the number, with a dot whatever the locale has, and its unit. */
function foundAs(lines: readonly string[], name: string): readonly [value: string, unit: string] {
  const words = name.replaceAll('_', '[_ ]');
  const [, value = 'NaN', unit = ''] =
    found(lines, new RegExp(`^\\{?\\s*"?${words}"?:\\s*(\\d+(?:[.,]\\d+)?)\\s*([a-z]*)`, 'i')) ?? [];
  return [value.replace(',', '.'), unit.toLowerCase()];
}

const valueOf = (lines: readonly string[], name: string): number => Number(foundAs(lines, name)[0]);

/** Seconds, with or without a word for them; what its versions from 4.1 on print for people is in ms (src/main.c). */
function spanOf(lines: readonly string[], name: string): number {
  const [value, unit] = foundAs(lines, name);
  return Math.round(spanUs(`${value} ${unit === '' ? 'secs' : unit}`));
}

function read(lines: readonly string[]): Imported {
  const [hits, failed] = [valueOf(lines, 'transactions'), valueOf(lines, 'failed_transactions') || 0];
  // To siege a reply of 404 is a transaction that took place, though no successful one (src/response.c).
  const unsuccessful = Math.max(0, hits - valueOf(lines, 'successful_transactions')) || 0;
  const seconds = valueOf(lines, 'elapsed_time');
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
      ledger: ledgerOf([
        ['ok', hits - unsuccessful],
        ['error: status of 400 or more', unsuccessful],
        ['error: not named', failed],
      ]),
      ...(hits > 0 && {
        times: {
          count: hits,
          min: spanOf(lines, 'shortest_transaction'),
          mean: spanOf(lines, 'response_time'),
          max: spanOf(lines, 'longest_transaction'),
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
