import { z } from 'zod';
import { type PhaseOutcome, windowOf } from '../../analysis/outcome.ts';
import { messageOf } from '../../errors.ts';
import { buildReport } from '../../report/build.ts';
import { planConfiguration } from '../../report/plan-configuration.ts';
import type { ReportConfiguration, Report } from '../../report/report.ts';
import type { Summary } from '../../report/summary.ts';
import { signals } from '../../signals/index.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import { runKeys } from '../archive/keys.ts';
import { judgePhase } from '../../analysis/phase.ts';
import { analyse } from '../../analysis/index.ts';
import { isReported, readRun, type StoredRun } from '../archive/run-record.ts';
import type { CollectedFigures } from '../archive/collected.ts';
import { releaseLock } from '../archive/lock.ts';
import { forgetHandedOn, onceDoubts, onceRecords } from '../archive/once-files.ts';
import { outcomesOf } from '../archive/outcomes.ts';
import { type CollectedPorts, endOfCollection } from './collected-signals.ts';
import { storeSystem } from './metrics-csv.ts';
import type { CloudPorts, MetricWindow } from './ports.ts';
import { type LogPorts, readLog } from './log/read-log.ts';
import { readScaling, type ScalingPorts } from './read-scaling.ts';
import { readSignals } from './read-signals.ts';
import type { SettingsOf } from './settings.ts';

/** A format of the report: what `renderersWith` gives. */
export interface Renderer {
  readonly fileName: string;
  render(report: Report): string;
}

export interface ReportPorts extends CollectedPorts, ScalingPorts, LogPorts, Pick<CloudPorts, 'metrics' | 'notify'> {}

const state = z.object({
  run: z.string().optional(),
  /** Why the run was broken off, if it was. */
  aborted: z.string().optional(),
});

/** The output of the execution. `error` and `cause` are what it fails with, where it does. */
export interface ReportStep {
  readonly run: string;
  readonly verdict: Report['summary']['verdict'] | 'aborted';
  readonly headline: string;
  readonly links: Readonly<Record<string, string>>;
  readonly cause: string;
  /** Why the notification failed. That changes no verdict: the report stands. */
  readonly notificationFailure?: string;
}

/**
 * The last step: judges every phase with all that collector and CloudWatch know, writes the report in every format, announces it, and lets the
 * lock go. After an abort it reports what was measured until then, and says so.
 */
export async function reportRun(
  ports: ReportPorts,
  settings: SettingsOf<'report'>,
  { execution, state: given }: { execution: string; state: unknown },
  renderers: readonly Renderer[],
): Promise<ReportStep> {
  const { run, aborted } = state.parse(given);
  if (run === undefined) return nothingMeasured(ports, execution, aborted);
  const stored = await readRun(ports.store, run);
  if (aborted === undefined) await ports.store.put(runKeys(run).reporting, '{}');
  const rendered = await reportOf(ports, settings, stored, aborted);
  // Stopped while it made its report: a function that has begun is not stopped with its execution, and its report is the whole one.
  if (aborted !== undefined && (await isReported(ports.store, run))) return leftAsItIs(ports, execution, run);
  await storeSystem(ports.store, run, settings);
  const links = await write(ports, settings, run, { rendered, renderers });
  if (stored.plan.setup !== undefined) await forgetHandedOn(ports.store, run);
  await releaseLock(ports.store, execution);
  const verdict = aborted === undefined ? rendered.summary.verdict : 'aborted';
  const cause = [aborted ?? rendered.headline, links['report.html']].join('\n');
  const text = [rendered.headline, ...(aborted === undefined ? [] : [aborted]), ...Object.values(links)].join('\n');
  const subject = `${settings.environment}: ${stored.plan.name} ${verdict}`;
  const notificationFailure = await ports.notify(subject, text).then(() => undefined, messageOf);
  return {
    run,
    verdict,
    headline: rendered.headline,
    links,
    cause,
    ...(notificationFailure !== undefined && { notificationFailure }),
  };
}

async function leftAsItIs({ store }: ReportPorts, execution: string, run: string): Promise<ReportStep> {
  await releaseLock(store, execution);
  const headline = 'The run had its report already.';
  return { run, verdict: 'aborted', headline, links: {}, cause: headline };
}

async function nothingMeasured({ store }: ReportPorts, execution: string, aborted = ''): Promise<ReportStep> {
  await releaseLock(store, execution);
  const headline = 'The run broke off before anything was measured.';
  return { run: '', verdict: 'aborted', headline, links: {}, cause: `${headline}\n${aborted}` };
}

