import type { PhaseOutcome } from '../../analysis/outcome.ts';
import { measurePhase } from './measure-phase.ts';
import { decodeOutcome } from './outcome-codec.ts';
import { phaseAt } from './phase-files.ts';
import type { StoredRun } from './run-record.ts';
import { textAt, type Store } from './store.ts';

/** Every phase that was begun. One without a stored outcome was broken off, and is put together from its intervals. */
export async function outcomesOf(store: Store, run: StoredRun): Promise<PhaseOutcome[]> {
  const outcomes: PhaseOutcome[] = [];
  for (let number = 0; ; number += 1) {
    const keys = run.keys.phase(number);
    const handedOut = await phaseAt(store, keys);
    if (handedOut === undefined) return outcomes;
    const text = await textAt(store, keys.outcome);
    const outcome =
      text === undefined
        ? await measurePhase(store, run, { number, brokenOff: true })
        : decodeOutcome(text, handedOut.phase);
    if (outcome !== undefined) outcomes.push(outcome);
  }
}
