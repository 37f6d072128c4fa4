import { availableParallelism } from 'node:os';
import { Generator } from '../../loadgen/thread/generator.ts';
import { RunOutputs, type LiveSource } from '../../lib/adapters/node/outputs/run-outputs.ts';
import { firstHop, reach, socketLimits } from '../../lib/adapters/node/preflight.ts';
import { LogFile } from '../../lib/adapters/node/log-file.ts';
import { sourcesOf } from '../../lib/adapters/node/sources.ts';
import type { RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { readingEveryMs, Sampler } from '../../lib/adapters/node/sampler.ts';
import { hiderFor } from '../../lib/document/hidden.ts';
import { PlimsollError } from '../../lib/errors.ts';
import type { Phase } from '../../lib/plan/phase.ts';
import { planUs, type Plan } from '../../lib/plan/plan.ts';
import { withoutValues } from '../../lib/plan/without-values.ts';
import { BUILT_IN_TARGET } from '../../lib/plan/schema.ts';
import type { Report } from '../../lib/report/report.ts';
import { windowOf } from '../../lib/analysis/outcome.ts';
import type { ChosenOutput } from '../../lib/outputs/output.ts';
import { judgePhase } from '../../lib/analysis/phase.ts';
import { runPlan, type RunPorts } from '../../lib/run/run.ts';
import type { StoredRun } from '../../lib/run/archive/run-record.ts';
import { allowListFrom, isLoopback, refuseUnsafe } from '../../lib/run/safety.ts';
import { foreseeSockets } from '../../lib/run/sockets.ts';
import { signals } from '../../lib/signals/index.ts';
import { withOwnNames } from '../../lib/signals/own-names.ts';
import { lineFilter } from '../../lib/signals/selector.ts';
import { SeriesBuilder } from '../../lib/signals/series/series.ts';
import { printMessage } from '../terminal.ts';
import type { Repeat } from '../../lib/report/live.ts';
import { sendChecks, setUp, tearDown, type SetUpPlan } from './once.ts';
import { measuredReport } from './measured-report.ts';
import { LiveView } from './live-view.ts';
import { Started } from './started.ts';
import { targetUnderTest, type TargetUnderTest } from './target-under-test.ts';

/** A run that is about to begin. */
export interface Measuring {
  readonly plan: Plan;
  readonly planSha256: string;
  readonly id: string;
  readonly compress: string | undefined;
  readonly workers: number | undefined;
  readonly folder: RunFolder;
  readonly signal: AbortSignal;
  /** Which of several runs it is. */
  readonly repeat?: Repeat;
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
  await reach(firstHop(plan, underTest.target), signal);
  for (const sentence of await shortages(plan, underTest)) printMessage(sentence);
  const generator = started.adopt(new Generator(workersFor(measuring, underTest.target)), (each) => each.close());
  await generator.ready();
  if (signal.aborted) throw new PlimsollError('E-INTERRUPTED', 'The run was stopped before its first phase.');
  return await load(measuring, underTest, { generator, outputs, started });
}

const shortages = async (plan: Plan, { target }: TargetUnderTest): Promise<string[]> =>
  foreseeSockets(plan, await socketLimits(), isLoopback(target) ? 'loopback' : 'elsewhere').map(
    ({ says, remedy }) => `${says}; ${remedy}`,
  );

/** On one machine the target needs the other cores; elsewhere the generator takes them all. */
const workersFor = ({ workers }: Measuring, target: URL): number =>
  workers ?? (isLoopback(target) ? 1 : availableParallelism());

const logOf = async ({ logs }: TargetUnderTest): Promise<LogFile | undefined> =>
  logs === undefined ? undefined : await LogFile.open(logs);

/** The checks first: the teardown takes away what they look at. */
async function sendLast(ready: SetUpPlan, where: Parameters<typeof tearDown>[1]) {
  const checks = await sendChecks(ready, where);
  return { setup: ready.setup, checks, teardown: await tearDown(ready, where) };
}

async function load(
  measuring: Measuring,
  underTest: TargetUnderTest,
  { generator, outputs, started }: Omit<LoadParts, 'series'> & { readonly started: Started },
): Promise<Report> {
  const where = { target: underTest.target, allowed: allowListFrom(process.env) };
  const ready = await setUp(measuring.plan, where, measuring.signal);
  await generator.prepare(ready.plan, underTest.target.href);
  const startedAtMs = Date.now();
  await measuring.folder.begin(runOf(measuring, underTest, { startedAtMs, workers: generator.workers }));
  const series = new SeriesBuilder(withOwnNames(signals, measuring.plan.signals.names ?? {}), startedAtMs);
  const { all, database } = await sourcesOf({ ...underTest, isWanted: lineFilter() });
  const sampler = started.adopt(new Sampler({ sources: all }, series, readingEveryMs(planUs(measuring.plan))), (each) =>
    each.stop(),
  );
  await database?.markStatements();
  const log = await logOf(underTest);
  sampler.start();
  outputs.begin(liveSourceOf(measuring, generator, series));
  const besides = { repeat: measuring.repeat, remarks: () => outputs.troubles() };
  const view = started.adopt(new LiveView(measuring.plan, process.stderr, besides), (each) => each.clear());
  measuring.signal.addEventListener('abort', () => view.clear(), { once: true });
  const ports = portsOf({ ...measuring, plan: ready.plan }, underTest, { generator, series, outputs });
  const judge = judgeWith(measuring.plan, series, startedAtMs);
  const result = await runPlan(measuring.plan, { ...ports, judge, progress: view });
  const [once, undelivered] = await Promise.all([sendLast(ready, where), outputs.end()]);
  const statements = (await database?.slowestStatements()) ?? [];
  const logged = await log?.trouble(hiderFor({ ...measuring.plan, feeders: [], files: {} }, process.env));
  return measuredReport(measuring, underTest, {
    startedAtMs,
    result,
    series: series.series(),
    once,
    statements,
    logged,
    undelivered,
  });
}

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
