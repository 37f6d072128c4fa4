import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPlan } from '../../lib/adapters/node/plan-file.ts';
import { exitCodes, messageOf, PlimsollError } from '../../lib/errors.ts';
import { monitoringFiles } from '../../lib/monitoring/index.ts';
import { type MonitoringOptions, scopeOf } from '../../lib/monitoring/monitoring.ts';
import { expressionOf } from '../../lib/signals/prometheus/expression.ts';
import { signals } from '../../lib/signals/index.ts';
import { type OwnNames, withOwnNames } from '../../lib/signals/own-names.ts';
import { parseDurationUs } from '../../lib/units.ts';
import { callerPath, shownPath } from '../paths.ts';
import { printMessage } from '../terminal.ts';
import { policyAndEnvironment } from './scaling-options.ts';

interface Options {
  readonly out?: string;
  readonly jobs?: string;
  readonly plan?: string;
  readonly policy?: string;
  readonly runbooks?: string;
  readonly period?: string;
}

/** Writes what a Prometheus and a Grafana read, and says of what they will know nothing. */
export async function monitoringCommand(given: Options): Promise<number> {
  const names = given.plan === undefined ? {} : await ownNamesOf(given.plan);
  const measured = given.policy === undefined ? undefined : (await policyAndEnvironment(given)).policy.measured;
  const options: MonitoringOptions = {
    signals: withOwnNames(signals, names),
    periodSeconds: periodSecondsOf(given.period ?? '1m'),
    jobs: (given.jobs ?? '').split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()])),
    capacityPerSecond: measured?.capacityPerSecond,
    runbooks: given.runbooks?.replace(/\/+$/, ''),
  };
  await write(given.out ?? 'monitoring', options);
  for (const line of [...silentAlarms(options), ...unwrittenNames(options, names)]) printMessage(line);
  return exitCodes.passed;
}

async function write(out: string, options: MonitoringOptions): Promise<void> {
  const folder = callerPath(out);
  for (const file of monitoringFiles) {
    const path = join(folder, file.fileName);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(path, file.write(options));
    } catch (error) {
      throw new PlimsollError('E-OUT', `${shownPath(path)} can't be written: ${messageOf(error)}.`, [], error);
    }
    printMessage(`Written: ${shownPath(path)}`);
  }
}

async function ownNamesOf(path: string): Promise<OwnNames> {
  const { plan } = await loadPlan(callerPath(path), { signalIds: signals.map(({ id }) => id), env: process.env });
  return plan.signals.names ?? {};
}

/** Prometheus' finest duration is a millisecond, and it reads four times in a period. */
const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 3600;

function periodSecondsOf(text: string): number {
  const seconds = (parseDurationUs(text) ?? Number.NaN) / 1e6;
  if (!(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS))
    throw new PlimsollError('E-USAGE', `--period takes a duration from 1s to 1h, such as 1m, not ${text}.`);
  return seconds;
}

/** Alarms that have no rule, since a number is missing. */
const silentAlarms = (options: MonitoringOptions): string[] =>
  options.signals.flatMap((signal) => {
    const alarm = signal.cloud?.alarm;
    return alarm === undefined || expressionOf(signal, scopeOf(options)) !== undefined
      ? []
      : [`No rule for ${alarm.id}: give --policy with a measured capacity, which plimsoll policy writes.`];
  });

const unwrittenNames = (options: MonitoringOptions, names: OwnNames): string[] =>
  options.signals.flatMap(({ id, read }) =>
    names[id] === undefined || read.promql({ ...scopeOf(options), by: 'job' }) !== undefined
      ? []
      : [`No rule reads ${id} by signals.names: Prometheus would have to try a pattern on each of its metrics' names.`],
  );
