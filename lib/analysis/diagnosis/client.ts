import type { Histogram } from '../../measure/histogram.ts';
import { percentilesOf } from '../../measure/histogram.ts';
import { addStep, emptyStep, type StepRecord } from '../../measure/interval.ts';
import { planSteps } from '../../plan/plan.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { medianValue } from '../compare/middle.ts';
import { isByKey } from './profile.ts';
import { placedPoints, pointsIn, type Moments, type PlacedPoint, type Span } from './moments.ts';

/** What users met in a stretch of the run. */
export interface ClientView {
  /** Requests that came to an end, a second, however they ended. */
  readonly endedPerSecond: number;
  readonly offeredPerSecond: number;
  readonly okPerSecond: number;
  /** Of all that ended. */
  readonly failedRatio: number;
  readonly timedOutRatio: number;
  /** Of all that ended, by kind. */
  readonly failures: ReadonlyMap<string, number>;
  /** Mean time from sending to the end, µs: what the system took. */
  readonly meanUs: number;
  readonly p50Us: number;
  readonly p95Us: number;
  readonly startDelayUs: number;
  /** Requests under way on average: arrivals a second × time in the system (Little 1961). */
  readonly underWay: number;
  /** When it stopped: almost nothing ended although requests were under way, or only what had waited long. */
  readonly frozenAt: readonly number[];
}

/** A step as it was while all was well, and when it was not. */
export interface StepView {
  readonly name: string;
  readonly ended: number;
  readonly failedRatio: number;
  readonly timedOutRatio: number;
  readonly failures: ReadonlyMap<string, number>;
  readonly minUs: number;
  readonly meanUs: number;
  readonly p50Us: number;
  readonly p95Us: number;
  /** Requests under way on average, as of the whole. */
  readonly underWay: number;
  readonly calm: { readonly meanUs: number; readonly p50Us: number } | undefined;
  readonly writes: boolean;
  /** A read of one object by its key. */
  readonly keyed: boolean;
}

export interface Client {
  readonly now: ClientView;
  readonly calm: ClientView | undefined;
  /** The one that holds most of what is under way first. */
  readonly steps: readonly StepView[];
}

export function clientOf(run: AnalysedRun, moments: Moments): Client {
  const points = placedPoints(run);
  return {
    now: viewOf(pointsIn(points, moments.trouble)),
    calm: moments.calm && viewOf(pointsIn(points, moments.calm)),
    steps: stepsOf(run, moments),
  };
}

function viewOf(placed: readonly PlacedPoint[]): ClientView {
  const points = placed.map(({ point }) => point);
  const seconds = points.reduce((sum, point) => sum + point.seconds, 0) || 1;
  const total = (of: (each: (typeof points)[number]) => number): number =>
    points.reduce((sum, each) => sum + of(each), 0);
  const ended = total(({ ledger }) => ledger.ok + ledger.failed + ledger.timedOut);
  const timed = points.flatMap(({ serviceTimeUs }) => serviceTimeUs ?? []);
  const count = timed.reduce((sum, each) => sum + each.count, 0);
  const meanUs = timed.reduce((sum, each) => sum + each.mean * each.count, 0) / (count || 1);
  const failures = new Map<string, number>();
  for (const { ledger } of points)
    for (const [kind, times] of Object.entries(ledger.failures))
      failures.set(kind, (failures.get(kind) ?? 0) + times / (ended || 1));
  return {
    endedPerSecond: ended / seconds,
    offeredPerSecond: total((point) => point.offeredPerSecond * point.seconds) / seconds,
    okPerSecond: total(({ ledger }) => ledger.ok) / seconds,
    failedRatio: total(({ ledger }) => ledger.failed) / (ended || 1),
    timedOutRatio: total(({ ledger }) => ledger.timedOut) / (ended || 1),
    failures,
    meanUs,
    p50Us: medianValue(timed.map(({ p50 }) => p50)),
    p95Us: medianValue(timed.map(({ p95 }) => p95)),
    startDelayUs: medianValue(points.map(({ startDelayP99Us }) => startDelayP99Us)),
    underWay: (meanUs * count) / seconds / 1e6,
    frozenAt: frozen(placed),
  };
}

