import { readingsWithin } from '../signals/series.ts';
import { type BottleneckId, formatSignal, type Signal, type SignalKind, type SignalSeries } from '../signals/signal.ts';
import { formatNumber, formatRatio } from '../units.ts';
import type { AnalysedRun } from './analysed-run.ts';
import { firstBreak, type BreakingPoint } from './breaking-point.ts';
import { concentrationOf, type Concentration } from './concentration.ts';
import { firstStretch } from './consecutive.ts';
import { phasesThatCount } from './verdict.ts';

export interface Bottleneck {
  readonly id: BottleneckId;
  /** The id of the signal that turned first; absent where none did, or only symptoms. */
  readonly signal?: string;
  /** Where few steps went wrong and the others were served: those, the worst first. */
  readonly steps?: readonly string[];
  readonly confidence: 'low' | 'medium' | 'high';
  readonly evidence: readonly string[];
  readonly remedy: string;
}

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

/** A signal may turn a little before the objective breaks; later than the phase's end it explains nothing. */
const BEFORE_BREAK_SECONDS = 10;

const SHARED_MACHINE =
  'See which process takes the cores, and give the generator another machine: what still fills this one is then the service.';

/**
 * The resource whose signal went beyond its limit first between two moments of the run (the USE method, Gregg 2013).
 * Two signals of one resource that agree make it high; one alone medium. Where another resource's turned in the same second,
 * the one with more signals, and then with the queue, is named, a grade less sure. One that was beyond its limit all along is
 * named only where there is no other, and low. `unknown` where nothing crossed its limit, or only what accuses no resource: a
 * machine that several share is then named by its signal; symptoms only stand among the evidence.
 */
export function findBottleneck(
  signals: readonly Signal[],
  series: readonly SignalSeries[],
  fromSeconds: number,
  toSeconds: number,
): Bottleneck {
  const window = { fromSeconds, toSeconds };
  const crossings = signals.flatMap(
    (signal) =>
      crossingOf(
        signal,
        series.find(({ id }) => id === signal.id),
        window,
      ) ?? [],
  );
  const symptoms = crossings.filter(isSymptom).toSorted((a, b) => a.atSeconds - b.atSeconds);
  const [first, ...others] = inOrder(crossings.filter((crossing) => !isSymptom(crossing)));
  if (first !== undefined) return bottleneckOf(first, others, symptoms);
  const measured = series.some((each) => readingsWithin(each, fromSeconds, toSeconds).length > 0);
  return unexplained(symptoms, measured);
}

function unexplained(symptoms: readonly Crossing[], measured: boolean): Bottleneck {
  const crossed = symptoms.length > 0 ? 'no resource went beyond its limit' : 'no signal went beyond its limit';
  const evidence = evidenceOf([measured ? crossed : 'no signal was measured', ...symptoms.map(describe)]);
  return { id: 'unknown', confidence: 'low', evidence, remedy: remedies.unknown };
}

/** Symptoms stand after the resources, and lend no confidence: every resource causes them alike. */
function bottleneckOf(first: Crossing, others: readonly Crossing[], symptoms: readonly Crossing[]): Bottleneck {
  const { accuses: id, id: signal } = first.signal;
  const evidence = evidenceOf([first, ...others, ...symptoms].map(describe));
  if (id === undefined) return { id: 'unknown', signal, confidence: 'low', evidence, remedy: SHARED_MACHINE };
  const turned = others.filter((other) => !other.chronic && !isMachine(other));
  const agree = turned.some(({ signal: { accuses } }) => accuses === id);
  const contested = turned.some(
    ({ signal: { accuses }, atSeconds }) => accuses !== id && atSeconds === first.atSeconds,
  );
  const grade = first.chronic ? 0 : (agree ? 2 : 1) - (contested ? 1 : 0);
  return { id, signal, confidence: GRADES[grade] ?? 'low', evidence, remedy: remedies[id] };
}

const GRADES = ['low', 'medium', 'high'] as const;

/** More lines than these are a list of everything, and no evidence. */
const evidenceOf = (lines: readonly string[]): readonly string[] => lines.slice(0, 5);

/** The use of what several share: exhausted, but by which of them it does not say. */
const isMachine = ({ signal: { accuses, kind } }: Crossing): boolean => accuses === undefined && kind === 'utilisation';

/** What users feel: slowness, errors. */
const isSymptom = ({ signal: { accuses, kind } }: Crossing): boolean => accuses === undefined && kind !== 'utilisation';

