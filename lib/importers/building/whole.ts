import { addLedger, emptyLedger } from '../../measure/ledger.ts';
import type { GivenGroup } from '../../measure/provenance.ts';
import type { Imported } from '../reading/importer.ts';

/** Groups and their total, which one of them is; in a file that was cut before it the total is their sum, without times. */
export function wholeOfGroups(
  groups: readonly GivenGroup[],
  total: GivenGroup | undefined,
): Pick<Imported, 'total' | 'groups' | 'remarks'> {
  const name = 'all requests';
  if (total !== undefined) return { total: { ...total, name }, groups: groups.filter((group) => group !== total) };
  const ledger = emptyLedger();
  for (const group of groups) addLedger(ledger, group.ledger);
  return {
    total: { name, ledger },
    groups,
    remarks: ['It has no row of all requests, which are the sum of the others.'],
  };
}
