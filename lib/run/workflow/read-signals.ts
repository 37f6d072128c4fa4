import { messageOf } from '../../errors.ts';
import type { CloudSystem } from '../../signals/cloudwatch/query.ts';
import type { Signal, SignalSeries } from '../../signals/signal.ts';
import type { StoredRun } from '../archive/run-record.ts';
import type { CloudPorts, MetricWindow } from './ports.ts';
import { queriesOf, seriesOf } from './metric-queries.ts';

/** What CloudWatch knows of the system, and why some of it may be missing. */
export interface ReadSignals {
  readonly series: readonly SignalSeries[];
  readonly doubts: readonly string[];
}

/** The finest that AWS services publish by themselves. */
const PERIOD_SECONDS = 60;

/** Reads signals from CloudWatch, on the run's axis. What can't be read is a doubt and a gap, never the end of a run. */
export async function readSignals(
  { metrics }: Pick<CloudPorts, 'metrics'>,
  { settings, stored }: { settings: CloudSystem; stored: StoredRun },
  wanted: readonly Signal[],
  window: Pick<MetricWindow, 'fromMs' | 'toMs'>,
): Promise<ReadSignals> {
  try {
    const reply = await metrics.read(queriesOf(wanted, settings), { ...window, periodSeconds: PERIOD_SECONDS });
    return { series: seriesOf(wanted, reply, Date.parse(stored.facts.startedAt)), doubts: reply.doubts };
  } catch (error) {
    return { series: [], doubts: [`Signals could not be read: ${messageOf(error)}`] };
  }
}
