import { readCsv } from '../../lib/document/csv.ts';
import { feederRows, type Feeder, type Plan } from '../../lib/plan/plan.ts';
import { runKeys } from '../../lib/run/archive/keys.ts';
import { workerEnd } from '../../lib/run/archive/phase-files.ts';
import type { Store } from '../../lib/run/archive/store.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';

/** Which rows a task hands out: its share of them, of which earlier phases have used some. */
interface RowsInput {
  readonly runId: string;
  readonly phase: number;
  readonly share: Share;
}

/** A run's feeders with their rows, as they lay beside the plan when the run was prepared. */
export async function readFeeders(store: Store, feeders: readonly Feeder[], input: RowsInput): Promise<Feeder[]> {
  const drawn = feeders.some(({ order }) => order === 'unique') ? await drawnBefore(store, input) : {};
  const keys = runKeys(input.runId);
  const found: Feeder[] = [];
  for (const feeder of feeders) {
    const stored = await store.get(keys.feeder(feeder.name));
    if (stored === undefined) throw new Error(`the run ${input.runId} has no rows of the feeder ${feeder.name}`);
    const { table } = readCsv(stored.body);
    const used = drawn === undefined ? table.starts.length : (drawn[feeder.name] ?? 0);
    found.push({ ...feeder, rows: feederRows(table, input.share, used) });
  }
  return found;
}

/**
 * How many rows this worker has handed out in earlier phases; undefined where its task of the phase before left no word, so that
 * any row may have been used.
 */
async function drawnBefore(
  store: Store,
  { runId, phase, share }: RowsInput,
): Promise<Readonly<Record<string, number>> | undefined> {
  if (phase === 0) return {};
  return (await workerEnd(store, runKeys(runId).phase(phase - 1), share.index))?.drawn;
}

/** What the next phase has to know, if there are unique rows. */
export function drawnOf({ feeders }: Pick<Plan, 'feeders'>): { drawn?: Record<string, number> } {
  const unique = feeders.flatMap(({ name, order, rows }) =>
    order === 'unique' && rows !== undefined ? [{ name, rows }] : [],
  );
  if (unique.length === 0) return {};
  return { drawn: Object.fromEntries(unique.map(({ name, rows }) => [name, Atomics.load(rows.drawn, 0)])) };
}
