import type { GivenTimes } from '../../measure/given.ts';
import type { Imported } from '../reading/importer.ts';
import { failureOf, outcomeOfStatus } from '../reading/failure.ts';
import { found, spanUs } from '../reading/units.ts';
import { ledgerOf } from './ledger.ts';

/** The title of what it says of the ends of requests, of which the second is left out where none failed. */
export const DISTRIBUTION = /^(?:Status code|Error) distribution:/;

/**
 * What hey prints, and oha after it: a summary, percentiles, statuses and errors. Spans are in units from ns to hours, as the tool's
 * version and the length of the run have it.
 */
export function printedSummary(
  lines: readonly string[],
): Pick<Imported, 'seconds' | 'total' | 'cannotSay' | 'remarks'> {
  const statuses = countsIn(lines, 'Status code distribution:').map(
    ([code, count]) => [outcomeOfStatus(Number(code)), Number(count)] as const,
  );
  const errors = countsIn(lines, 'Error distribution:').map(
    ([count, text]) => [failureOf(text), Number(count)] as const,
  );
  const replies = statuses.reduce((sum, [, count]) => sum + count, 0);
  const seconds = spanIn(lines, 'Total') / 1e6;
  return {
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      ledger: ledgerOf([...statuses, ...errors]),
      ...(replies > 0 && { times: timesOf(lines, replies) }),
    },
    ...saysOfTotals(replies),
  };
}

/** Of totals that name neither the target nor the load. */
export const saysOfTotals = (replies: number): Pick<Imported, 'cannotSay' | 'remarks'> => ({
  cannotSay: ['It does not say what was loaded, by how many workers, nor when in the run anything happened.'],
  remarks: replies === 0 ? ['No request had a reply, so its requests a second are no throughput.'] : [],
});

/** `[200]	5 responses` below one title, `[100]	Get "…": …` below the other. */
function countsIn(lines: readonly string[], title: string): (readonly [string, string])[] {
  const from = lines.indexOf(title);
  const counts: (readonly [string, string])[] = [];
  for (const line of from < 0 ? [] : lines.slice(from + 1)) {
    const [, inside, rest] = /^\[(\d+)\]\s+(.*)$/.exec(line) ?? [];
    if (inside === undefined || rest === undefined) {
      if (line === '') continue;
      break;
    }
    counts.push([inside, rest.replace(/ responses$/, '')]);
  }
  return counts;
}

const spanIn = (lines: readonly string[], name: string): number =>
  Math.round(spanUs(found(lines, new RegExp(String.raw`^${name}:\s+(.*)$`))?.[1]));

function timesOf(lines: readonly string[], count: number): GivenTimes {
  const ranks = lines.flatMap((line) => {
    // Before 0.1.5, hey wrote the sign twice.
    const [, rank, span] = /^([\d.]+)%+ in ([\d.]+ [\w ]+)$/.exec(line) ?? [];
    return rank === undefined ? [] : [[Number(rank), Math.round(spanUs(span))] as const];
  });
  // Those of all replies come first; asked to, oha prints those of 2xx and of failures too.
  const first = new Map(ranks.toReversed());
  return {
    count,
    min: spanIn(lines, 'Fastest'),
    mean: spanIn(lines, 'Average'),
    max: spanIn(lines, 'Slowest'),
    ranks: [...first].toSorted(([a], [b]) => a - b),
  };
}
