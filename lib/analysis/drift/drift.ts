import type { Objective } from '../../plan/objective.ts';
import { isSearch } from '../../plan/plan.ts';
import type { Segment } from '../../schedule/segment.ts';
import { formatSignal, type SignalUnit } from '../../signals/signal.ts';
import { formatNumber, formatRatio, formatSpan } from '../../units.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import type { PhaseOutcome } from '../outcome.ts';
import { trendOf, type BlockFigure, type Trend } from './trend.ts';
import { voidReasons } from '../validity.ts';
import { gravest, type Verdict } from '../verdict.ts';

/** A figure that rose all through a phase, though its load did not. */
export interface DriftTrend {
  readonly phase: string;
  /** `responseTime.p99`, or the id of the signal. */
  readonly figure: string;
  /** `fail` where the limit is a day away at the most, `warn` where it is farther, or there is none. */
  readonly verdict: 'warn' | 'fail';
  /** Seconds of the run in which it was judged. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** In the figure's unit, by the line through its readings. */
  readonly from: number;
  readonly to: number;
  /** Of `from`, or of a tenth of `to` where that is more; with the bounds between which it lies with nine tenths' confidence. */
  readonly perHour: number;
  readonly perHourRange: readonly [low: number, high: number];
  readonly limit?: number;
  /** From the phase's end on, if it goes on so; left out where it is beyond the limit already. */
  readonly hoursToLimit?: number;
  readonly hoursToLimitRange?: readonly [low: number, high: number];
  readonly text: string;
}

/** What rose while the load was level. */
export interface Drift {
  /** `unknown` where a phase was long enough, and too little was read in it. */
  readonly verdict: Verdict;
  /** The phases that were long enough to be judged. */
  readonly phases: readonly string[];
  /** What was judged in them. */
  readonly figures: readonly string[];
  readonly trends: readonly DriftTrend[];
}

interface DriftFigure {
  readonly name: string;
  /** A sentence's beginning. */
  readonly title: string;
  readonly unit: SignalUnit;
  readonly block: BlockFigure;
  /** At which there is no more of it, where the plan sets no limit. */
  readonly full?: number;
  /** Not judged where the signal of this name was read: it says the same. */
  readonly unless?: string;
}

const PERCENTILES: Readonly<Record<string, 'p50' | 'p99'>> = { 'responseTime.p50': 'p50', 'responseTime.p99': 'p99' };

/** What may grow under a level load, and should not. A new one is a line here. */
const driftFigures: readonly DriftFigure[] = [
  { name: 'responseTime.p50', title: 'The median response time', unit: 'us', block: 'middle' },
  { name: 'responseTime.p99', title: 'The p99 of the response time', unit: 'us', block: 'middle' },
  { name: 'service.memory', title: 'Memory of the service', unit: 'ratio', block: 'floor', full: 1 },
  {
    name: 'service.resident-memory',
    title: 'Memory of the service',
    unit: 'bytes',
    block: 'floor',
    unless: 'service.memory',
  },
  { name: 'service.heap', title: 'The heap after collections', unit: 'ratio', block: 'floor', full: 1 },
  { name: 'service.descriptors', title: 'Open descriptors', unit: 'ratio', block: 'middle', full: 1 },
  { name: 'service.goroutines', title: 'The number of goroutines', unit: 'count', block: 'floor' },
  { name: 'service.cpu', title: 'CPU of the service', unit: 'ratio', block: 'middle', full: 1 },
  { name: 'database.pool-use', title: 'Connections of the pool in use', unit: 'ratio', block: 'middle', full: 1 },
  { name: 'database.connections', title: 'Connections to the database', unit: 'count', block: 'middle' },
];

/** In less a trend can't be had from chance and warm-up. */
const LEAST_SECONDS = 600;
/** Of a level stretch so much is left out: what it begins with settles. */
const SETTLING = 0.1;
/** A service that comes to its limit in a day has to be started anew every day. */
const SOON_HOURS = 24;
/** Beyond a year a straight line says nothing. */
const FAR_HOURS = 24 * 365;

/** Undefined where no sustained phase had a level load for ten minutes. */
export function drift(run: AnalysedRun): Drift | undefined {
  if (isSearch(run.plan)) return undefined;
  const judged = run.outcomes.flatMap((outcome) => {
    const stretch = levelStretch(outcome);
    return stretch === undefined ? [] : [{ outcome, found: trendsIn(run, outcome, stretch) }];
  });
  if (judged.length === 0) return undefined;
  const trends = judged.flatMap(({ found }) => found.flatMap(({ trend }) => trend ?? []));
  const figures = [...new Set(judged.flatMap(({ found }) => found.map(({ name }) => name)))];
  return {
    verdict: figures.length === 0 ? 'unknown' : gravest(['pass', ...trends.map(({ verdict }) => verdict)]),
    phases: judged.map(({ outcome }) => outcome.phase.name),
    figures,
    trends,
  };
}

type Stretch = readonly [fromSeconds: number, toSeconds: number];

/** The longest stretch of a sustained phase in which its load was level, without what it begins with; in seconds of the phase. */
function levelStretch(outcome: PhaseOutcome): Stretch | undefined {
  const { phase, ranSeconds, given } = outcome;
  if (phase.kind !== 'sustained' || given !== undefined || voidReasons(outcome).length > 0) return undefined;
  const stretches = levelStretches(phase.segments).map(([from, to]): Stretch => [from, Math.min(to, ranSeconds)]);
  const [longest = [0, 0]] = stretches.toSorted((a, b) => b[1] - b[0] - (a[1] - a[0]));
  const seconds = longest[1] - longest[0];
  return seconds < LEAST_SECONDS ? undefined : [longest[0] + SETTLING * seconds, longest[1]];
}

