import {
  AlarmStatusWidget,
  Dashboard,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  GraphWidget,
  type IAlarm,
  TextWidget,
  type HorizontalAnnotation,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { RUNBOOKS_FOLDER } from '../lib/signals/alarm-text.ts';
import { type MonitoredSystem, metricFor } from '../lib/infra/observability/metric.ts';
import { shownLimit, shownUnit } from '../lib/signals/shown.ts';
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
  /** Address below which `<alarm>.md` can be read, without a slash at its end; default: its path in this repository. */
  readonly runbooks?: string | undefined;
  /** Shown with their state above what users feel. */
  readonly alarms?: readonly IAlarm[];
}

/**
 * The three dashboards, drawn from the signals: `service` (what users feel), `resources` (what it costs the system) and
 * `load-test` (what was asked of it, and whether the generator can be believed).
 */
export class Dashboards extends Construct {
  constructor(scope: Construct, id: string, { system, prefix, runbooks, alarms = [] }: DashboardsProps) {
    super(scope, id);
    const add = (name: DashboardName, above: readonly IWidget[] = [], below: readonly IWidget[] = []): void => {
      const dashboard = new Dashboard(this, name, { dashboardName: `${prefix}-${name}` });
      const ofThis = signals.filter(({ cloud }) => cloud?.drawn.on === name);
      dashboard.addWidgets(...above, ...runbookLinks(ofThis, system, runbooks), ...graphs(ofThis, system), ...below);
    };
    const states =
      alarms.length === 0 ? [] : [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: WIDTH * 2 })];
    add('service', states, system.logGroupName === undefined ? [] : [errorLog(system.logGroupName)]);
    add('resources');
    add('load-test');
  }
}

/** Where to read what to do, of each alarm that is drawn below. */
function runbookLinks(drawn: readonly Signal[], system: MonitoredSystem, runbooks?: string): IWidget[] {
  const ids = drawn.flatMap((signal) => {
    const id = signal.cloud?.alarm?.id;
    return id === undefined || metricFor(signal, system) === undefined ? [] : [id];
  });
  if (ids.length === 0) return [];
  const links = ids.map((id) => (runbooks === undefined ? `${id}.md` : `[${id}](${runbooks}/${id}.md)`));
  const markdown = `**Runbooks**${runbooks === undefined ? ` in ${RUNBOOKS_FOLDER}` : ''}: ${links.join(' · ')}`;
  return [new TextWidget({ markdown, width: WIDTH * 2, height: 2 })];
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
