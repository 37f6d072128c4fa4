import type { GivenTimes } from '../../measure/given.ts';
import { emptyHistogram, percentilesOf, record, type Histogram } from '../../measure/histogram.ts';
import { emptyLedger, type Ledger } from '../../measure/ledger.ts';
import type { GivenGroup } from '../../measure/provenance.ts';
import { addOutcome } from './ledger.ts';
import { shownName } from './names.ts';
import { TimeTally } from './tally.ts';

const MOST = 1000;

interface Transaction {
  readonly ledger: Ledger;
  readonly tally: TimeTally;
  readonly histogram: Histogram;
}

/** Groups whose requests are counted already: transactions, pages. They have a course of their own nowhere. */
export class Transactions {
  readonly #byName = new Map<string, Transaction>();

  add(name: string, us: number, outcome: string): void {
    const shown = shownName(name);
    const known = this.#byName.has(shown) || this.#byName.size < MOST ? shown : 'other';
    let found = this.#byName.get(known);
    if (found === undefined) {
      found = { ledger: emptyLedger(), tally: new TimeTally(), histogram: emptyHistogram() };
      this.#byName.set(Buffer.from(known).toString(), found);
    }
    addOutcome(found.ledger, outcome, 1);
    if (!(us >= 0)) return;
    found.tally.add(us);
    record(found.histogram, us);
  }

  groups(): GivenGroup[] {
    return Array.from(this.#byName, ([name, { ledger, tally, histogram }]) => {
      const times = withRanks(tally.times(), histogram);
      return { name, ledger, ...(times !== undefined && { times }) };
    });
  }
}

function withRanks(times: GivenTimes | undefined, histogram: Histogram): GivenTimes | undefined {
  const percentiles = percentilesOf(histogram);
  if (times === undefined || percentiles === undefined) return times;
  const { p50, p90, p95, p99, p999 } = percentiles;
  return {
    ...times,
    ranks: [
      [50, p50],
      [90, p90],
      [95, p95],
      [99, p99],
      [99.9, p999],
    ],
  };
}
