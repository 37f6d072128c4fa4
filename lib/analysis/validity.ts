import { percentilesOf } from '../measure/histogram.ts';
import { allSteps } from '../measure/interval.ts';
import { openEntries, type ArrivalLedger } from '../measure/ledger.ts';
import { formatNumber, formatRatio, formatUs } from '../units.ts';
import { stretchesOf } from './consecutive.ts';
import { latenessOf } from './lateness.ts';
import type { PhaseOutcome } from './outcome.ts';
import { remembered } from './diagnosis/remembered.ts';

/** An event loop that is later than this, and than this share of the service times' p99, ran out of time by itself. */
const LATENESS_US = 10_000;
const LATENESS_SHARE = 0.2;

/** Offered load that is short by more than this is another load. */
const DROPPED_RATIO = 0.01;

/** Above this a thread is on the steep part of its own queue: lateness grows faster than load. */
const CPU_RATIO = 0.85;

/** Five steps with a login, captures and JSON checks spend 2 % of a busy thread on garbage; this is far from that. */
const GARBAGE_RATIO = 0.15;

/** Requests lost for want of the generator's sockets are no evidence of the target. */
const SOCKETS_RATIO = 0.001;

/** A journey that a hook ended is no evidence of the target either. */
const HOOKS_RATIO = 0.001;

/** A target that fails more than this share of what it was asked has collapsed. */
const COLLAPSED_RATIO = 0.5;

/** Failures that are the generator's own, and say nothing of a target. */
const OWN_FAILURES: readonly string[] = ['sockets', 'request', 'hook'];

/**
 * Whether a phase's figures can be trusted: `void` where reasons speak against it; `unknown` where the generator recorded nothing
 * of itself, neither its clock nor its lateness, as in results of another tool.
 */
export interface Validity {
  readonly verdict: 'valid' | 'void' | 'unknown';
  readonly reasons: readonly string[];
  /** What lateness did to figures without changing a verdict; left out where it did nothing worth saying. */
  readonly doubts?: readonly string[];
}

export function validityOf(outcome: PhaseOutcome): Validity {
  if (outcome.given !== undefined) return { verdict: 'unknown', reasons: [] };
  const reasons = voidReasons(outcome);
  const slow = slowHooks(outcome);
  if (reasons.length > 0) return { verdict: 'void', reasons, ...(slow.length > 0 && { doubts: slow }) };
  const doubts = [...latenessOf(outcome).doubts, ...slow];
  return { verdict: recordedItself(outcome) ? 'valid' : 'unknown', reasons, ...(doubts.length > 0 && { doubts }) };
}

/** Hooks by name, where one of their calls took as long as is worth saying of lateness. */
const slowHooks = ({ measurement: { total } }: PhaseOutcome): string[] =>
  Object.entries(total.generator.hooks ?? {})
    .filter(([, { longestUs }]) => longestUs > LATENESS_US)
    .map(
      ([name, { calls, busyUs, longestUs }]) =>
        `the hook ${name} took up to ${formatUs(longestUs)}, ${formatUs(busyUs)} in ${formatNumber(calls)} calls, which is the generator's own time`,
    );

/** A phase of a second may be over before the generator has looked at its clock; then its lateness is recorded all the same. */
const recordedItself = ({ measurement: { total } }: PhaseOutcome): boolean =>
  total.generator.wallUs > 0 ||
  total.startDelay.totalCount > 0 ||
  total.generator.eventLoopDelay.totalCount > 0 ||
  total.generator.garbageCollection.totalCount > 0;

/**
 * Why a phase's figures can't be trusted, as sentences that say what to do; none when they can. A target that has collapsed
 * floods a generator with failures, or holds all of its sockets and journeys: what follows from that voids nothing.
 */
export const voidReasons = remembered((outcome: PhaseOutcome): readonly string[] => {
  const reasons = [...lossReasons(outcome), ...(hasCollapsed(outcome) ? [] : burdenReasons(outcome))];
  return reasons.flatMap(([holds, reason]) => (holds ? [reason] : []));
});

/** The phase would be void, were it not its target's collapse that overburdened the generator. It can't pass either way. */
export const isVoidedByCollapse = (outcome: PhaseOutcome): boolean =>
  hasCollapsed(outcome) && voidReasons(outcome).length === 0 && burdenReasons(outcome).some(([holds]) => holds);

/**
 * Whether most of what was asked failed, and by the target's doing. Time-outs count for that only where the generator's own
 * clock was right, since a thread that is late runs out of time by itself.
 */
