import { z } from 'zod';
import { PlimsollError } from '../../errors.ts';
import { type CloudSystem, queryId } from '../../signals/cloudwatch/query.ts';
import { signals } from '../../signals/index.ts';
import type { Signal, SignalUnit } from '../../signals/signal.ts';
import { runKeys } from '../archive/keys.ts';
import { readRun } from '../archive/run-record.ts';
import { jsonAt, type Store } from '../archive/store.ts';
import { queriesOf } from './metric-queries.ts';
import type { CloudPorts, MetricsReply } from './ports.ts';

const dimensions = z.record(z.string(), z.string());
const systemFile = z.object({
  resources: z.record(z.string(), z.array(dimensions)),
  quantities: z.record(z.string(), z.number()),
});

/** Stores `system.json` of a run: what CloudWatch calls the system that was loaded, so that its figures can be read again later. */
export const storeSystem = async (store: Store, run: string, { resources, quantities }: CloudSystem): Promise<void> =>
  void (await store.put(runKeys(run).file('system.json'), JSON.stringify({ resources, quantities })));

/** The window that is wanted; what is absent is the run's own. */
export interface WantedWindow {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** AWS services publish no finer by themselves. */
const PERIOD_SECONDS = 60;

/**
 * Every series of the system of a run, in any window, as CSV; and why something may be missing.
 * @throws PlimsollError E-CLOUD-RUN-MISSING, E-USAGE for a window that ends before it begins, E-AWS-…
 */
export async function metricsOfRun(
  { store, metrics }: Pick<CloudPorts, 'store' | 'metrics'>,
  run: string,
  wanted: WantedWindow,
): Promise<{ readonly csv: string; readonly doubts: readonly string[] }> {
  const system = await jsonAt(store, runKeys(run).file('system.json'), (value) => systemFile.parse(value));
  if (system === undefined)
    throw new PlimsollError(
      'E-CLOUD-RUN-MISSING',
      `${run} has no system.json, which its report writes; name another run.`,
    );
  const own = await ownWindow(store, run);
  const window = { fromMs: wanted.fromMs ?? own.fromMs, toMs: wanted.toMs ?? own.toMs };
  if (window.toMs <= window.fromMs)
    throw new PlimsollError('E-USAGE', 'The window ends before it begins; write a later --to.');
  const reply = await metrics.read(queriesOf(signals, system), { ...window, periodSeconds: PERIOD_SECONDS });
  return { csv: metricsCsv(signals, reply), doubts: reply.doubts };
}

const ended = z.object({ run: z.object({ endedAt: z.string() }) });

async function ownWindow(store: Store, run: string): Promise<{ fromMs: number; toMs: number }> {
  const { facts } = await readRun(store, run);
  const summary = await jsonAt(store, runKeys(run).file('summary.json'), (value) => ended.parse(value));
  const fromMs = Date.parse(facts.startedAt);
  return { fromMs, toMs: summary === undefined ? fromMs : Date.parse(summary.run.endedAt) };
}

/** How a unit ends the name of its column. */
const SUFFIX: Readonly<Record<SignalUnit, string>> = {
  ratio: '_ratio',
  us: '_us',
  bytes: '_bytes',
  perSecond: '_per_second',
  count: '',
  moment: '_seconds',
};

/** RFC 4180: one row a period, one column a signal with a reading, in the signal's own unit; silence is an empty cell. */
export function metricsCsv(all: readonly Signal[], { points, periodSeconds }: MetricsReply): string {
  const columns = all.flatMap((signal) => {
    const readings = new Map(points.get(queryId(signal))?.filter(([, value]) => Number.isFinite(value)));
    return readings.size === 0 ? [] : [{ name: `${signal.id}${SUFFIX[signal.unit]}`, readings }];
  });
  const times = [...new Set(columns.flatMap(({ readings }) => [...readings.keys()]))].toSorted((a, b) => a - b);
  const header = ['period_start', 'period_seconds', ...columns.map(({ name }) => name)];
  const rows = times.map((atMs) => [
    new Date(atMs).toISOString(),
    String(periodSeconds),
    ...columns.map(({ readings }) => numeral(readings.get(atMs))),
  ]);
  return [header, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** Six decimals are finer than CloudWatch's figures; without the rounding 0.1 + 0.2 would show its tail. */
const numeral = (value: number | undefined): string => (value === undefined ? '' : String(Number(value.toFixed(6))));
