import type { Answering, Behaviour } from './behaviour.ts';

/** Response times, sorted, in µs. */
export type Distribution = readonly number[];

/** The n-th of `count` arrivals at an even rate, in µs. */
export const evenStarts = (perSecond: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => (n * 1e6) / perSecond);

/** What arrivals at these moments, that wait for nobody, must see: a simulation of the server's own definition. */
export function responseTimes(answer: Answering, startsUs: readonly number[]): Distribution {
  return startsUs.map((atUs) => answer(atUs) - atUs).sort((a, b) => a - b);
}

/** The value that `percentile` of the times don't exceed: that of rank ⌈p·n⌉, as HdrHistogram has it. */
export function percentileOf(times: Distribution, percentile: number): number {
  const rank = Math.max(1, Math.ceil((percentile / 100) * times.length - 1e-9));
  return times[rank - 1] ?? Number.NaN;
}

export interface Percentiles {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
}

export function truthOf({
  begin,
  perSecond,
  seconds,
}: Pick<Behaviour, 'begin' | 'perSecond' | 'seconds'>): Percentiles {
  const times = responseTimes(begin(), evenStarts(perSecond, perSecond * seconds));
  return { p50Us: percentileOf(times, 50), p99Us: percentileOf(times, 99), p999Us: percentileOf(times, 99.9) };
}
