import { addLedger, emptyLedger, errorRatio } from '../measure/ledger.ts';
import { failureKinds } from '../measure/failures.ts';
import { metricOf, type ObjectiveMetric } from '../plan/objective.ts';
import { counted, listed } from '../units.ts';
import type { SignalUnit } from '../signals/signal.ts';
import { isPresent, MISSING, showCount, showIn, showPerSecond, showRatio, showSeconds, showUs } from './numbers.ts';
import type { Report } from './report.ts';
import type { AbortedPhase, JudgedObjective, PhaseFindings } from '../analysis/phase.ts';
import type { Bottleneck } from '../analysis/bottleneck.ts';
import type { Summary } from './summary.ts';

/** A key figure of the run, with what it is a figure of. `note` says where or when. */
export interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** The valid phase, warm-up left out, that carried most while every objective was met; undefined where none did. */
export function highestPassed(summary: Summary): PhaseFindings | undefined {
  const passed = summary.phases.filter((phase) => phase.verdict === 'pass' && phase.kind !== 'warm-up');
  return passed.reduce<PhaseFindings | undefined>(
    (best, phase) => (best === undefined || phase.throughputPerSecond > best.throughputPerSecond ? phase : best),
    undefined,
  );
}

/** In the order in which a reader asks: how much, how fast, how wrong, until when, and back again when. */
export function keyFigures(report: Report): readonly KeyFigure[] {
  const { summary } = report;
  return [carried(summary), peak(report), sustained(summary), errors(summary), breaking(summary), recovery(summary)];
}

function carried(summary: Summary): KeyFigure {
  const label = 'Carried, objectives met';
  const best = highestPassed(summary);
  if (best === undefined) return { label, value: MISSING, note: 'no phase met every objective' };
  return {
    label,
    value: showPerSecond(best.throughputPerSecond),
    note: `successful requests, in ${best.name}: ${best.load}`,
  };
}

function peak({ timeline, summary }: Report): KeyFigure {
  const label = 'Peak throughput';
  const valid = new Set(validPhases(summary).map(({ name }) => name));
  const points = timeline
    .filter(({ phase }) => valid.has(phase))
    .flatMap(({ phase, points: own }) => own.map((point) => ({ phase, ...point })));
  const known = points.filter((point) => isPresent(point.throughputPerSecond));
  const [top] = known.toSorted((a, b) => b.throughputPerSecond - a.throughputPerSecond);
  if (top === undefined) return { label, value: MISSING, note: 'no valid phase was measured' };
  const note = `successful requests over ${showSeconds(top.seconds)}, in ${top.phase}`;
  return { label, value: showPerSecond(top.throughputPerSecond), note };
}

/** A void phase says nothing of the target, so no figure that is read first comes from it. */
const validPhases = ({ phases }: Summary): readonly PhaseFindings[] =>
  phases.filter(({ validity }) => validity.verdict === 'valid');

/** The p99 of the slowest sustained phase: a faster one must not conceal it. */
function sustained(summary: Summary): KeyFigure {
  const label = 'p99 response, sustained';
  const phases = validPhases(summary).filter(
    ({ kind, responseTimeUs }) => kind === 'sustained' && isPresent(responseTimeUs.p99),
  );
  const [slowest] = phases.toSorted((a, b) => (b.responseTimeUs.p99 ?? 0) - (a.responseTimeUs.p99 ?? 0));
  if (slowest === undefined) return { label, value: MISSING, note: 'no valid sustained phase was measured' };
  return { label, value: showUs(slowest.responseTimeUs.p99), note: `${slowest.name}: ${slowest.load}` };
}

function errors(summary: Summary): KeyFigure {
  const sum = { ok: 0, failed: 0, timedOut: 0 };
  for (const { ledger } of summary.phases) {
    sum.ok += ledger.ok;
    sum.failed += ledger.failed;
    sum.timedOut += ledger.timedOut;
  }
  const bad = sum.failed + sum.timedOut;
  const note = `${showCount(bad)} of ${counted(sum.ok + bad, 'request')}, all phases`;
  return { label: 'Errors', value: showRatio(errorRatio({ sent: 0, cut: 0, failures: {}, ...sum })), note };
}

function breaking(summary: Summary): KeyFigure {
  const label = 'Breaking point';
  const { breakingPoint, phases } = summary;
  if (breakingPoint !== undefined) {
    const { users, perSecond, objective, phase, atSeconds, alreadyBroken } = breakingPoint;
    const [shown, rate] = [counted(Math.round(users), 'user'), showLoad(summary, perSecond)];
    const into = `${showSeconds(atSeconds)} into ${phase}`;
    if (alreadyBroken)
      return { label, value: `below ${shown}`, note: `already broken at ${rate}, ${into}: ${objective}` };
    return { label, value: shown, note: `at ${rate}, ${into}: ${objective}` };
  }
  // Only a run in which every valid phase held can say that nothing broke.
  const held = phases.filter(({ verdict }) => verdict === 'pass' || verdict === 'warn');
  const failed = phases.some(({ verdict }) => verdict === 'fail');
  if (failed) return { label, value: MISSING, note: 'objectives were missed, at no clear moment' };
  if (held.length === 0) return { label, value: MISSING, note: 'no valid phase was judged' };
  return { label, value: 'not reached', note: 'within the load of this run' };
}

/** A rate with the unit of the phase that broke: arrivals are offered in an open model, requests carried in a closed one. */
export function showLoad({ phases, breakingPoint }: Summary, perSecond: number): string {
  const model = phases.find(({ name }) => name === breakingPoint?.phase)?.model ?? 'open';
  return `${showCount(perSecond)} ${model === 'open' ? 'arrivals/s' : 'requests/s'}`;
}

