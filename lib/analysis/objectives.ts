import { valueAt, type Histogram } from '../measure/histogram.ts';
import { allSteps } from '../measure/interval.ts';
import { errorRatio, type Ledger } from '../measure/ledger.ts';
import type { ObjectiveLimit, Objective, ObjectiveMetric } from '../plan/objective.ts';
import { readingsWithin } from '../signals/series.ts';
import type { PhaseOutcome, PhaseWindow } from './outcome.ts';
import type { Verdict } from './verdict.ts';

export interface Judged {
  readonly objective: string;
  /** NaN where nothing was measured. */
  readonly value: number;
  readonly verdict: Verdict;
}

const holds = ({ op, value: limit }: ObjectiveLimit, value: number): boolean => {
  switch (op) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
};

/**
 * The verdict on a measured value (see `Objective` for the tiers). `warn` and `fail` limits are written as what is bad
 * (`fail > 600ms`), the target as what is good (`p99 < 500ms`). NaN, which is no evidence, is unknown.
 */
export function verdictOn({ target, warn, fail }: Objective, value: number): Verdict {
  if (Number.isNaN(value)) return 'unknown';
  if (fail !== undefined && holds(fail, value)) return 'fail';
  if (warn !== undefined) return holds(warn, value) ? 'warn' : 'pass';
  if (holds(target, value)) return 'pass';
  return fail === undefined ? 'fail' : 'warn';
}

/** Of the requests that came to an end, the share that succeeded. Not 1 − error ratio: 1 − 0.07 is 0.9299999999999999. */
export const availability = ({ ok, failed, timedOut }: Ledger): number => ok / (ok + failed + timedOut);

/** Judges one phase by one of its objectives. */
export function judge(objective: Objective, outcome: PhaseOutcome, window: PhaseWindow): Judged {
  const value = measure(objective.metric, outcome, window);
  return { objective: objective.text, value, verdict: verdictOn(objective, value) };
}

function measure(metric: ObjectiveMetric, { measurement, ranSeconds }: PhaseOutcome, window: PhaseWindow): number {
  const { ledger, responseTime, serviceTime } = allSteps(measurement.total);
  const { due, dropped } = measurement.total.arrivals;
  switch (metric.of) {
    case 'responseTime':
      return statOf(responseTime, metric.stat);
    case 'serviceTime':
      return statOf(serviceTime, metric.stat);
    case 'errors':
      return errorRatio(ledger);
    case 'availability':
      return availability(ledger);
    case 'dropped':
      return dropped / due;
    case 'throughput':
      return ledger.sent === 0 ? Number.NaN : allSteps(measurement.within).ledger.ok / ranSeconds;
    case 'signal':
      return signalStat(metric, window);
  }
}

function statOf(histogram: Histogram, stat: number | 'mean' | 'max'): number {
  if (histogram.totalCount === 0) return Number.NaN;
  return stat === 'mean' ? histogram.mean : valueAt(histogram, stat === 'max' ? 100 : stat);
}

function signalStat({ id, stat }: Extract<ObjectiveMetric, { of: 'signal' }>, window: PhaseWindow): number {
  const series = window.signals.find((each) => each.id === id);
  const readings = readingsWithin(series, window.fromSeconds, window.toSeconds).toSorted((a, b) => a - b);
  if (readings.length === 0) return Number.NaN;
  if (stat === 'mean') return readings.reduce((sum, value) => sum + value, 0) / readings.length;
  // Nearest rank: the smallest reading that at least `stat` percent do not exceed.
  // Multiplied before it is divided: 99.9 / 100 · 1000 is 999.0000000000001, one rank too high.
  const rank = stat === 'max' ? readings.length : Math.ceil((stat * readings.length) / 100);
  return readings[Math.max(1, rank) - 1] ?? Number.NaN;
}
