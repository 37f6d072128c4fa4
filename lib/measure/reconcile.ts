import { emptyArrivals, emptyLedger } from './ledger.ts';
import { emptyInterval, emptyStep, type Interval } from './interval.ts';

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
