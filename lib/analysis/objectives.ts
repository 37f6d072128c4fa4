import { valueAt, type Histogram } from '../measure/histogram.ts';
import { stretchOf, type Asked, type Stretch } from '../measure/asked.ts';
import { errorRatio, type Ledger } from '../measure/ledger.ts';
import type { ObjectiveLimit, Objective, ObjectiveMetric } from '../plan/objective.ts';
import { readingsWithin } from '../signals/series/series.ts';
import type { Measurement } from '../measure/measurement.ts';
import type { PhaseWindow } from './outcome.ts';
import type { Verdict } from './verdict.ts';

export interface Judged {
  readonly objective: string;
  /** NaN where nothing was measured. */
  readonly value: number;
  readonly verdict: Verdict;
}

/** Whether a value is as the limit says. */
export const holds = ({ op, value: limit }: ObjectiveLimit, value: number): boolean => {
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

/** What a metric that is no signal is in a stretch of a phase; NaN where that is no evidence. */
export function figureIn(metric: ObjectiveMetric, { seconds, arrivals, ledger, ...times }: Stretch): number {
  const ended = ledger.ok + ledger.failed + ledger.timedOut;
  switch (metric.of) {
    case 'responseTime':
    case 'serviceTime':
      return statOf(times[metric.of], metric.stat);
    case 'errors':
      return errorRatio(ledger);
    case 'availability':
      return availability(ledger);
    case 'timeouts':
      return ledger.timedOut / ended;
    case 'status':
      return withStatus(ledger, metric.status) / ended;
    case 'dropped':
      return arrivals.dropped / arrivals.due;
    case 'throughput':
      return ledger.ok / seconds;
    case 'signal':
      return Number.NaN;
  }
}

/** How many requests failed by a status of the class (`5xx`), or by the one (`503`). */
export function withStatus({ failures }: Ledger, status: string): number {
  const kind = `status.${status.replace('xx', '')}`;
  const counts = Object.entries(failures).map(([each, count]) =>
    (status.endsWith('xx') ? each.startsWith(kind) : each === kind) ? count : 0,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Whether the figures that every measurement has don't say it. */
const isNarrowed = ({ of, requests, overSeconds }: ObjectiveMetric): boolean =>
  of !== 'signal' && (requests !== undefined || overSeconds !== undefined || of === 'status' || of === 'timeouts');

/** What must be asked for, so that a phase can be judged second by second. */
export const askedFor = (judged: readonly { readonly text: string; readonly metric: ObjectiveMetric }[]): Asked[] =>
  [...new Map(judged.map((each) => [each.text, each])).values()].map(({ text, metric }) => ({
    name: text,
    overSeconds: metric.overSeconds ?? 1,
    ...(metric.steps && { steps: metric.steps }),
    value: (stretch) => figureIn(metric, stretch),
  }));

/** Of objectives, those for which that is so. */
export const askedByObjectives = (objectives: readonly Objective[]): Asked[] =>
  askedFor(objectives.filter(({ metric }) => isNarrowed(metric)));

/** What objectives look at of a phase, or of several together. */
export interface Measured {
  readonly ranSeconds: number;
  readonly measurement: Pick<Measurement, 'total' | 'within' | 'extremes'>;
}

/** Judges one phase by one of its objectives; or several that were put together, each with its window. */
export function judge(objective: Objective, measured: Measured, ...windows: readonly PhaseWindow[]): Judged {
  const { metric } = objective;
  const value = metric.of === 'signal' ? signalStat(metric, windows) : measuredValue(objective, measured);
  return { objective: objective.text, value, verdict: verdictOn(objective, value) };
}

/** What a phase shows of an objective that names no signal. Of a sliding window the worst position counts; a phase that is shorter than the window is one. */
export function measuredValue({ metric, target, text }: Objective, outcome: Measured): number {
  const { total, within, extremes } = outcome.measurement;
  const worst = metric.overSeconds === undefined ? undefined : extremes?.[text];
  if (worst !== undefined) return target.op.startsWith('<') ? worst.most : worst.least;
  const all = stretchOf(total, outcome.ranSeconds, metric.steps);
  if (metric.of !== 'throughput') return figureIn(metric, all);
  // What was answered after the phase's end is no throughput of its own.
  return all.ledger.sent === 0 ? Number.NaN : figureIn(metric, stretchOf(within, outcome.ranSeconds, metric.steps));
}

function statOf(histogram: Histogram, stat: number | 'mean' | 'max'): number {
  if (histogram.totalCount === 0) return Number.NaN;
  return stat === 'mean' ? histogram.mean : valueAt(histogram, stat === 'max' ? 100 : stat);
}

function signalStat({ id, stat }: Extract<ObjectiveMetric, { of: 'signal' }>, windows: readonly PhaseWindow[]): number {
  const readings = windows
    .flatMap(({ signals, fromSeconds, toSeconds }) => {
      const series = signals.find((each) => each.id === id);
      return readingsWithin(series, fromSeconds, toSeconds);
    })
    .toSorted((a, b) => a - b);
  if (readings.length === 0) return Number.NaN;
  if (stat === 'mean') return readings.reduce((sum, value) => sum + value, 0) / readings.length;
  // Nearest rank: the smallest reading that at least `stat` percent do not exceed.
  // Multiplied before it is divided: 99.9 / 100 · 1000 is 999.0000000000001, one rank too high.
  const rank = stat === 'max' ? readings.length : Math.ceil((stat * readings.length) / 100);
  return readings[Math.max(1, rank) - 1] ?? Number.NaN;
}
