import { Dashboard, type IWidget, LogQueryVisualizationType, LogQueryWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MonitoredSystem } from '../lib/infra/observability/metric.ts';
import type { DashboardName } from '../lib/signals/cloudwatch/cloud.ts';
import { signals } from '../lib/signals/index.ts';
import { graphs, WIDTH } from './graph.ts';

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

/** R120, R145: the newest lines that speak of errors, beside the graphs of the same minutes. */
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
