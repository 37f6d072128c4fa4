import {
  Dashboard,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  GraphWidget,
  type HorizontalAnnotation,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type MonitoredSystem, metricFor, shownLimit, shownUnit } from '../lib/infra/observability/metric.ts';
import type { DashboardName, Limit } from '../lib/signals/cloudwatch/cloud.ts';
import { signals } from '../lib/signals/index.ts';
import type { Signal } from '../lib/signals/signal.ts';

/** Two graphs side by side in CloudWatch's grid of 24. */
const WIDTH = 12;
const HEIGHT = 6;

export interface DashboardsProps {
  readonly system: MonitoredSystem;
  /** Begins every dashboard's name: one account may hold several environments. */
  readonly prefix: string;
}

/**
 * The three dashboards, drawn from the signals: `service` (what users feel), `resources` (what it costs the system) and
 * `load-test` (what was asked of it, and whether the generator can be believed).
 */
export class Dashboards extends Construct {
  constructor(scope: Construct, id: string, { system, prefix }: DashboardsProps) {
    super(scope, id);
    const add = (name: DashboardName, further: readonly IWidget[] = []): void => {
      const dashboard = new Dashboard(this, name, { dashboardName: `${prefix}-${name}` });
      const ofThis = signals.filter(({ cloud }) => cloud?.drawn.on === name);
      dashboard.addWidgets(...graphs(ofThis, system), ...further);
    };
    add('service', system.logGroupName === undefined ? [] : [errorLog(system.logGroupName)]);
    add('resources');
    add('load-test');
  }
}

/** The newest lines that speak of errors, beside the graphs of the same minutes. */
const errorLog = (logGroupName: string): LogQueryWidget =>
  new LogQueryWidget({
    title: 'Errors in the log',
    logGroupNames: [logGroupName],
    view: LogQueryVisualizationType.TABLE,
    queryLines: [
      'fields @timestamp, @message',
      'filter @message like /(?i)error|fatal|timeout|deadlock|out of memory|unhandled/',
      'sort @timestamp desc',
      'limit 50',
    ],
    width: WIDTH * 2,
    height: 6,
  });

/** Signals of one graph name share a graph; those that the system has no metrics for are left out, and empty graphs with them. */
function graphs(all: readonly Signal[], system: MonitoredSystem): IWidget[] {
  const byGraph = Map.groupBy(all, ({ cloud }) => cloud?.drawn.graph ?? '');
  return [...byGraph].flatMap(([title, drawn]) => graph(title, drawn, system));
}

function graph(title: string, drawn: readonly Signal[], system: MonitoredSystem): IWidget[] {
  const lines = drawn.flatMap((signal) => {
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
