import type { GivenTimes } from '../../measure/given.ts';
import type { TimeDefinition } from '../../measure/provenance.ts';
import { ledgerOf } from '../building/ledger.ts';
import { failureOf, outcomeOfStatus } from '../reading/failure.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';
import { numberIn } from '../reading/units.ts';

/** From the call of the client to the end of the body (hey/requester): connecting is in it, requests without a reply are not. */
export const heyTimes: TimeDefinition = {
  from: 'request',
  to: 'last-byte',
  connect: true,
  failed: 'replies',
  stepUs: 100,
};

/** What hey prints. */
export const heyText: Importer = {
  name: 'hey',
  takes: 'document',
  recognises: ({ text }) => {
    const lines = shortLines(text.slice(0, 100_000));
    // ghz, which prints the same of gRPC, counts its calls first.
    const isGrpc = lines.some((line) => line.startsWith('Count:'));
    return !isGrpc && lines.includes('Latency distribution:') && lines.some((line) => line.startsWith('Slowest:'));
  },
  read: ({ text }) => read(linesOfOne(text, { tool: 'hey', line: /^Slowest:/ })),
};

function read(lines: readonly string[]): Imported {
  const statuses = countsIn(lines, 'Status code distribution:').map(
    ([code, count]) => [outcomeOfStatus(Number(code)), Number(count)] as const,
  );
  const errors = countsIn(lines, 'Error distribution:').map(
    ([count, text]) => [failureOf(text), Number(count)] as const,
  );
  const replies = statuses.reduce((sum, [, count]) => sum + count, 0);
  const seconds = numberIn(lines, /^Total:\s+([\d.]+) secs$/);
  return {
    tool: 'hey',
    evidence: 'summary',
    times: heyTimes,
    model: 'closed',
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      ledger: ledgerOf([...statuses, ...errors]),
      ...(replies > 0 && { times: timesOf(lines, replies) }),
    },
    cannotSay: ['It does not say what was loaded, by how many workers, nor when in the run anything happened.'],
    remarks: replies === 0 ? ['No request had a reply, so its requests a second are no throughput.'] : [],
  };
}

/** `[200]	5 responses` below one title, `[100]	Get "…": …` below the other. */
export function countsIn(lines: readonly string[], title: string): (readonly [string, string])[] {
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

function timesOf(lines: readonly string[], count: number): GivenTimes {
  const us = (name: string): number =>
    Math.round(numberIn(lines, new RegExp(String.raw`^${name}:\s+([\d.]+) secs$`)) * 1e6);
  const ranks = lines.flatMap((line) => {
    const [, rank, secs] = /^([\d.]+)%+ in ([\d.]+) secs$/.exec(line) ?? [];
    return rank === undefined ? [] : [[Number(rank), Math.round(Number(secs) * 1e6)] as const];
  });
  return { count, min: us('Fastest'), mean: us('Average'), max: us('Slowest'), ranks };
}
