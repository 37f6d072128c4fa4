import { RunOutputs } from '../../lib/adapters/node/outputs/run-outputs.ts';
import type { RunFolder } from '../../lib/adapters/node/run-folder.ts';
import type { ChosenOutput } from '../../lib/outputs/output.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { SeriesBuilder } from '../../lib/signals/series.ts';

/** Longer than a run of hours leaves between two readings of a signal. */
const LATELY_MS = 10_000;

interface OutputsOfRun {
  readonly id: string;
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly outputs?: readonly ChosenOutput[];
}

/** Opens a run's outputs, or throws E-OUTPUT before any load is offered. */
export const openOutputs = async (
  { plan, id, folder, outputs = [] }: OutputsOfRun,
  { workers }: { readonly workers: number },
  series: SeriesBuilder,
): Promise<RunOutputs> =>
  await RunOutputs.open(outputs, {
    id,
    plan,
    workers,
    folder: folder.path,
    signals: () => series.latest(Date.now() - LATELY_MS),
  });
