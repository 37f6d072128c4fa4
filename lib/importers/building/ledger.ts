import { emptyLedger, type Ledger } from '../../measure/ledger.ts';

/** More kinds than these are a list of messages, and no kinds. */
const MOST_KINDS = 200;

/** Adds requests with the same end. `timedOut` and `cut` are entries of their own; every other outcome but `ok` is a failure. */
export function addOutcome(ledger: Ledger, outcome: string, counted: number): void {
  const count = Math.round(counted);
  if (!(count > 0 && count <= Number.MAX_SAFE_INTEGER)) return;
  ledger.sent += count;
  if (outcome === 'ok' || outcome === 'timedOut' || outcome === 'cut') ledger[outcome] += count;
  else {
    const { failures } = ledger;
    const isNew = !Object.hasOwn(failures, outcome);
    const kind = isNew && Object.keys(failures).length >= MOST_KINDS ? 'error: other' : outcome;
    ledger.failed += count;
    failures[kind] = (failures[kind] ?? 0) + count;
  }
}

/** A ledger of requests by their ends. */
export function ledgerOf(outcomes: Iterable<readonly [outcome: string, count: number]>): Ledger {
  const ledger = emptyLedger();
  for (const [outcome, count] of outcomes) addOutcome(ledger, outcome, count);
  return ledger;
}

/** `sent` requests of which some failed, in ways that the tool doesn't name. */
export const ledgerOfCounts = (sent: number, failed: number, kind = 'error: not named'): Ledger =>
  ledgerOf([
    ['ok', Math.max(0, sent - failed)],
    [kind, Math.min(sent, failed)],
  ]);
