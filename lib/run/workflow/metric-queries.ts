import { type CloudSystem, type MetricQuery, queryId, queryOf } from '../../signals/cloudwatch/query.ts';
import type { Signal, SignalSeries } from '../../signals/signal.ts';
import type { MetricsReply } from './ports.ts';

/**
 * A query for every signal that the system has metrics for, in the signal's own unit: µs and ratios, where alarms and
 * dashboards (lib/infra/observability/metric.ts) show ms and %.
 */
export const queriesOf = (signals: readonly Signal[], system: CloudSystem): MetricQuery[] =>
  signals.flatMap((signal) => queryOf(signal, system) ?? []);

/** The replies as series of the run that began at `startMs`. A reading stands in the middle of the period it is of. */
export function seriesOf(signals: readonly Signal[], reply: MetricsReply, startMs: number): SignalSeries[] {
  const middleMs = (reply.periodSeconds * 1000) / 2;
  return signals.flatMap((signal) => {
    const { id, title, unit, kind, limit } = signal;
    const points = (reply.points.get(queryId(signal)) ?? [])
      .filter(([, value]) => Number.isFinite(value))
      .map(([atMs, value]) => [(atMs + middleMs - startMs) / 1000, value] as const);
    return points.length === 0 ? [] : [{ id, title, unit, kind, ...(limit && { limit }), points }];
  });
}
