import { availableParallelism, cpus, totalmem, type } from 'node:os';
import type { LoggedInRun } from '../../lib/adapters/node/log-file.ts';
import { analyse } from '../../lib/analysis/index.ts';
import type { OnceRecord, OnceRecords } from '../../lib/measure/once.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { buildReport } from '../../lib/report/build.ts';
import { planConfiguration } from '../../lib/report/plan-configuration.ts';
import type { Report, ReportConfiguration } from '../../lib/report/report.ts';
import { MACHINE_LABEL } from '../../lib/run/archive/compared-run.ts';
import type { RunResult } from '../../lib/run/run.ts';
import { isLoopback } from '../../lib/run/safety.ts';
import { signals } from '../../lib/signals/index.ts';
import { unreadNames } from '../../lib/signals/own-names.ts';
import type { SignalSeries, Statement } from '../../lib/signals/signal.ts';
import { formatNumber } from '../../lib/units.ts';
import { version } from '../version.ts';
import { teardownDoubts } from '../../lib/run/archive/once-files.ts';
import type { TargetUnderTest } from './target-under-test.ts';

/** What a report says of a run beside its figures. */
interface ReportedRun {
  readonly plan: Plan;
  readonly planSha256: string;
  readonly id: string;
  readonly compress: string | undefined;
  /** Why its folder did not take everything, if so. */
  readonly folder: { readonly failure: string | undefined };
}

/** What a run has left to be reported. */
interface Measured {
  readonly startedAtMs: number;
  readonly result: RunResult;
  readonly series: readonly SignalSeries[];
  readonly once: { readonly [Key in keyof OnceRecords]: OnceRecord | undefined };
  readonly statements: readonly Statement[];
  readonly logged: LoggedInRun | undefined;
  /** What the outputs did not take. */
  readonly undelivered: readonly string[];
}

/** Puts the report of a run together that this process has made. */
export function measuredReport(measuring: ReportedRun, underTest: TargetUnderTest, measured: Measured): Report {
  const { startedAtMs, result, series, once, statements, logged, undelivered } = measured;
  const analysed = { ...result, plan: measuring.plan, startedAtMs, signals, series, checks: once.checks };
  return buildReport({
    ...analysed,
    ...recordOf(measuring, underTest, startedAtMs),
    doubts: [
      ...doubtsOf(measuring, underTest, series),
      ...teardownDoubts(once.teardown),
      ...undelivered,
      ...unreadLog(logged),
    ],
    findings: analyse(analysed),
    statements,
    logs: logged !== undefined && 'logs' in logged ? logged.logs : undefined,
    once: Object.fromEntries(Object.entries(once).filter(([, record]) => record !== undefined)),
  });
}

const unreadLog = (logged: LoggedInRun | undefined): string[] =>
  logged !== undefined && 'unread' in logged ? [`${logged.unread}.`] : [];

const doubtsOf = (
  { plan, folder }: ReportedRun,
  underTest: TargetUnderTest,
  series: readonly SignalSeries[],
): readonly string[] => [
  ...machineDoubts(plan, underTest, folder.failure),
  ...unreadNames(plan.signals.names ?? {}, series),
];

function recordOf(measuring: ReportedRun, underTest: TargetUnderTest, startedAtMs: number) {
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