const hasCollapsed = remembered((outcome: PhaseOutcome): boolean => {
  const { total } = outcome.measurement;
  const { ledger, serviceTime } = allSteps(total);
  const own = OWN_FAILURES.reduce((sum, kind) => sum + (ledger.failures[kind] ?? 0), 0);
  const loopDelay = percentilesOf(total.generator.eventLoopDelay)?.p99 ?? 0;
  const isPunctual = !isLate(loopDelay, percentilesOf(serviceTime)?.p99) && cpuOf(outcome) <= CPU_RATIO;
  const failed = ledger.failed - own + (isPunctual ? ledger.timedOut : 0);
  return failed > COLLAPSED_RATIO * (ledger.ok + ledger.failed - own + ledger.timedOut);
});

const burdenReasons = (outcome: PhaseOutcome): Reason[] => [
  ...latenessOf(outcome).reasons.map((reason): Reason => [true, reason]),
  ...shareReasons(outcome),
];

/** Losses that no target can cause: of a worker, or of entries of the ledger. */
function lossReasons({ measurement: { total }, lost }: PhaseOutcome): Reason[] {
  const { ledger } = allSteps(total);
  const open = openEntries(total.arrivals, ledger).map((entry): Reason => [
    true,
    `the ledger does not close: ${entry}`,
  ]);
  const withoutRow = withoutRowOf(total.arrivals);
  const failedHooks = (ledger.failures['hook'] ?? 0) / Math.max(1, ledger.sent);
  return [
    [
      failedHooks > HOOKS_RATIO,
      `hooks of the plan failed, and ended ${formatNumber(ledger.failures['hook'] ?? 0)} journeys (${ledger.examples?.['hook'] ?? 'no reason given'}); mend the hook`,
    ],
    [
      withoutRow > 0,
      `a feeder with unique rows had none left for ${formatNumber(withoutRow)} of ${formatNumber(total.arrivals.due)} arrivals; give its file more rows, or ask for less`,
    ],
    [lost !== undefined, `a worker of the generator was lost (${lost}), and its share of the load with it`],
    ...open,
  ];
}

const withoutRowOf = ({ drops }: ArrivalLedger): number => drops?.['feeder'] ?? 0;

/** Dropped as the plan asks for it. */
const beyondMostOf = ({ drops }: ArrivalLedger): number => drops?.['most'] ?? 0;

type Reason = readonly [holds: boolean, reason: string];

/** Load that was not what the plan says, and a generator at its own limits. */
function shareReasons(outcome: PhaseOutcome): Reason[] {
  const { total } = outcome.measurement;
  const { wallUs, garbageCollection } = total.generator;
  const { due, dropped } = total.arrivals;
  const { ledger } = allSteps(total);
  const collected = ratioOf(garbageCollection.mean * garbageCollection.totalCount, wallUs);
  const droppedRatio = (dropped - withoutRowOf(total.arrivals) - beyondMostOf(total.arrivals)) / Math.max(1, due);
  const sockets = (ledger.failures['sockets'] ?? 0) / Math.max(1, ledger.sent);
  const cpu = cpuOf(outcome);
  const hooks = Object.values(total.generator.hooks ?? {}).reduce((sum, { busyUs }) => sum + busyUs, 0);
  return [
    [
      ratioOf(hooks, wallUs) > CPU_RATIO,
      `hooks of the plan used ${formatRatio(ratioOf(hooks, wallUs))} of a thread's time; make them faster, offer less, or use more workers`,
    ],
    [
      droppedRatio > DROPPED_RATIO,
      `${formatRatio(droppedRatio)} of the arrivals were dropped; offer less, or allow more patience`,
    ],
    [
      cpu > CPU_RATIO,
      `the generator used ${formatRatio(cpu)} of a core; offer less, use fewer checks and captures, or more workers`,
    ],
    [
      collected > GARBAGE_RATIO,
      `the generator spent ${formatRatio(collected)} of its time collecting garbage; capture less, and read smaller bodies`,
    ],
    [
      sockets > SOCKETS_RATIO,
      `the generator ran out of sockets; raise the limit of open files (ulimit -n), or name sourceAddresses`,
    ],
  ];
}

/** A phase of a second may be over before the generator has looked at its own clock. */
const ratioOf = (us: number, wallUs: number): number => (wallUs === 0 ? 0 : us / wallUs);

/**
 * CPU of the generator's threads: on average, or what its busiest thread used at least in three consecutive seconds, whichever
 * is more. An average over a long phase hides the minute in which a thread could not keep up, and one over threads the thread.
 */
function cpuOf({ measurement: { total, busiestRatios } }: PhaseOutcome): number {
  // A second without a figure is no evidence: threads look at their clocks about once a second.
  const known = busiestRatios.filter((ratio) => ratio > 0);
  const stretches = stretchesOf(known).map((ratios) => Math.min(...ratios));
  const onAverage = ratioOf(total.generator.cpuUs, total.generator.wallUs);
  return stretches.reduce((most, each) => Math.max(most, each), onAverage);
}

const isLate = (lateUs: number, p99Us: number | undefined): boolean =>
  lateUs > LATENESS_US && lateUs > LATENESS_SHARE * (p99Us ?? 0);
