import { z } from 'zod';
import type { ComparedPhase, ComparedRun, ComparedSearch, PhaseSignal } from '../../analysis/compare/comparable.ts';
import { SliceBuilder, type PhaseSlices, type SlicedTime } from '../../analysis/compare/slices.ts';
import type { Validity } from '../../analysis/validity.ts';
import { PlimsollError } from '../../errors.ts';
import type { TimeDefinition } from '../../measure/provenance.ts';
import { isSearch, planSteps, type Plan } from '../../plan/plan.ts';
import { usdPerHourOf } from '../../plan/steps/system-cost.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import type { RunKeys } from './keys.ts';
import { isLoopback } from '../safety.ts';
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
  capacity: z
    .object({
      verdict: z.string(),
      perSecond: z.number().nullish(),
      interval: z.tuple([z.number(), z.number()]).nullish(),
      confidence: z.number(),
    })
    .optional(),
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
const reported = z.object({
  configuration: z.array(z.tuple([z.string(), z.string()])),
  timeline: z.array(z.object({ startSeconds: z.number(), durationSeconds: z.number().nullable() })).default([]),
  signals: z.array(z.custom<SignalSeries>(isObject)).default([]),
});

type Reported = z.infer<typeof reported>;

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
  const [judged, report] = await Promise.all([
    jsonAt(store, keys.file('summary.json'), (value) => judgedRun.parse(value)),
    reportedAt(store, keys),
  ]);
  if (judged === undefined)
    throw new PlimsollError('E-RUN-MISSING', `${name} holds no summary.json; plimsoll report ${name} makes it.`);
  const search = isSearch(run.plan) ? searchOf(run, judged) : undefined;
  const phases = search === undefined ? await phasesOf(store, run, { judged, report }) : [];
  const machine = report === undefined ? undefined : machineOf(report);
  if (search === undefined && phases.every(({ whole }) => whole.slices.every(({ ended }) => ended === 0)))
    throw new PlimsollError(
      'E-COMPARE-SECONDS',
      `${name} holds no single requests by the second, only finished figures.`,
    );
  return {
    id: run.facts.id,
    plan: { name: run.plan.name, sha256: run.facts.planSha256 },
    journeys: journeysOf(run.plan),
    target: run.plan.target === 'built-in' && isLoopback(new URL(judged.target)) ? run.plan.target : judged.target,
    version: judged.run.version,
    phases,
    ...(search !== undefined && { search }),
    ...(machine !== undefined && { machine }),
  };
}

const reportedAt = (store: Store, keys: RunKeys): Promise<Reported | undefined> =>
  jsonAt(store, keys.file('report.json'), (value) => reported.parse(value));

const machineOf = ({ configuration }: Reported): string | undefined =>
  configuration.find(([label]) => label === MACHINE_LABEL)?.[1];

/** The machine that has made the load; undefined where the run doesn't say. */
export async function machineAt(store: Store, keys: RunKeys): Promise<string | undefined> {
  const report = await reportedAt(store, keys);
  return report && machineOf(report);
}

/** What a search was asked for, as a text that is equal where it is the same. */
export const askedOf = ({ capacity: { objectives, holdUs, process } }: Plan): string =>
  JSON.stringify({ objectives, holdUs, process });

function searchOf({ plan }: StoredRun, { capacity }: JudgedRun): ComparedSearch {
  const { verdict, perSecond, interval, confidence = Number.NaN } = capacity ?? {};
  return {
    perSecond: verdict === 'found' ? (perSecond ?? Number.NaN) : Number.NaN,
    ...(interval !== undefined && interval !== null && { interval }),
    confidence,
    asked: askedOf(plan),
    ...hourlyCost(plan, undefined),
  };
}

/** How many tasks have run is a signal of a phase; what a search needs for its capacity was never counted. */
function hourlyCost({ cost }: Plan, tasks: number | undefined): { readonly usdPerHour?: number } {
  const usdPerHour = usdPerHourOf(cost, tasks);
  return usdPerHour === undefined ? {} : { usdPerHour };
}

/** All that decides which requests are sent, but for the load; the seed decides only which of the same kind. */
export const journeysOf = ({ scenarios, headers, variables, connections, http2, timeoutUs }: Plan): string =>
  JSON.stringify({ scenarios, headers, variables, connections, http2, timeoutUs });

/** The summary has the phases that were begun, in their order. */
async function phasesOf(
  store: Store,
  run: StoredRun,
  { judged, report }: { judged: JudgedRun; report: Reported | undefined },
): Promise<ComparedPhase[]> {
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
    const signals = signalsOf(report, phases.length);
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
      signals,
      ...hourlyCost(run.plan, signals.get('service.tasks')?.mean),
    });
  }
}

/** Means over the phase that is the `nth` of those that were begun. */
function signalsOf(report: Reported | undefined, nth: number): Map<string, PhaseSignal> {
  const { startSeconds = 0, durationSeconds } = report?.timeline[nth] ?? {};
  const end = startSeconds + (durationSeconds ?? 0);
  const means = (report?.signals ?? []).flatMap(({ id, title, unit, points }) => {
    const values = points.flatMap(([at, value]) => (at >= startSeconds && at <= end ? [value] : []));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Number.isFinite(mean) ? [[id, { title, unit, mean }] as const] : [];
  });
  return new Map(means);
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