/** Stretches of one level; those that follow each other are one. */
function levelStretches(segments: readonly Segment[]): Stretch[] {
  const found: { from: number; to: number; level: number }[] = [];
  let at = 0;
  for (const { durationUs, from, to } of segments) {
    const end = at + durationUs / 1e6;
    const last = found.at(-1);
    if (from === to && last?.to === at && last.level === from) last.to = end;
    else if (from === to) found.push({ from: at, to: end, level: from });
    at = end;
  }
  return found.map(({ from, to }): Stretch => [from, to]);
}

interface JudgedFigure {
  readonly name: string;
  readonly trend?: DriftTrend;
}

function trendsIn(run: AnalysedRun, outcome: PhaseOutcome, [from, to]: Stretch): JudgedFigure[] {
  const startSeconds = (outcome.startedAtMs - run.startedAtMs) / 1000;
  const span = [startSeconds + from, startSeconds + to] as const;
  const read = new Set(run.series.map(({ id }) => id));
  return driftFigures.flatMap((figure) => {
    if (figure.unless !== undefined && read.has(figure.unless)) return [];
    const trend = trendOf(readingsOfFigure(figure, run, outcome, startSeconds), span, figure.block);
    if (trend === undefined) return [];
    const { name } = figure;
    return [trend.rises ? { name, trend: driftTrend(figure, trend, outcome, span) } : { name }];
  });
}

function readingsOfFigure(
  { name }: DriftFigure,
  { series }: AnalysedRun,
  { measurement }: PhaseOutcome,
  startSeconds: number,
): readonly (readonly [number, number])[] {
  const percentile = PERCENTILES[name];
  if (percentile === undefined) return series.find(({ id }) => id === name)?.points ?? [];
  return measurement.points.flatMap(({ atSeconds, seconds, responseTimeUs }) =>
    responseTimeUs === undefined ? [] : [[startSeconds + atSeconds + seconds / 2, responseTimeUs[percentile]] as const],
  );
}

function driftTrend(
  figure: DriftFigure,
  { from, to, perSecond, perSecondRange }: Trend,
  { phase }: PhaseOutcome,
  [fromSeconds, toSeconds]: Stretch,
): DriftTrend {
  const limit = limitOf(figure, phase.objectives) ?? figure.full;
  // A line may begin at nothing, or below it.
  const base = Math.max(from, to / 10);
  const hourly = (slope: number): number => (slope * 3600) / base;
  const hours = (slope: number): number => ((limit ?? Number.NaN) - to) / slope / 3600;
  const reached = hours(perSecond);
  const projected = reached > 0 && reached < FAR_HOURS;
  const [low, high] = perSecondRange;
  const given = {
    phase: phase.name,
    figure: figure.name,
    verdict: reached < SOON_HOURS ? ('fail' as const) : ('warn' as const),
    fromSeconds,
    toSeconds,
    from,
    to,
    perHour: hourly(perSecond),
    perHourRange: [hourly(low), hourly(high)] as const,
    ...(limit !== undefined && { limit }),
    ...(projected && { hoursToLimit: reached, hoursToLimitRange: [hours(high), hours(low)] as const }),
  };
  return { ...given, text: described(figure, given) };
}

/** The plan's own limit of a figure: what fails, or else what is wanted. */
function limitOf({ name }: DriftFigure, objectives: readonly Objective[]): number | undefined {
  const own = objectives.find(({ metric, target }) => {
    if (!target.op.startsWith('<')) return false;
    if (metric.of === 'signal') return metric.id === name;
    if (metric.of !== 'responseTime' || metric.requests !== undefined || metric.overSeconds !== undefined) return false;
    return name === `responseTime.p${metric.stat}`;
  });
  return own?.fail?.value ?? own?.target.value;
}

const formatHours = (hours: number): string => formatSpan(hours * 3.6e9);

function described({ title, unit }: DriftFigure, given: Omit<DriftTrend, 'text'>): string {
  const { phase, from, to, perHour, perHourRange, fromSeconds, toSeconds, limit, hoursToLimit } = given;
  const [low, high] = perHourRange;
  const pace = `${title} rose by ${formatRatio(perHour)} an hour (${formatNumber(low * 100)} to ${formatRatio(high)})`;
  const way = `from ${formatSignal(from, unit)} to ${formatSignal(to, unit)} within ${formatSpan((toSeconds - fromSeconds) * 1e6)} of ${phase}`;
  if (limit === undefined) return `${pace}, ${way}`;
  if (hoursToLimit === undefined || given.hoursToLimitRange === undefined)
    return `${pace}, ${way}; ${to >= limit ? 'it is beyond' : 'far below'} its limit of ${formatSignal(limit, unit)}`;
  const [soonest, latest] = given.hoursToLimitRange;
  const range = `${formatHours(soonest)} to ${formatHours(latest)}`;
  return `${pace}, ${way}; at this pace it reaches its limit of ${formatSignal(limit, unit)} in ${formatHours(hoursToLimit)} (${range})`;
}
