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

/** Requests lost for want of the generator's sockets tell nothing of the target. */
const SOCKETS_RATIO = 0.001;

/**
 * Why a phase's figures can't be trusted, as sentences that say what to do; none when they can. Lateness stands in the
 * response times of an open model and in the service times of any, so it is held against those.
 */
export function voidReasons({ timeline, lost }: PhaseOutcome): string[] {
  const { total } = timeline;
  const { ledger, responseTime, serviceTime } = allSteps(total);
  const { due, dropped } = total.arrivals;
  const { cpuUs, wallUs, eventLoopDelay } = total.generator;
  const startDelay = percentilesOf(total.startDelay)?.p99 ?? 0;
  const loopDelay = percentilesOf(eventLoopDelay)?.p99 ?? 0;
  const sockets = (ledger.failures['sockets'] ?? 0) / Math.max(1, ledger.sent);
  const reasons: readonly (readonly [boolean, string])[] = [
    [lost !== undefined, `a worker of the generator was lost (${lost}), and its share of the load with it`],
    [
      isLate(startDelay, percentilesOf(responseTime)?.p99),
      `arrivals started up to ${formatUs(startDelay)} late (p99); offer less, or give the generator a core of its own`,
    ],
    [
      isLate(loopDelay, percentilesOf(serviceTime)?.p99),
      `the generator's event loop ran up to ${formatUs(loopDelay)} late (p99); use fewer checks and captures, or less load`,
    ],
    [
      dropped / Math.max(1, due) > DROPPED_RATIO,
      `${formatRatio(dropped / due)} of the arrivals were dropped; offer less, or allow more patience`,
    ],
    [
      cpuUs / Math.max(1, wallUs) > CPU_RATIO,
      `the generator used ${formatRatio(cpuUs / wallUs)} of its core; offer less, or use fewer checks and captures`,
    ],
    [
      sockets > SOCKETS_RATIO,
      `the generator ran out of sockets; raise the limit of open files (ulimit -n), or offer less`,
    ],
    ...openEntries(total.arrivals, ledger).map((entry): [boolean, string] => [
      true,
      `the ledger does not close: ${entry}`,
    ]),
  ];
  return reasons.filter(([holds]) => holds).map(([, reason]) => reason);
}

const isLate = (lateUs: number, p99Us: number | undefined): boolean =>
  lateUs > LATENESS_US && lateUs > LATENESS_SHARE * (p99Us ?? 0);