function inOrder(crossings: readonly Crossing[]): Crossing[] {
  const agreeing = ({ signal: { accuses } }: Crossing): number =>
    crossings.filter(({ signal, chronic }) => signal.accuses === accuses && !chronic).length;
  // A use of the resource that was exhausted with it is why, whichever was seen first.
  const isExplained = ({ signal: { accuses }, atSeconds }: Crossing): boolean =>
    crossings.some(
      ({ signal, chronic, atSeconds: at }) =>
        signal.explains === accuses && accuses !== undefined && !chronic && at - atSeconds <= BEFORE_BREAK_SECONDS,
    );
  return crossings.toSorted(
    (a, b) =>
      Number(a.chronic) - Number(b.chronic) ||
      Number(isExplained(a)) - Number(isExplained(b)) ||
      Number(isMachine(a)) - Number(isMachine(b)) ||
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
  // A single reading beyond the limit is no saturation.
  const point = points[firstStretch(points.map(([, value]) => isBeyond(value)))];
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

/** What gave way first where the run broke; `none` where nothing did; undefined where nothing is known of it. */
export function bottleneck(run: AnalysedRun): Bottleneck | undefined {
  const broken = firstBreak(run);
  return broken === undefined ? noBottleneck(run) : bottleneckAt(broken, run);
}

/** `none` only where the whole plan was run, judged, and held. */
function noBottleneck({ phases, interrupted }: AnalysedRun): Bottleneck | undefined {
  const counted = phasesThatCount(phases);
  const judged = counted.filter(({ objectives }) => objectives.length > 0);
  const held = counted.every(({ verdict }) => verdict === 'pass' || verdict === 'warn');
  if (interrupted || judged.length === 0 || !held) return undefined;
  const evidence = ['no objective was missed for three seconds on end'];
  return { id: 'none', confidence: 'high', evidence, remedy: remedies.none };
}

function bottleneckAt({ phase, atSeconds, objective }: BreakingPoint, run: AnalysedRun): Bottleneck | undefined {
  const outcome = run.outcomes.find((each) => each.phase.name === phase);
  if (outcome === undefined) return undefined;
  const start = (outcome.startedAtMs - run.startedAtMs) / 1000;
  const from = Math.max(start, start + atSeconds - BEFORE_BREAK_SECONDS);
  const found = findBottleneck(run.signals, run.series, from, start + outcome.ranSeconds);
  const few = concentrationOf(run.plan, outcome, objective);
  return few === undefined ? found : atSteps(found, few);
}

/** The steps at which it went wrong stand before all else: whatever the resource, that is where to begin. */
function atSteps(found: Bottleneck, { steps, others }: Concentration): Bottleneck {
  const [first] = steps;
  const shown = steps.map(({ name, bad, ended }) => `${name} (${formatNumber(bad)} of ${formatNumber(ended)})`);
  const rest = `of all other requests ${formatRatio(others.bad / others.ended)} were`;
  const evidence = `slow or failed were ${shown.join(' and ')}; ${rest}`;
  return {
    ...found,
    steps: steps.map(({ name }) => name),
    evidence: evidenceOf([evidence, ...found.evidence]),
    remedy: `Begin with ${first?.name ?? ''}, which alone is slow or fails. ${found.remedy}`,
  };
}

/** What to try for each bottleneck, the cheapest and likeliest first. */
export const remedies: Readonly<Record<BottleneckId, string>> = {
  generator: 'Give the generator more cores or machines before you read anything into these figures.',
  network: 'Compare the bytes a second with the bandwidth of the instance, and compress or page large replies.',
  balancer: 'Check the balancer for surge queues and its number of nodes.',
  'service.cpu': 'Take a CPU profile under this load, then cache or move the hottest work; after that add instances.',
  'service.memory': 'Take two heap snapshots under load and compare them; raise the limit only if nothing leaks.',
  'service.event-loop': 'Find the blocking call with a CPU profile, and move it to a worker thread or make it smaller.',
  'service.workers':
    'Requests wait for a thread or process, not for each other: make that work cheaper or take it out of the request; then raise the pool (UV_THREADPOOL_SIZE, workers, threads) up to the number of cores, and add instances.',
  'database.connections':
    'Shorten transactions first; then raise the pool within max_connections, or put a pooler between.',
  'database.statements': 'Take the slowest statements below, and read their plans with EXPLAIN (ANALYZE, BUFFERS).',
  'database.locks': 'Find the blocking statements in pg_locks; lock fewer rows, in one order, for a shorter time.',
  'database.cpu': 'Tune the statements with the largest total time; then a larger instance, or a replica for reads.',
  'database.io': 'Add the index that the plans lack; then more memory so that the working set fits shared buffers.',
  'cache.misses': 'Lengthen the time to live, fill the cache before the peak, and check that keys repeat at all.',
  'cache.evictions': 'Raise maxmemory or store less; evictions under load turn into database reads.',
  'cache.outage': 'Restore the cache; until then the database carries its reads as well.',
  'downstream.latency': 'Put a deadline on the call, and take it out of the request where the reply does not need it.',
  'downstream.errors': 'Open a circuit breaker on the call, and answer without it where that is possible.',
  'retry-storm': 'Give retries a budget and a jittered back-off; they multiply the load at the worst moment.',
  unknown:
    'Look at the slowest steps, and give the plan the signals that are missing (metrics of the service, database, cache), so that the next run can name what gives way.',
  none: 'Nothing gave way: raise the load of the stress phase until something does.',
};
