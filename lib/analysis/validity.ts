import { percentilesOf } from '../measure/histogram.ts';
import { allSteps } from '../measure/interval.ts';
import { openEntries } from '../measure/ledger.ts';
import { formatRatio, formatUs } from '../units.ts';
import type { PhaseOutcome } from './outcome.ts';

/**
 * Lateness of the generator below this is not worth a word: the objectives of R14–R34 begin at 50 ms, and an idle
 * laptop shows 1 to 2 ms at the 99th percentile, the granularity of a timer in Node.
 */
const LATENESS_US = 10_000;

/** Lateness up to this share of the p99 that it stands in leaves the figure's first digit alone. */
const LATENESS_SHARE = 0.2;

/** Offered load that is short by more than this is another load. */
const DROPPED_RATIO = 0.01;

/** Above this a thread is on the steep part of its own queue: lateness grows faster than load. */
const CPU_RATIO = 0.85;

/** Five steps with a login, captures and JSON checks spend 2 % of a busy thread on garbage; this is far from that. */
const GARBAGE_RATIO = 0.15;

/** Requests lost for want of the generator's sockets tell nothing of the target. */
const SOCKETS_RATIO = 0.001;

/**
 * Why a phase's figures can't be trusted, as sentences that say what to do; none when they can. Lateness stands in the
 * response times of an open model and in the service times of any, so it is held against those.
 */
export function voidReasons(outcome: PhaseOutcome): string[] {
  const { arrivals } = outcome.timeline.total;
  const { ledger } = allSteps(outcome.timeline.total);
  const open = openEntries(arrivals, ledger).map((entry): Reason => [true, `the ledger does not close: ${entry}`]);
  return [...latenessReasons(outcome), ...shareReasons(outcome), ...open].flatMap(([holds, reason]) =>
    holds ? [reason] : [],
  );
}

type Reason = readonly [holds: boolean, reason: string];

/** Times that are the generator's, and not the target's. */
function latenessReasons({ timeline: { total } }: PhaseOutcome): Reason[] {
  const { responseTime, serviceTime } = allSteps(total);
  const startDelay = percentilesOf(total.startDelay)?.p99 ?? 0;
  const loopDelay = percentilesOf(total.generator.eventLoopDelay)?.p99 ?? 0;
  return [
    [
      isLate(startDelay, percentilesOf(responseTime)?.p99),
      `arrivals started up to ${formatUs(startDelay)} late (p99); offer less, or give the generator a core of its own`,
    ],
    [
      isLate(loopDelay, percentilesOf(serviceTime)?.p99),
      `the generator's event loop ran up to ${formatUs(loopDelay)} late (p99); use fewer checks and captures, or less load`,
    ],
  ];
}

/** Load that was not what the plan says, and a generator at its own limits. */
function shareReasons({ timeline: { total }, lost }: PhaseOutcome): Reason[] {
  const { cpuUs, wallUs, garbageCollection } = total.generator;
  const { due, dropped } = total.arrivals;
  const { ledger } = allSteps(total);
  // A phase of a second may be over before the generator has looked at its own clock.
  const ofWall = (us: number): number => (wallUs === 0 ? 0 : us / wallUs);
  const cpu = ofWall(cpuUs);
  const collected = ofWall(garbageCollection.mean * garbageCollection.totalCount);
  const droppedRatio = dropped / Math.max(1, due);
  const sockets = (ledger.failures['sockets'] ?? 0) / Math.max(1, ledger.sent);
  return [
    [lost !== undefined, `a worker of the generator was lost (${lost}), and its share of the load with it`],
    [
      droppedRatio > DROPPED_RATIO,
      `${formatRatio(droppedRatio)} of the arrivals were dropped; offer less, or allow more patience`,
    ],
    [
      cpu > CPU_RATIO,
      `the generator used ${formatRatio(cpu)} of its core; offer less, use fewer checks and captures, or more workers`,
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

const isLate = (lateUs: number, p99Us: number | undefined): boolean =>
  lateUs > LATENESS_US && lateUs > LATENESS_SHARE * (p99Us ?? 0);
