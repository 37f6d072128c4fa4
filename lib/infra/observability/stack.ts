import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { monthlyBudget } from './budget.ts';
import type { Environment } from '../../environment/environment.ts';
import type { MonitoredSystem } from './metric.ts';
import { Notifications } from './notifications.ts';
import { ScalingNotices } from './scaling-notices.ts';
import { ServiceAlarms } from './service-alarms.ts';

export interface ObservabilityStackProps extends StackProps {
  readonly system: MonitoredSystem;
  readonly environment: Environment;
  /** Begins the names of alarms and dashboards; also the value of the tag that the budget goes by. */
  readonly prefix: string;
}

/** Alarms, notices and a budget around a system, built here or there already. The dashboards are added from outside. */
export class ObservabilityStack extends Stack {
  /** The system with what this stack itself counts. */
  readonly monitored: MonitoredSystem;
  readonly alarms: ServiceAlarms;
  readonly notifications: Notifications;

  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
    const { environment, prefix } = props;
    this.notifications = new Notifications(this, 'Notifications', environment.notifications);
    const { topics } = this.notifications;
    const notices = new ScalingNotices(this, 'ScalingNotices', { system: props.system, topic: topics.notice });
    this.monitored = {
      ...notices.monitored,
      resources: { ...notices.monitored.resources, loadTest: [{ Environment: prefix }] },
    };
    this.alarms = new ServiceAlarms(this, 'Alarms', {
      system: this.monitored,
      topics,
      prefix,
      ...(environment.runbooks !== undefined && { runbooks: environment.runbooks }),
    });
    const { budget } = environment;
    if (budget !== undefined) monthlyBudget(this, budget.monthlyUsd, ['plimsoll:environment', prefix], topics);
  }
}
