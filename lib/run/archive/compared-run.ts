import { z } from 'zod';
import type { ComparedPhase, ComparedRun } from '../../analysis/compare/comparable.ts';
import { SliceBuilder, type PhaseSlices, type SlicedTime } from '../../analysis/compare/slices.ts';
import type { Validity } from '../../analysis/validity.ts';
import { PlimsollError } from '../../errors.ts';
import type { TimeDefinition } from '../../measure/provenance.ts';
import { planSteps, type Plan } from '../../plan/plan.ts';
import type { RunKeys } from './keys.ts';
import { mergeIntervals } from './measure-phase.ts';
import { phaseAt, startedAtMs } from './phase-files.ts';
import { runAt, type StoredRun } from './run-record.ts';
import { jsonAt, type Store } from './store.ts';

const provenance = z.object({ tool: z.string(), times: z.custom<TimeDefinition>(isObject) });

/** What a comparison reads of `summary.json`. */
const judgedRun = z.object({
  run: z.object({ version: z.string() }),
  target: z.string(),
  imported: provenance.optional(),
  phases: z.array(
    z.object({
      durationSeconds: z.number().nullable(),
      offeredPerSecond: z.number().nullable(),
      validity: z.custom<Validity>(isObject),
      imported: provenance.optional(),
    }),
  ),
});

type JudgedRun = z.infer<typeof judgedRun>;

/** What a comparison reads of `report.json`. */
const configured = z.object({ configuration: z.array(z.tuple([z.string(), z.string()])) });

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The row of a report's configuration that names the machine. */
export const MACHINE_LABEL = 'Generator on';

/**
 * A run as it is compared; `name` stands for it in messages.
 * @throws PlimsollError E-RUN-MISSING, E-COMPARE-SECONDS, E-STORE-DAMAGED
 */
export async function comparedRunAt(store: Store, keys: RunKeys, name: string): Promise<ComparedRun> {
  const run = await runAt(store, keys);
  if (run === undefined) throw new PlimsollError('E-RUN-MISSING', `${name} holds no run.`);
  const [judged, machine] = await Promise.all([
    jsonAt(store, keys.file('summary.json'), (value) => judgedRun.parse(value)),
    machineAt(store, keys),
  ]);
  if (judged === undefined)
    throw new PlimsollError('E-RUN-MISSING', `${name} holds no summary.json; plimsoll report ${name} makes it.`);
  const phases = await phasesOf(store, run, judged);
  if (phases.every(({ whole }) => whole.slices.every(({ ended }) => ended === 0)))
    throw new PlimsollError(
      'E-COMPARE-SECONDS',
      `${name} holds no single requests by the second, only finished figures.`,
    );
  return {
    id: run.facts.id,
    plan: { name: run.plan.name, sha256: run.facts.planSha256 },
    journeys: journeysOf(run.plan),
    target: judged.target,
    version: judged.run.version,
    phases,
    ...(machine !== undefined && { machine }),
  };
}

/** The machine that has made the load; undefined where the run doesn't say. */
export async function machineAt(store: Store, keys: RunKeys): Promise<string | undefined> {
  const report = await jsonAt(store, keys.file('report.json'), (value) => configured.parse(value));
  return report?.configuration.find(([label]) => label === MACHINE_LABEL)?.[1];
}

/** All that decides which requests are sent, but for the load; the seed decides only which of the same kind. */
export const journeysOf = ({ scenarios, headers, variables, connections, http2, timeoutUs }: Plan): string =>
  JSON.stringify({ scenarios, headers, variables, connections, http2, timeoutUs });

/** The summary has the phases that were begun, in their order. */
async function phasesOf(store: Store, run: StoredRun, judged: JudgedRun): Promise<ComparedPhase[]> {
  const phases: ComparedPhase[] = [];
  for (let number = 0; ; number += 1) {
    const keys = run.keys.phase(number);
    const phase = (await phaseAt(store, keys))?.phase;
    if (phase === undefined) return phases;
    const found = judged.phases[phases.length];
    if ((await startedAtMs(store, keys)) === undefined || found === undefined) continue;
    const ranSeconds = found.durationSeconds ?? phase.durationUs / 1e6;
    const builder = new SliceBuilder(ranSeconds);
    await mergeIntervals(store, keys, { workers: run.facts.workers, lost: new Map() }, builder);
    const series = builder.build();
    const imported = found.imported ?? judged.imported;
    phases.push({
      name: phase.name,
      kind: phase.kind,
      load: {
        model: phase.model,
        ...(phase.counts !== undefined && { counts: phase.counts }),
        segments: phase.segments,
        ...(phase.paceUs !== undefined && { paceUs: phase.paceUs }),
      },
      ranSeconds,
      offeredPerSecond: found.offeredPerSecond ?? Number.NaN,
      validity: found.validity,
      ...(imported !== undefined && { imported }),
      whole: series.whole,
      steps: stepsOf(run.plan, series),
    });
  }
}

/** Steps by scenario and name. Of several with one name in a scenario the later ones get a number. */
function stepsOf(plan: Plan, { steps }: PhaseSlices): Map<string, SlicedTime> {
  const named = new Map<string, SlicedTime>();
  planSteps(plan).forEach(({ scenario, step }, number) => {
    const series = steps.get(number);
    if (series === undefined) return;
    const name = `${scenario} / ${step.name}`;
    let [key, times] = [name, 1];
    while (named.has(key)) key = `${name} (${(times += 1)})`;
    named.set(key, series);
  });
  return named;
}
