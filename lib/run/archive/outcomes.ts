import type { PhaseOutcome } from '../../analysis/outcome.ts';
import { measurePhase } from './measure-phase.ts';
import { decodeOutcome } from './outcome-codec.ts';
import type { StoredRun } from './run-record.ts';
import { textAt, type Store } from './store.ts';

/** Every phase that was begun. One without a stored outcome was broken off, and is put together from its intervals. */
export async function outcomesOf(store: Store, run: StoredRun): Promise<PhaseOutcome[]> {
  const outcomes: PhaseOutcome[] = [];
  for (const [index, phase] of run.plan.phases.entries()) {
    const text = await textAt(store, run.keys.phase(index).outcome);
    const outcome =
      text === undefined
        ? await measurePhase(store, run, { phase: index, brokenOff: true })
        : decodeOutcome(text, phase);
    if (outcome !== undefined) outcomes.push(outcome);
  }
  return outcomes;
}
