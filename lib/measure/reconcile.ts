import type { IntervalWire } from './codec.ts';
import { emptyInterval, emptyStep, type Interval, stepOf } from './interval.ts';
import { addArrivals, addLedger, emptyArrivals, emptyLedger } from './ledger.ts';

/** Adds what `reconcile` needs of a worker's interval to what is recorded of that worker: the counts, and no histogram. */
export function addCounts(recorded: Interval, { arrivals, steps }: IntervalWire): void {
  addArrivals(recorded.arrivals, arrivals);
  for (const { step, ledger } of steps) addLedger(stepOf(recorded, step).ledger, ledger);
}

/**
 * What a lost worker's records lack to close: what was under way when it was lost is cut, and arrivals of its share that never
 * came due count as due and dropped. `recorded` is everything it sent; `dueByPlan` the arrivals of its share, undefined in a
 * closed model, which plans none.
 */
export function reconcile(recorded: Interval, dueByPlan: number | undefined): Interval {
  const missing = emptyInterval();
  const { due, started, dropped, completed, abandoned, cut } = recorded.arrivals;
  const never = Math.max(0, (dueByPlan ?? due) - due);
  const waiting = due - started - dropped;
  Object.assign(missing.arrivals, {
    ...emptyArrivals(),
    due: never,
    dropped: never + waiting,
    cut: started - completed - abandoned - cut,
  });
  for (const [number, { ledger }] of recorded.steps) {
    const open = ledger.sent - ledger.ok - ledger.failed - ledger.timedOut - ledger.cut;
    if (open !== 0) missing.steps.set(number, { ...emptyStep(), ledger: { ...emptyLedger(), cut: open } });
  }
  return missing;
}
