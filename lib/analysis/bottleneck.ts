import { readingsWithin } from '../signals/series.ts';
import type { BottleneckId, Signal, SignalKind, SignalSeries } from '../signals/signal.ts';
import { formatSignal } from '../signals/format.ts';
import { remedies } from './remedies.ts';

export interface Suspect {
  readonly id: BottleneckId;
  /** The id of the signal that turned first; none where none did. */
  readonly signal?: string;
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

interface Window {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Of signals that turn in the same second, a queue says more than use, and use more than traffic (Gregg 2013). */
const KINDS: readonly SignalKind[] = ['saturation', 'errors', 'utilisation', 'traffic'];

const SHARED_MACHINE =
  'See which process takes the cores, and give the generator another machine: then the service can be told from the rest.';

/**
 * The resource whose signal went beyond its limit first between two moments of the run (R108–R112; the USE method, Gregg 2013).
 * Two signals of one resource that agree make it high; one alone medium. Where another resource's turned in the same second,
 * the one with more signals, and then with the queue, is named, a grade less sure. One that was beyond its limit all along is
 * named only where there is no other, and low. `unknown` where nothing crossed its limit, or only what no resource owns.
 */
export function findBottleneck(
  signals: readonly Signal[],
  series: readonly SignalSeries[],
  fromSeconds: number,
  toSeconds: number,
): Suspect {
  const window = { fromSeconds, toSeconds };
  const crossings = signals.flatMap(
    (signal) =>
      crossingOf(
        signal,
        series.find(({ id }) => id === signal.id),
        window,
      ) ?? [],
  );
  const [first, ...others] = inOrder(crossings);
  if (first !== undefined) return suspectOf(first, others);
  const measured = series.some((each) => readingsWithin(each, fromSeconds, toSeconds).length > 0);
  const evidence = [measured ? 'no signal went beyond its limit' : 'no signal was measured'];
  return { id: 'unknown', confidence: 'low', evidence, remedy: remedies.unknown };
}

function suspectOf(first: Crossing, others: readonly Crossing[]): Suspect {
  const { bottleneck: id, id: signalId } = first.signal;
  const evidence = [first, ...others].slice(0, 5).map(describe);
  if (isUnowned(first)) return { id, signal: signalId, confidence: 'low', evidence, remedy: SHARED_MACHINE };
  const turned = others.filter((other) => !other.chronic && !isUnowned(other));
  const agree = turned.some(({ signal }) => signal.bottleneck === id);
  const contested = turned.some(({ signal, atSeconds }) => signal.bottleneck !== id && atSeconds === first.atSeconds);
  const grade = first.chronic ? 0 : (agree ? 2 : 1) - (contested ? 1 : 0);
  return { id, signal: signalId, confidence: GRADES[grade] ?? 'low', evidence, remedy: remedies[id] };
}

const GRADES = ['low', 'medium', 'high'] as const;

/** Nobody's in particular: a machine that several share. */
const isUnowned = ({ signal }: Crossing): boolean => signal.bottleneck === 'unknown';

function inOrder(crossings: readonly Crossing[]): Crossing[] {
  const agreeing = ({ signal: { bottleneck } }: Crossing): number =>
    crossings.filter(({ signal, chronic }) => signal.bottleneck === bottleneck && !chronic).length;
  return crossings.toSorted(
    (a, b) =>
      Number(a.chronic) - Number(b.chronic) ||
      Number(isUnowned(a)) - Number(isUnowned(b)) ||
      a.atSeconds - b.atSeconds ||
      agreeing(b) - agreeing(a) ||
      KINDS.indexOf(a.signal.kind) - KINDS.indexOf(b.signal.kind),
  );
}

function crossingOf(
  signal: Signal,
  series: SignalSeries | undefined,
  { fromSeconds, toSeconds }: Window,
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
