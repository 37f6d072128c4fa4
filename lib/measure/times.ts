import { percentilesFrom, type GivenTimes } from './given.ts';
import { sumUs, type Histogram } from './histogram.ts';
import type { StepRecord } from './interval.ts';
import { partNames, partsOf, type PartName, type TransferCounts } from './transfer.ts';

/** µs; null where nothing was measured. */
export interface TimesUs {
  readonly count: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

const NO_TIMES: TimesUs = {
  count: 0,
  min: null,
  mean: null,
  deviation: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  p999: null,
  max: null,
};

export function timesOf(histogram: Histogram, given?: GivenTimes): TimesUs {
  const times = percentilesFrom(histogram, given);
  if (times === undefined) return NO_TIMES;
  const { count, ...figures } = times;
  const shown = Object.entries(figures).map(([name, value]) => [name, orNull(value)]);
  return { ...NO_TIMES, ...Object.fromEntries(shown), count: orNull(count) ?? 0 };
}

export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Of a part of requests' time. `share` is of all service times together: those of the parts come to 1. */
export interface PartTimesUs extends TimesUs {
  readonly share: number;
}

/** What requests have moved, over how many connections, and how their service time was spent; parts that did not take place are left out. */
export interface TransferFindings {
  readonly transfers: TransferCounts;
  readonly partsUs: Partial<Record<PartName, PartTimesUs>>;
}

/** Nothing where none was looked at: of another tool's result, and of recordings from before there were transfers. */
export function transferFindings(record: StepRecord): TransferFindings | undefined {
  const { transfers } = record;
  if (transfers.opened + transfers.reused === 0) return undefined;
  const parts = partsOf(record);
  const sum =
    sumUs(parts.lookup) + sumUs(parts.connect) + sumUs(parts.tls) + sumUs(parts.firstByte) + sumUs(parts.body);
  const known = partNames.filter((name) => parts[name].totalCount > 0);
  const partsUs = known.map((name) => {
    const share = sum === 0 ? 0 : sumUs(parts[name]) / sum;
    return [name, { ...timesOf(parts[name]), share: Number(share.toFixed(6)) }] as const;
  });
  return { transfers, partsUs: Object.fromEntries(partsUs) };
}
