import { readingsWithin } from '../signals/series.ts';
import type { BottleneckId, Signal, SignalSeries } from '../signals/signal.ts';
import { formatSignal } from '../signals/format.ts';
import { remedies } from './remedies.ts';

export interface Suspect {
  readonly id: BottleneckId;
  readonly confidence: 'low' | 'medium' | 'high';
  readonly evidence: readonly string[];
  readonly remedy: string;
}

/** A reading beyond its limit for so long is saturation, not weather. */
const READINGS_IN_A_ROW = 3;

interface Crossing {
  readonly signal: Signal;
  readonly atSeconds: number;
  readonly worst: number;
  /** Beyond its limit most of the time before, too, when all was well: it explains little. */
  readonly chronic: boolean;
}

/**
 * The resource whose signal went beyond its limit first between two moments of the run (R108–R112; the USE method, Gregg 2013).
 * Two signals of one resource that agree make it high; one alone medium; one that was beyond its limit all along is named
 * only where there is no other, and low. `unknown` where nothing crossed its limit.
 */
export function findBottleneck(
  signals: readonly Signal[],
  series: readonly SignalSeries[],
  fromSeconds: number,
  toSeconds: number,
): Suspect {
  const crossings = signals
    .flatMap(
      (signal) =>
        crossingOf(
          signal,
          series.find(({ id }) => id === signal.id),
          fromSeconds,
          toSeconds,
        ) ?? [],
    )
    .toSorted((a, b) => Number(a.chronic) - Number(b.chronic) || a.atSeconds - b.atSeconds);
  const [first] = crossings;
  if (first === undefined) {
    const measured = series.some((each) => readingsWithin(each, fromSeconds, toSeconds).length > 0);
    return {
      id: 'unknown',
      confidence: 'low',
      evidence: [measured ? 'no signal went beyond its limit' : 'no signal was measured'],
      remedy: remedies.unknown,
    };
  }
  const { bottleneck: id } = first.signal;
  const agreeing = crossings.filter(({ signal, chronic }) => signal.bottleneck === id && !chronic);
  return {
    id,
    confidence: first.chronic ? 'low' : agreeing.length > 1 ? 'high' : 'medium',
    evidence: crossings.slice(0, 5).map(describe),
    remedy: remedies[id],
  };
}

function crossingOf(
  signal: Signal,
  series: SignalSeries | undefined,
  fromSeconds: number,
  toSeconds: number,
): Crossing | undefined {
  const { limit } = signal;
  if (limit === undefined || series === undefined) return undefined;
  const isBeyond = (value: number): boolean => ('above' in limit ? value > limit.above : value < limit.below);
  const points = series.points.filter(([at]) => at >= fromSeconds && at <= toSeconds);
  const beyond = points.map(([, value]) => isBeyond(value));
  const at = beyond.findIndex(
    (_, i) => beyond.slice(i, i + READINGS_IN_A_ROW).filter(Boolean).length === READINGS_IN_A_ROW,
  );
  const point = points[at];
  if (point === undefined) return undefined;
  const values = readingsWithin(series, fromSeconds, toSeconds);
  const worst = 'above' in limit ? Math.max(...values) : Math.min(...values);
  const earlier = series.points.filter(([seconds]) => seconds < fromSeconds).map(([, value]) => isBeyond(value));
  return { signal, atSeconds: point[0], worst, chronic: earlier.filter(Boolean).length > earlier.length / 2 };
}

function describe({ signal, atSeconds, worst, chronic }: Crossing): string {
  const limit = signal.limit ?? { above: 0 };
  const [word, value] = 'above' in limit ? ['above', limit.above] : ['below', limit.below];
  const [shownLimit, shownWorst] = [formatSignal(value, signal.unit), formatSignal(worst, signal.unit)];
  const since = chronic ? 'most of the time before, too' : `from ${atSeconds.toFixed(0)} s on`;
  return `${signal.title} was ${word} ${shownLimit} ${since} (worst ${shownWorst})`;
}
