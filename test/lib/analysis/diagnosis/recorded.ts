import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AnalysedRun } from '../../../../lib/analysis/analysed-run.ts';
import { windowOf, type PhaseOutcome } from '../../../../lib/analysis/outcome.ts';
import type { Ledger } from '../../../../lib/measure/ledger.ts';
import { judgePhase, type PhaseFindings } from '../../../../lib/analysis/phase.ts';
import type { Phase } from '../../../../lib/plan/phase.ts';
import type { Plan } from '../../../../lib/plan/plan.ts';
import { decodeOutcome } from '../../../../lib/run/archive/outcomes.ts';
import { signals } from '../../../../lib/signals/index.ts';
import type { BottleneckId, SignalSeries } from '../../../../lib/signals/signal.ts';

/** A run of a system with a known defect, or none: what users met, and every signal that was read. */
export interface RecordedSystem {
  readonly name: string;
  /** What gives way, by who built it. */
  readonly label: BottleneckId;
  readonly plan: Plan;
  readonly startedAtMs: number;
  readonly outcomes: readonly { readonly phase: Phase; readonly outcome: string }[];
  readonly series: readonly SignalSeries[];
  /** What only the cloud has a name for, here read from the processes. */
  readonly cloudOnly: readonly SignalSeries[];
}

const FOLDER = join(import.meta.dirname, 'recorded');

export const recordedSystems: readonly RecordedSystem[] = readdirSync(FOLDER)
  .toSorted()
  .map((file) => JSON.parse(gunzipSync(readFileSync(join(FOLDER, file))).toString()) as RecordedSystem);

/** Histograms take their time to unpack. */
const unpacked = new Map<string, readonly PhaseOutcome[]>();

function decoded({ name, outcomes }: RecordedSystem): readonly PhaseOutcome[] {
  const known = unpacked.get(name) ?? outcomes.map(({ outcome, phase }) => decodeOutcome(outcome, phase));
  unpacked.set(name, known);
  return known;
}

const verdicts = new Map<string, readonly PhaseFindings[]>();

/** Their objectives are on what users met, so the signals have no say. */
function judged(system: RecordedSystem): readonly PhaseFindings[] {
  const { name, plan, startedAtMs } = system;
  const known =
    verdicts.get(name) ?? decoded(system).map((each) => judgePhase(plan, each, windowOf(each, startedAtMs, [])));
  verdicts.set(name, known);
  return known;
}

export const VIEWS = ['full', 'cloud', 'client'] as const;
export type View = (typeof VIEWS)[number];

/** A second of a recorded run stands for so many of one that CloudWatch looks at once a minute. */
const STRETCHED = 20;
const PERIOD_SECONDS = 60;

/** The run as it is seen: with all signals, with those of CloudWatch at its one-minute period, or by the client alone. */
export function seenAs(view: View, system: RecordedSystem, without?: string): AnalysedRun {
  const { plan, startedAtMs } = system;
  const factor = view === 'cloud' ? STRETCHED : 1;
  const outcomes = decoded(system).map((outcome) => stretched(outcome, startedAtMs, factor));
  const series = seriesOf(view, system).filter(({ id }) => id !== without);
  return { plan, startedAtMs, outcomes, phases: judged(system), interrupted: false, signals, series };
}

function stretched(outcome: PhaseOutcome, startedAtMs: number, factor: number): PhaseOutcome {
  const points = outcome.measurement.points.map((point) => ({
    ...point,
    atSeconds: point.atSeconds * factor,
    seconds: point.seconds * factor,
    ledger: repeated(point.ledger, factor),
    ...(point.serviceTimeUs && {
      serviceTimeUs: { ...point.serviceTimeUs, count: point.serviceTimeUs.count * factor },
    }),
  }));
  return {
    ...outcome,
    startedAtMs: startedAtMs + (outcome.startedAtMs - startedAtMs) * factor,
    ranSeconds: outcome.ranSeconds * factor,
    measurement: { ...outcome.measurement, points },
  };
}

/** At the same rates a run that is so many times as long has as many times the requests. */
function repeated(ledger: Ledger, factor: number): Ledger {
  const failures = Object.fromEntries(Object.entries(ledger.failures).map(([kind, n]) => [kind, n * factor]));
  const { sent, ok, failed, timedOut, cut } = ledger;
  return {
    ...ledger,
    sent: sent * factor,
    ok: ok * factor,
    failed: failed * factor,
    timedOut: timedOut * factor,
    cut: cut * factor,
    failures,
  };
}

function seriesOf(view: View, { series, cloudOnly }: RecordedSystem): readonly SignalSeries[] {
  if (view === 'client') return [];
  if (view === 'full') return series;
  const known = new Set(signals.filter(({ cloud }) => cloud !== undefined).map(({ id }) => id));
  const down = new Set(
    series.find(({ id }) => id === 'cache.down')?.points.flatMap(([at, is]) => (is > 0 ? [at] : [])),
  );
  return [...series, ...cloudOnly]
    .filter(({ id }) => known.has(id))
    .map((each) => (each.id.startsWith('cache.') ? without(each, down) : each))
    .map((each) => (each.id.includes('memory') ? grown(each) : each))
    .map(byMinute);
}

/** What is left of each request in memory is as many times as much; what a start takes is overstated by this. */
const grown = (series: SignalSeries): SignalSeries => {
  const first = series.points[0]?.[1] ?? 0;
  return { ...series, points: series.points.map(([at, value]) => [at, first + STRETCHED * (value - first)]) };
};

/** A node that is down publishes nothing, where a client's own counters go on. */
const without = (series: SignalSeries, seconds: ReadonlySet<number>): SignalSeries => ({
  ...series,
  points: series.points.filter(([at]) => !seconds.has(at)),
});

/** Means of each minute, at its middle. */
function byMinute(series: SignalSeries): SignalSeries {
  const minutes = Map.groupBy(series.points, ([at]) => Math.floor((at * STRETCHED) / PERIOD_SECONDS));
  const points = Array.from(minutes, ([minute, own]): [number, number] => [
    (minute + 0.5) * PERIOD_SECONDS,
    own.reduce((sum, [, value]) => sum + value, 0) / own.length,
  ]);
  return { ...series, points };
}
