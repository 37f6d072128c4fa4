import { addLedger, emptyLedger, type Ledger } from '../../measure/ledger.ts';
import type { GivenGroup } from '../../measure/provenance.ts';
import type { Imported } from '../reading/importer.ts';

/**
 * One run of the files that one `--csv` wrote: groups and percentiles from the statistics, seconds from the history, kinds of
 * failures from the failures. Parts that contradict each other are said.
 */
export function joinLocust(first: Imported, ...others: readonly Imported[]): Imported {
  const parts = [first, ...others];
  const failures = parts.find(({ onlyFailures }) => onlyFailures === true);
  const history = parts.find(({ points }) => points !== undefined);
  const stats = parts.find((part) => part !== failures && part !== history);
  const main = stats ?? history ?? failures;
  if (main === undefined || main === failures) return first;
  const total = main.total;
  const sent = history?.total?.ledger.sent;
  const differs = total !== undefined && sent !== undefined && sent !== total.ledger.sent;
  return {
    ...main,
    ...(history !== undefined && pickOfHistory(history)),
    ...(failures !== undefined && withKinds(main, failures)),
    remarks: [
      ...parts.flatMap(({ remarks }) => remarks ?? []),
      ...(differs ? [`Its statistics count ${total.ledger.sent} requests, and its history ${sent}.`] : []),
    ],
  };
}

const pickOfHistory = ({ startedAtMs, seconds, points, load }: Imported): Partial<Imported> => ({
  ...(startedAtMs !== undefined && { startedAtMs }),
  ...(seconds !== undefined && { seconds }),
  ...(points !== undefined && { points }),
  ...(load !== undefined && { load }),
});

/** Failures by kind, where they are as many as the statistics count. */
function withKinds(main: Imported, failures: Imported): Pick<Imported, 'total' | 'groups'> {
  const byName = new Map((failures.groups ?? []).map(({ name, ledger }) => [name, ledger]));
  const groups = (main.groups ?? []).map((group) => ({
    ...group,
    ledger: refined(group.ledger, byName.get(group.name)),
  }));
  const all = emptyLedger();
  for (const ledger of byName.values()) addLedger(all, ledger);
  const total: GivenGroup | undefined = main.total && { ...main.total, ledger: refined(main.total.ledger, all) };
  return { groups, ...(total !== undefined && { total }) };
}

const refined = (counted: Ledger, kinds: Ledger | undefined): Ledger =>
  kinds === undefined || kinds.failed + kinds.timedOut !== counted.failed
    ? counted
    : { ...counted, failed: kinds.failed, timedOut: kinds.timedOut, failures: kinds.failures };