const endedIn = ({ point: { ledger } }: PlacedPoint): number => ledger.ok + ledger.failed + ledger.timedOut;

const NEIGHBOURS = 4;
const FROZEN = 0.35;
/** The half of what ended in a second had waited so long, against the usual half. */
const LATE = 8;
const LATE_US = 100_000;

/** Far fewer ended than in the seconds around, while more than that were sent or under way. */
function frozen(placed: readonly PlacedPoint[]): number[] {
  const medians = placed.map(({ point }) => point.serviceTimeUs?.p50 ?? Number.NaN);
  const lateUs = Math.max(LATE_US, LATE * medianValue(medians));
  const stopped = placed
    .filter((each, at) => {
      if ((medians[at] ?? 0) > lateUs) return true;
      const usual = medianValue(placed.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1).map(endedIn));
      return (
        usual >= 4 && endedIn(each) <= FROZEN * usual && each.point.ledger.sent + each.point.users > FROZEN * usual
      );
    })
    .map(({ atRun }) => atRun);
  // What holds most of the time is how it is, and no stop.
  if (stopped.length > placed.length / 2) return [];
  // Seconds on end are one stop, by its first; the last one may never have ended, as in a collapse.
  const every = placed[1] === undefined || placed[0] === undefined ? 1 : placed[1].atRun - placed[0].atRun;
  return stopped.filter((at, index) => at - (stopped[index - 1] ?? Number.NEGATIVE_INFINITY) > 1.5 * every);
}

interface NamedRecords {
  readonly now: StepRecord;
  readonly calm: StepRecord;
  writes: boolean;
  keyed: boolean;
}

/** Steps are counted by phase: that of the trouble against those before it. */
function stepsOf(run: AnalysedRun, { outcome, trouble }: Moments): StepView[] {
  const named = new Map<string, NamedRecords>();
  const before = run.outcomes.slice(0, run.outcomes.indexOf(outcome));
  planSteps(run.plan).forEach(({ step }, number) => {
    const known = named.get(step.name) ?? { now: emptyStep(), calm: emptyStep(), writes: false, keyed: true };
    named.set(step.name, known);
    known.writes ||= step.method !== 'get' && step.method !== 'head';
    known.keyed &&= isByKey(step.path) && !known.writes;
    addFound(known.now, outcome.measurement.total.steps.get(number));
    for (const each of before) addFound(known.calm, each.measurement.total.steps.get(number));
  });
  return Array.from(named, ([name, records]) => stepView(name, records, trouble))
    .filter(({ ended }) => ended > 0)
    .toSorted((a, b) => b.underWay - a.underWay);
}

function addFound(into: StepRecord, found: StepRecord | undefined): void {
  if (found !== undefined) addStep(into, found);
}

function stepView(
  name: string,
  { now, calm, writes, keyed }: NamedRecords,
  { fromSeconds, toSeconds }: Span,
): StepView {
  const { ok, failed, timedOut } = now.ledger;
  const ended = ok + failed + timedOut;
  const times = percentilesOf(now.serviceTime);
  return {
    name,
    ended,
    failedRatio: failed / (ended || 1),
    timedOutRatio: timedOut / (ended || 1),
    failures: new Map(Object.entries(now.ledger.failures).map(([kind, count]) => [kind, count / (ended || 1)])),
    minUs: times?.min ?? Number.NaN,
    meanUs: times?.mean ?? Number.NaN,
    p50Us: times?.p50 ?? Number.NaN,
    p95Us: times?.p95 ?? Number.NaN,
    underWay: ((times?.mean ?? 0) * ended) / 1e6 / Math.max(1, toSeconds - fromSeconds),
    calm: calmOf(calm.serviceTime),
    writes,
    keyed,
  };
}

function calmOf(histogram: Histogram): StepView['calm'] {
  const times = percentilesOf(histogram);
  return times === undefined || times.count < 5 ? undefined : { meanUs: times.mean, p50Us: times.p50 };
}
