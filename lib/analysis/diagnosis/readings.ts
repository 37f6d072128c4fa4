import type { Signal, SignalSeries } from '../../signals/signal.ts';
import { CONSECUTIVE, firstStretch } from '../consecutive.ts';
import { medianOf, type Moments, type Span } from './moments.ts';

/** A signal in the two stretches that a diagnosis compares. */
export interface SignalReading {
  readonly signal: Signal;
  /** Median while it went wrong. */
  readonly now: number;
  /** Median while all was well; undefined where it was not read then. */
  readonly calm: number | undefined;
  /** Means of the same: what adds up, as the number of those who wait does, is judged by these. */
  readonly meanNow: number;
  readonly meanCalm: number | undefined;
  /** The ninth decile, in the direction of its limit, while it went wrong. */
  readonly worst: number;
  /** Share of the readings beyond the limit, now and before; 0 without a limit. */
  readonly beyond: number;
  readonly beyondBefore: number;
  /** The first second from which it stayed beyond its limit, or else beyond the middle between calm and now. */
  readonly sinceSeconds: number;
  /** The readings themselves, in order. */
  readonly points: SignalSeries['points'];
}

/** By the signal's id; a signal that was not read while it went wrong has none. */
export type SignalReadings = ReadonlyMap<string, SignalReading>;

/** SignalReadings of CloudWatch stand for the minute before them, so one of these is as much as many of a second. */
const COARSE_SECONDS = 20;
/** A signal turns a little before an objective breaks. */
const BEFORE_SECONDS = 8;

export function readingsOf(
  signals: readonly Signal[],
  series: readonly SignalSeries[],
  { trouble, calm }: Moments,
): SignalReadings {
  const found = signals.flatMap((signal) => {
    const points = series.find(({ id }) => id === signal.id)?.points ?? [];
    const reading = readingOf(signal, points, trouble, calm);
    return reading === undefined ? [] : [[signal.id, reading] as const];
  });
  return new Map(found);
}

/** The usual distance between two readings; infinite of a single one. */
function everySeconds(points: SignalSeries['points']): number {
  const gaps = points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? at));
  return gaps.length === 0 ? Number.POSITIVE_INFINITY : medianOf(gaps);
}

function readingOf(
  signal: Signal,
  points: SignalSeries['points'],
  trouble: Span,
  calm: Span | undefined,
): SignalReading | undefined {
  const every = everySeconds(points);
  const within = ({ fromSeconds, toSeconds }: Span): number[] =>
    points.filter(([at]) => at >= fromSeconds && at <= toSeconds).map(([, value]) => value);
  const coarse = every >= COARSE_SECONDS && Number.isFinite(every);
  const own = within(coarse ? { ...trouble, toSeconds: trouble.toSeconds + every / 2 } : trouble);
  const now = own.length < 2 && isStore(signal) ? lastOf(points, trouble) : own;
  if (now.length < (coarse ? 1 : 2)) return undefined;
  const before = calm === undefined ? [] : within(calm);
  const beyond = beyondLimit(signal);
  const falls = signal.limit !== undefined && 'below' in signal.limit;
  const sorted = now.toSorted((a, b) => (falls ? b - a : a - b));
  return {
    signal,
    now: medianOf(now),
    calm: before.length === 0 ? undefined : medianOf(before),
    meanNow: meanOf(now),
    meanCalm: before.length === 0 ? undefined : meanOf(before),
    worst: sorted[Math.ceil(0.9 * sorted.length) - 1] ?? Number.NaN,
    beyond: shareOf(now, beyond),
    beyondBefore: shareOf(before, beyond),
    sinceSeconds: since(points, trouble, coarse ? 1 : CONSECUTIVE, turned(signal, medianOf(now), medianOf(before))),
    points,
  };
}

/** Memory does not empty itself when its process falls silent, so there the last readings hold. */
const isStore = ({ accuses, kind }: Signal): boolean => accuses === 'service.memory' && kind === 'utilisation';

const lastOf = (points: SignalSeries['points'], { fromSeconds, toSeconds }: Span): number[] =>
  points.filter(([at]) => at >= fromSeconds - BEFORE_SECONDS && at <= toSeconds).map(([, value]) => value);

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const shareOf = (values: readonly number[], holds: (value: number) => boolean): number =>
  values.length === 0 ? 0 : values.filter(holds).length / values.length;

function beyondLimit({ limit }: Signal): (value: number) => boolean {
  if (limit === undefined) return () => false;
  return 'above' in limit ? (value) => value > limit.above : (value) => value < limit.below;
}

/** Beyond the limit where it has one that it crosses; else more than half of the way from what it was. */
function turned(signal: Signal, now: number, calm: number): (value: number) => boolean {
  const beyond = beyondLimit(signal);
  if (beyond(now) || Number.isNaN(calm)) return signal.limit === undefined ? () => true : beyond;
  return now >= calm ? (value) => value > (now + calm) / 2 : (value) => value < (now + calm) / 2;
}

function since(
  points: SignalSeries['points'],
  { fromSeconds, toSeconds }: Span,
  length: number,
  holds: (value: number) => boolean,
): number {
  const late = points.filter(([at]) => at >= fromSeconds - BEFORE_SECONDS && at <= toSeconds);
  const flags = late.map(([, value]) => holds(value));
  const at = length === 1 ? flags.indexOf(true) : firstStretch(flags);
  return late[at]?.[0] ?? fromSeconds;
}
