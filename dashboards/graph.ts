import { GraphWidget, type HorizontalAnnotation, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { metricFor, type MonitoredSystem, shownLimit, shownUnit } from '../lib/infra/observability/metric.ts';
import type { Limit } from '../lib/signals/cloudwatch/cloud.ts';
import type { Signal } from '../lib/signals/signal.ts';

/** Two graphs side by side in CloudWatch's grid of 24. */
export const WIDTH = 12;
const HEIGHT = 6;

/** Signals of one graph name share a graph; those that the system has no metrics for are left out, and empty graphs with them. */
export function graphs(signals: readonly Signal[], system: MonitoredSystem): IWidget[] {
  const byGraph = Map.groupBy(signals, ({ cloud }) => cloud?.drawn.graph ?? '');
  return [...byGraph].flatMap(([title, drawn]) => graph(title, drawn, system));
}

function graph(title: string, signals: readonly Signal[], system: MonitoredSystem): IWidget[] {
  const lines = signals.flatMap((signal) => {
    const metric = metricFor(signal, system);
    return metric === undefined ? [] : [{ signal, metric }];
  });
  const [first] = lines;
  if (first === undefined) return [];
  const limits = lines.flatMap(({ signal }) => annotation(signal));
  return [
    new GraphWidget({
      title,
      width: WIDTH,
      height: HEIGHT,
      left: lines.map(({ metric }): IMetric => metric),
      leftYAxis: { min: 0, label: shownUnit(first.signal.unit), showUnits: false },
      leftAnnotations: limits,
    }),
  ];
}

/** Where the alarm stands; without an alarm, where the resource counts as saturated. */
function annotation({ title, unit, cloud, limit }: Signal): HorizontalAnnotation[] {
  const drawn: Limit | undefined = cloud?.alarm?.limit ?? limit;
  if (drawn === undefined) return [];
  const kind = cloud?.alarm === undefined ? 'saturated' : `alarm ${cloud.alarm.id}`;
  return [{ value: shownLimit(drawn, unit), label: `${title}: ${kind}` }];
}