function recovery(summary: Summary): KeyFigure {
  const label = 'Recovery';
  if (summary.recovery === undefined) return { label, value: MISSING, note: 'no recovery was measured' };
  const { seconds, withinObjectivesSeconds: within } = summary.recovery;
  if (seconds === null && typeof within === 'number')
    return { label, value: showSeconds(within), note: 'until its objectives held again; not as fast as before' };
  if (seconds === null) return { label, value: 'not recovered', note: 'within the recovery phase' };
  return { label, value: showSeconds(seconds), note: 'until the service answered as before' };
}

/** The measured value of an objective in the unit of its metric. */
export function showMeasured(report: Report, judged: JudgedObjective): string {
  const metric = metricOf(judged.objective);
  return metric === undefined ? showCount(judged.value) : showIn(unitOf(report, metric), judged.value);
}

/** What ended a phase before its time, and when. */
export const abortedSentence = ({ condition, atSeconds, at }: AbortedPhase): string =>
  `"${condition}" held until ${showSeconds(atSeconds)} after its start, at ${at.slice(0, 19).replace('T', ' ')} UTC`;

function unitOf(report: Report, metric: ObjectiveMetric): SignalUnit {
  switch (metric.of) {
    case 'responseTime':
    case 'serviceTime':
      return 'us';
    case 'throughput':
      return 'perSecond';
    case 'signal':
      return report.signals.find(({ id }) => id === metric.id)?.unit ?? 'count';
    default:
      return 'ratio';
  }
}

/** Requests that went wrong in one way, in all phases; the most frequent way first. */
export interface FailureCount {
  readonly kind: string;
  readonly meaning: string;
  readonly count: number;
  readonly byPhase: readonly (readonly [phase: string, count: number])[];
}

/** What time-outs are called beside the kinds of failures. */
export const TIMED_OUT = 'timed out';

/** All ways in which the requests of a ledger went wrong, time-outs among them. */
export const failureEntries = (ledger: PhaseFindings['ledger']): readonly (readonly [kind: string, count: number])[] =>
  [...Object.entries(ledger.failures), [TIMED_OUT, ledger.timedOut] as const].filter(([, count]) => count > 0);

export function failureCounts(summary: Summary): readonly FailureCount[] {
  const kinds = new Map<string, [string, number][]>();
  for (const phase of summary.phases) {
    for (const [kind, count] of failureEntries(phase.ledger)) {
      kinds.set(kind, [...(kinds.get(kind) ?? []), [phase.name, count]]);
    }
  }
  const counts = [...kinds].map(([kind, byPhase]) => ({
    kind,
    meaning: failureMeaning(kind),
    count: byPhase.reduce((sum, [, count]) => sum + count, 0),
    byPhase,
  }));
  return counts.toSorted((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
}

/** One way in which one step failed in one phase. */
export interface FrequentFailure {
  readonly kind: string;
  readonly step: string;
  readonly phase: string;
  readonly count: number;
  /** Of the step's requests. */
  readonly ofSent: number;
  /** What the system said of one of them, or its trace. */
  readonly example?: string;
}

const MOST_FREQUENT = 3;

/** The most frequent failures by phase and step, three at the most; steps of one name are one, whatever their scenario. */
export function frequentFailures({ phases }: Summary): readonly FrequentFailure[] {
  const found = phases.flatMap(({ name: phase, scenarios }) => {
    const byName = Map.groupBy(
      scenarios.flatMap(({ steps }) => steps),
      ({ name }) => name,
    );
    return Array.from(byName, ([step, own]) => {
      const all = own.reduce((sum, { ledger }) => (addLedger(sum, ledger), sum), emptyLedger());
      return failureEntries(all).map(([kind, count]) => ({
        kind,
        step,
        phase,
        count,
        ofSent: count / all.sent,
        ...exampleOf(all, kind),
      }));
    }).flat();
  });
  return found.toSorted((a, b) => b.count - a.count).slice(0, MOST_FREQUENT);
}

function exampleOf({ examples = {} }: PhaseFindings['ledger'], kind: string): { readonly example?: string } {
  const example = examples[kind === TIMED_OUT ? 'timedOut' : kind];
  return example === undefined ? {} : { example };
}

const MEANINGS: Readonly<Record<string, string>> = {
  ...failureKinds,
  [TIMED_OUT]: 'No complete reply came before the deadline of the request.',
};

function failureMeaning(kind: string): string {
  const status = /^status\.(\d+)$/.exec(kind)?.[1];
  if (status !== undefined) return `The reply has status ${status}, which the step does not accept.`;
  return Object.hasOwn(MEANINGS, kind) ? (MEANINGS[kind] ?? '') : '';
}

/** `database.connections` → `database connections`, `service.cpu` → `service CPU`; a machine that several share, by its signal. */
export function bottleneckName({ id, signal, steps = [] }: Pick<Bottleneck, 'id' | 'signal' | 'steps'>): string {
  if (id === 'none') return 'none found';
  const resource = id === 'unknown' && signal !== undefined ? signal.replace(/^host\./, 'machine.') : id;
  const name = resourceName(resource);
  return steps.length === 0 ? name : `${name}, at ${listed(steps, 'and')}`;
}

const resourceName = (resource: string): string =>
  resource.replaceAll(/[.-]/g, ' ').replace(/ cpu$/, ' CPU').replace(/ io$/, ' I/O');
