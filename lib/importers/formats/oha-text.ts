import type { GivenTimes } from '../../measure/given.ts';
import { ledgerOf } from '../building/ledger.ts';
import { failureOf, outcomeOfStatus } from '../reading/failure.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';
import { found, spanUs } from '../reading/units.ts';
import { countsIn } from './hey-text.ts';
import { ohaSays, ohaTimes } from './oha.ts';

const RATE = /^Success rate:/;

/** What oha prints; spans are in secs, sec or ms as its version and the run's length have it. */
export const ohaText: Importer = {
  name: 'oha text',
  takes: 'document',
  recognises: ({ text }) => {
    const lines = shortLines(text.slice(0, 100_000));
    return lines.some((line) => RATE.test(line)) && lines.some((line) => line.startsWith('Slowest:'));
  },
  read: ({ text }) => read(linesOfOne(text, { tool: 'oha', line: RATE })),
};

function read(lines: readonly string[]): Imported {
  const statuses = countsIn(lines, 'Status code distribution:').map(
    ([code, count]) => [outcomeOfStatus(Number(code)), Number(count)] as const,
  );
  const errors = countsIn(lines, 'Error distribution:').map(
    ([count, text]) => [failureOf(text), Number(count)] as const,
  );
  const replies = statuses.reduce((sum, [, count]) => sum + count, 0);
  const seconds = spanIn(lines, 'Total') / 1e6;
  return {
    tool: 'oha',
    evidence: 'summary',
    times: { ...ohaTimes, stepUs: 100 },
    model: 'unknown',
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      ledger: ledgerOf([...statuses, ...errors]),
      ...(replies > 0 && { times: timesOf(lines, replies) }),
    },
    ...ohaSays(replies),
  };
}

const spanIn = (lines: readonly string[], name: string): number =>
  spanUs(found(lines, new RegExp(String.raw`^${name}:\s+(.*)$`))?.[1]);

function timesOf(lines: readonly string[], count: number): GivenTimes {
  const ranks = lines.flatMap((line) => {
    const [, rank, span] = /^([\d.]+)% in ([\d.]+ \w+)$/.exec(line) ?? [];
    return rank === undefined ? [] : [[Number(rank), Math.round(spanUs(span))] as const];
  });
  const us = (name: string): number => Math.round(spanIn(lines, name));
  return { count, min: us('Fastest'), mean: us('Average'), max: us('Slowest'), ranks };
}