async function reportOf(
  ports: ReportPorts,
  settings: SettingsOf<'report'>,
  stored: StoredRun,
  aborted: string | undefined,
): Promise<Report> {
  const { facts, plan } = stored;
  const outcomes = await outcomesOf(ports.store, stored);
  const startedAtMs = Date.parse(facts.startedAt);
  const endedAtMs = endOf(outcomes, startedAtMs);
  const window = { fromMs: outcomes[0]?.startedAtMs ?? startedAtMs, toMs: endedAtMs };
  const { series, statements, doubts } = await figuresOf(ports, settings, stored, window);
  const once = await onceRecords(ports.store, stored.keys);
  const { scaling, doubts: unscaled } = await readScaling(ports, settings, { startedAtMs, endedAtMs, series });
  const { doubts: unlogged, ...logged } = await readLog(ports, plan, outcomes);
  const phases = outcomes.map((outcome) => judgePhase(plan, outcome, windowOf(outcome, startedAtMs, series)));
  const measured = { plan, startedAtMs, outcomes, interrupted: aborted !== undefined, series };
  return buildReport({
    ...measured,
    ...logged,
    run: runOf(facts, endedAtMs, settings.version),
    planSha256: facts.planSha256,
    target: facts.target,
    findings: analyse({ ...measured, phases, signals, scaling, checks: once.checks }),
    once,
    statements,
    configuration: runConfiguration(stored, settings),
    doubts: [
      ...brokenOff(aborted),
      ...onceDoubts(plan, once),
      ...unreadOf(stored, ports),
      ...doubts,
      ...unscaled,
      ...unlogged,
    ],
  });
}

const runOf = ({ id, startedAt }: StoredRun['facts'], endedAtMs: number, version: string): Summary['run'] => ({
  id,
  startedAt,
  endedAt: new Date(endedAtMs).toISOString(),
  version,
});

const brokenOff = (why: string | undefined): string[] => (why === undefined ? [] : [`The run was broken off: ${why}.`]);

const endOf = (outcomes: readonly PhaseOutcome[], startedAtMs: number): number =>
  outcomes.reduce((latest, outcome) => Math.max(latest, outcome.startedAtMs + outcome.ranSeconds * 1000), startedAtMs);

/** A second of the collector's is finer than CloudWatch's minute, and of another definition: each series is of one of the two. */
async function figuresOf(
  ports: ReportPorts,
  settings: SettingsOf<'report'>,
  stored: StoredRun,
  window: Pick<MetricWindow, 'fromMs' | 'toMs'>,
): Promise<Pick<CollectedFigures, 'series' | 'statements' | 'doubts'>> {
  const { series, statements, doubts } = await endOfCollection(ports, stored);
  const others = signals.filter(({ id }) => !series.some((each) => each.id === id));
  const watched = await readSignals(ports, { settings, stored }, others, window);
  return { series: inOrder([...series, ...watched.series]), statements, doubts: [...doubts, ...watched.doubts] };
}

/** The order of a laptop's report. */
const inOrder = (series: readonly SignalSeries[]): SignalSeries[] =>
  signals.flatMap(({ id }) => series.find((each) => each.id === id) ?? []);

/** The addresses that a plan's variables hold are a laptop's; in the cloud the environment's own database and cache are read. */
function unreadOf({ plan: { signals: wanted }, facts: { collects } }: StoredRun, { serviceLog }: LogPorts): string[] {
  const unread = [
    ...(wanted.metrics !== undefined && collects?.metrics === undefined ? ['metrics'] : []),
    ...(wanted.database !== undefined && collects?.database !== true ? ['database'] : []),
    ...(wanted.health !== undefined ? ['health'] : []),
    ...(wanted.logs !== undefined && serviceLog === undefined ? ['logs'] : []),
    ...(wanted.cache !== undefined && collects?.cache !== true ? ['cache'] : []),
  ];
  if (unread.length === 0) return [];
  return [`signals.${unread.join(', signals.')}: not read, since no collector reads them here.`];
}

/** The configuration that a report shows: what was loaded, with what, by whom. */
const runConfiguration = ({ facts, plan }: StoredRun, settings: SettingsOf<'report'>): ReportConfiguration => [
  ['Environment', facts.environment],
  ['Target', facts.target],
  ['Generator on', `${facts.workers} Fargate tasks of ${settings.taskVcpus} vCPU, ${settings.capacity}`],
  ['Execution', facts.execution],
  ...planConfiguration(plan),
];

const last = (fileName: string): number => Number(fileName === 'summary.json');

/** `summary.json` last: where it stands, the report is whole. Returns where each file can be seen. */
async function write(
  { store }: ReportPorts,
  { links }: SettingsOf<'report'>,
  run: string,
  { rendered, renderers }: { rendered: Report; renderers: readonly Renderer[] },
): Promise<Readonly<Record<string, string>>> {
  const { file } = runKeys(run);
  await store.put(file('report.json'), JSON.stringify(rendered));
  const ordered = renderers.toSorted((a, b) => last(a.fileName) - last(b.fileName));
  for (const renderer of ordered) await store.put(file(renderer.fileName), renderer.render(rendered));
  return Object.fromEntries(renderers.map(({ fileName }) => [fileName, `${links}${file(fileName)}`]));
}
