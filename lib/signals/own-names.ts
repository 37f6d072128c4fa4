import { gauge, plus, rate, ratio, times } from './scrape.ts';
import type { Reading, Signal, SignalSeries } from './signal.ts';

/** A counter's growth in a second; of several counters, the sum of theirs. */
interface OwnRate {
  readonly rate: string | readonly string[];
}

/** How a service of its own names exports a signal: a gauge, a counter's rate, or the ratio of two of these. */
export type OwnName = string | OwnRate | { readonly ratio: readonly [string | OwnRate, string | OwnRate] };

/** By the id of the signal. */
export type OwnNames = Readonly<Record<string, OwnName>>;

/**
 * The signals, those with a name of the service's own read from there and from nowhere else: where that name is wrong, another's
 * figure would hide it.
 */
export const withOwnNames = (signals: readonly Signal[], names: OwnNames): readonly Signal[] =>
  signals.map((signal) => {
    const own = names[signal.id];
    if (own === undefined) return signal;
    // Prometheus' base unit of time is the second.
    const read = signal.unit === 'us' ? times(1e6, readingOf(own)) : readingOf(own);
    const { ofTasks: _, ...rest } = signal;
    return { ...rest, read, ...(addsUp(own, signal) ? {} : { ofTasks: 'worst' as const }) };
  });

/** Shares and times of several tasks have no sum; a ratio of sums is that of all of them. */
const addsUp = (own: OwnName, { unit, ofTasks }: Signal): boolean =>
  (typeof own === 'object' && 'ratio' in own) || (ofTasks === undefined && unit !== 'ratio' && unit !== 'us');

/** What a report says of names that were never read: they are wrong, or the service exports them only at times. */
export const unreadNames = (names: OwnNames, series: readonly SignalSeries[]): string[] =>
  Object.keys(names)
    .filter((id) => !series.some((each) => each.id === id))
    .map((id) => `Nothing was read for ${id}: compare its line in signals.names with what the service exports.`);

function readingOf(own: OwnName): Reading {
  if (typeof own === 'string') return gauge(own);
  if ('ratio' in own) return ratio(readingOf(own.ratio[0]), readingOf(own.ratio[1]));
  return typeof own.rate === 'string' ? rate(own.rate) : plus(...own.rate.map((name) => rate(name)));
}
