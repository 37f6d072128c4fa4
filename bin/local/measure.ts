import { availableParallelism, cpus, totalmem, type } from 'node:os';
import { Generator } from '../../loadgen/thread/generator.ts';
import { RunOutputs, type LiveSource } from '../../lib/adapters/node/outputs/run-outputs.ts';
import { reach, socketLimits } from '../../lib/adapters/node/preflight.ts';
import { sourcesOf } from '../../lib/adapters/node/sources.ts';
import type { RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { readingEveryMs, Sampler } from '../../lib/adapters/node/sampler.ts';
import { PlimsollError } from '../../lib/errors.ts';
import type { Phase } from '../../lib/plan/phase.ts';
import { planUs, type Plan } from '../../lib/plan/plan.ts';
import { withoutValues } from '../../lib/plan/without-values.ts';
import { BUILT_IN_TARGET } from '../../lib/plan/schema.ts';
import { buildReport } from '../../lib/report/build.ts';
import type { Report, ReportConfiguration } from '../../lib/report/report.ts';
import { windowOf } from '../../lib/analysis/outcome.ts';
import type { ChosenOutput } from '../../lib/outputs/output.ts';
import { judgePhase } from '../../lib/analysis/phase.ts';
import { analyse } from '../../lib/analysis/index.ts';
import { runPlan, type RunPorts } from '../../lib/run/run.ts';
import type { StoredRun } from '../../lib/run/archive/run-record.ts';
import { allowListFrom, isLoopback, refuseUnsafe } from '../../lib/run/safety.ts';
import { foreseeSockets } from '../../lib/run/sockets.ts';
import { signals } from '../../lib/signals/index.ts';
import { unreadNames, withOwnNames } from '../../lib/signals/own-names.ts';
import { SeriesBuilder } from '../../lib/signals/series.ts';
import type { SignalSeries } from '../../lib/signals/signal.ts';
import { version } from '../version.ts';
import { printMessage } from '../terminal.ts';
import { setUp, tearDown, teardownDoubts } from './once.ts';
import { LiveView } from './live-view.ts';
import { Started } from './started.ts';
import { targetUnderTest, type TargetUnderTest } from './target-under-test.ts';
import { MACHINE_LABEL } from '../../lib/run/archive/compared-run.ts';
import { planConfiguration } from '../../lib/report/plan-configuration.ts';
import { formatNumber } from '../../lib/units.ts';

/** A run that is about to begin. */
export interface Measuring {
  readonly plan: Plan;
  readonly planSha256: string;
  readonly id: string;
  readonly compress: string | undefined;
  readonly workers: number | undefined;
  readonly folder: RunFolder;
  readonly signal: AbortSignal;
  /** What streams out while it runs. */
  readonly outputs?: readonly ChosenOutput[];
  /** What is loaded, where it runs already; by default what the plan names. */
  readonly underTest?: TargetUnderTest;
  /** What happens between phases, before the next one's start is agreed on. */
  readonly beforePhase?: (phase: Phase) => Promise<void>;
}

/** Starts what the run needs, loads the target, stops everything again, and returns the report. */
export async function measure(measuring: Measuring): Promise<Report> {
  const { plan, folder, signal } = measuring;
  if (plan.target !== undefined && plan.target !== BUILT_IN_TARGET) {
    refuseUnsafe(plan, new URL(plan.target), allowListFrom(process.env));
  }
  await using started = new Started();
  const outputs = started.adopt(await RunOutputs.open(measuring.outputs ?? [], folder.path), (each) => each.end(0));
  const underTest = measuring.underTest ?? (await targetUnderTest(plan, folder.path, started, signal));
  refuseUnsafe(plan, underTest.target, allowListFrom(process.env));
  await reach(underTest.target, signal);
  for (const sentence of await shortages(plan, underTest)) printMessage(sentence);
  const generator = started.adopt(new Generator(workersFor(measuring, underTest.target)), (each) => each.close());
  await generator.ready();
  if (signal.aborted) throw new PlimsollError('E-INTERRUPTED', 'The run was stopped before its first phase.');
  return await load(measuring, underTest, { generator, outputs, started });
}

const shortages = async (plan: Plan, { target }: TargetUnderTest): Promise<string[]> =>
  foreseeSockets(plan, await socketLimits(), isLoopback(target) ? 'loopback' : 'elsewhere');

/** On one machine the target needs the other cores; elsewhere the generator takes them all. */
const workersFor = ({ workers }: Measuring, target: URL): number =>
  workers ?? (isLoopback(target) ? 1 : availableParallelism());

async function load(
  measuring: Measuring,
  underTest: TargetUnderTest,
  { generator, outputs, started }: Omit<LoadParts, 'series'> & { readonly started: Started },
): Promise<Report> {
  const where = { target: underTest.target, allowed: allowListFrom(process.env) };
  const ready = await setUp(measuring.plan, where, measuring.signal);
  const startedAtMs = Date.now();
  await measuring.folder.begin(runOf(measuring, underTest, { startedAtMs, workers: generator.workers }));
  const series = new SeriesBuilder(withOwnNames(signals, measuring.plan.signals.names ?? {}), startedAtMs);
  const { all, database } = await sourcesOf(underTest);
  const sampler = started.adopt(new Sampler(all, series, readingEveryMs(planUs(measuring.plan))), (each) =>
    each.stop(),
  );
  await database?.markStatements();
  sampler.start();
  outputs.begin(liveSourceOf(measuring, generator, series));
  const view = started.adopt(new LiveView(measuring.plan, process.stderr, () => outputs.troubles()), (each) =>
    each.clear(),
  );
  measuring.signal.addEventListener('abort', () => view.clear(), { once: true });
  const ports = portsOf({ ...measuring, plan: ready.plan }, underTest, { generator, series, outputs });
  const result = await runPlan(measuring.plan, {
    ...ports,
    judge: judgeWith(measuring.plan, series, startedAtMs),
    progress: view,
  });
  const [teardown, undelivered] = await Promise.all([tearDown(ready, where), outputs.end()]);
  const statements = (await database?.slowestStatements()) ?? [];
  const analysed = { ...result, plan: measuring.plan, startedAtMs, signals, series: series.series() };
  return buildReport({
    ...analysed,
    ...recordOf(measuring, underTest, startedAtMs),
    doubts: [...doubtsOf(measuring, underTest, analysed.series), ...teardownDoubts(teardown), ...undelivered],
    findings: analyse(analysed),
    statements,
    once: { ...(ready.setup !== undefined && { setup: ready.setup }), ...(teardown !== undefined && { teardown }) },
  });
}

const doubtsOf = (
  { plan, folder }: Measuring,
  underTest: TargetUnderTest,
  series: readonly SignalSeries[],
): readonly string[] => [
  ...machineDoubts(plan, underTest, folder.failure),
  ...unreadNames(plan.signals.names ?? {}, series),
];

/** Longer than a run of hours leaves between two readings of a signal. */
const LATELY_MS = 10_000;

const liveSourceOf = ({ id, plan }: Measuring, { workers }: Generator, series: SeriesBuilder): LiveSource => ({
  id,
  plan,
  workers,
  environment: 'laptop',
  signals: () => series.latest(Date.now() - LATELY_MS),
});

/** What a run is loaded with, read by, and streamed out through. */
interface LoadParts {
  readonly generator: Generator;
  readonly series: SeriesBuilder;
  readonly outputs: RunOutputs;
}

function portsOf(
  { plan, folder, signal, beforePhase, outputs: chosen = [] }: Measuring,
  { target }: TargetUnderTest,
  { generator, series, outputs }: LoadParts,
): Omit<RunPorts, 'judge' | 'progress'> {
  const { workers } = generator;
  const allowed = allowListFrom(process.env);
  const traced = chosen.some(({ traces }) => traces);
  return {
    prepare: async (handedOut) => {
      await beforePhase?.(handedOut.phase);
      await folder.openPhase(handedOut, workers);
    },
    generate: async (timed, stop, onInterval) => {
      const started = folder.startPhase(timed.number, timed.startAtMs);
      outputs.phaseStarted(timed);
      const end = await generator.run({ plan, ...timed, target: target.href, allowed, traced }, stop, (interval) => {
        onInterval(interval);
        outputs.add(interval);
      });
      outputs.phaseEnded();
      await started;
      await folder.endPhase(timed.number, end.lost, series.series());
      return end;
    },
    workers,
    signal,
    nowMs: () => Date.now(),
    append: (interval) => folder.append(interval),
  };
}

const runOf = (
  { plan, planSha256, id }: Measuring,
  { target }: TargetUnderTest,
  { startedAtMs, workers }: { startedAtMs: number; workers: number },
): Omit<StoredRun, 'keys'> => ({
  plan: withoutValues(plan),
  facts: {
    id,
    startedAt: new Date(startedAtMs).toISOString(),
    environment: 'laptop',
    target: target.href,
    execution: 'local',
    planSha256,
    workers,
  },
});

const judgeWith =
  (plan: Plan, series: SeriesBuilder, startedAtMs: number): RunPorts['judge'] =>
  (outcome) =>
    judgePhase(plan, outcome, windowOf(outcome, startedAtMs, series.series()));

function recordOf(measuring: Measuring, underTest: TargetUnderTest, startedAtMs: number) {
  const { plan, planSha256, id, compress } = measuring;
  return {
    run: { id, startedAt: new Date(startedAtMs).toISOString(), endedAt: new Date().toISOString(), version },
    plan,
    planSha256,
    target: underTest.target.href,
    configuration: configurationOf(plan, underTest, compress),
  };
}

/** The configuration that a report shows: what was loaded, with what, on what. */
function configurationOf(
  plan: Plan,
  { target, description }: TargetUnderTest,
  compress: string | undefined,
): ReportConfiguration {
  return [
    ['Target', description],
    [MACHINE_LABEL, machine()],
    ['Target on', isLoopback(target) ? 'the same machine' : target.host],
    ...(compress === undefined ? [] : [['Compressed', `${compress} times`] as const]),
    ...planConfiguration(plan),
  ];
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const memory = formatNumber(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores of ${model}, ${memory} GiB, ${type()}, Node ${process.versions.node}`;
}

/** What speaks against a run that only its machine knows. */
function machineDoubts(plan: Plan, { target }: TargetUnderTest, intervalFailure: string | undefined): string[] {
  const doubts: string[] = [];
  if (isLoopback(target)) {
    doubts.push(
      'Generator and target share one machine, so each takes CPU from the other; capacity on hardware of its own differs.',
    );
  }
  if (plan.tls.insecure) doubts.push('Certificates were not verified, as the plan says.');
  if (intervalFailure !== undefined) doubts.push(`Raw intervals are incomplete: ${intervalFailure}.`);
  return doubts;
}
