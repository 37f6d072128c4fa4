import type { SignalSeries } from '../../signals/signal.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { firstStretch } from '../consecutive.ts';
import { windowOf } from '../outcome.ts';

/** Whether the service crashed, as far as that can be known. */
export interface Crashes {
  readonly name: 'crashes';
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly text: string;
}

/** Clocks of two machines may differ by so much. */
const CLOCK_SECONDS = 2;

/** By the processes that ended or were started anew while the phases ran, and by connections that nothing listened to. */
export function crashes(run: AnalysedRun): Crashes {
  const text = endedTasks(run) ?? startedAnew(run) ?? refusing(run);
  if (text !== undefined) return { name: 'crashes', verdict: 'fail', text };
  const watched = [crashSeries(run), startSeries(run)].some((series) => (series?.points.length ?? 0) > 0);
  return watched
    ? { name: 'crashes', verdict: 'pass', text: 'no process ended or was started anew' }
    : { name: 'crashes', verdict: 'unknown', text: 'nothing was read that says whether a process was started anew' };
}

const crashSeries = ({ series }: AnalysedRun): SignalSeries | undefined =>
  series.find(({ id }) => id === 'service.crashes');
const startSeries = ({ series }: AnalysedRun): SignalSeries | undefined =>
  series.find(({ id }) => id === 'service.started');

function endedTasks(run: AnalysedRun): string | undefined {
  const found = crashSeries(run)?.points.find(([, value]) => value > 0);
  return found && `a task ended by itself at ${found[0].toFixed(0)} s`;
}

/** The start of the process lies after the run's; of several instances that take turns, a later start may be a new instance. */
function startedAnew(run: AnalysedRun): string | undefined {
  const points = startSeries(run)?.points ?? [];
  const takeTurns = points.some(([, value], at) => value < (points[at - 1]?.[1] ?? value) - CLOCK_SECONDS);
  const [first] = points;
  const found = points.find(([, value]) => first !== undefined && value > first[1] + CLOCK_SECONDS);
  return takeTurns || found === undefined ? undefined : `the process was started anew before ${found[0].toFixed(0)} s`;
}

/** Most requests of three points on end met an address at which nothing listens. */
function refusing(run: AnalysedRun): string | undefined {
  for (const outcome of run.outcomes) {
    const { points } = outcome.measurement;
    const at = firstStretch(
      points.map(({ ledger }) => (ledger.failures['refused'] ?? 0) > (ledger.ok + ledger.failed + ledger.timedOut) / 2),
    );
    const point = points[at];
    if (point === undefined) continue;
    const { fromSeconds } = windowOf(outcome, run.startedAtMs, []);
    return `nothing listened at the address from ${(fromSeconds + point.atSeconds).toFixed(0)} s on`;
  }
  return undefined;
}
