import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { BorrowedNames } from '../borrowed-names.ts';
import type { Environment } from '../../environment/environment.ts';
import type { MonitoredSystem } from './metric.ts';
import { Notifications, type Topics } from './notifications.ts';
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
  /** The same for another stack: the system by the names that its own stack gives. */
  readonly monitoredElsewhere: MonitoredSystem;
  readonly alarms: ServiceAlarms;
  readonly notifications: Notifications;

  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
    const { environment, prefix } = props;
    this.notifications = new Notifications(this, 'Notifications', environment.notifications);
    const { topics } = this.notifications;
    const system = new BorrowedNames(this, 'Names').system(props.system);
    const notices = new ScalingNotices(this, 'ScalingNotices', { system, topic: topics.notice });
    const own = { ...notices.counted, loadTest: [{ Environment: prefix }] };
    this.monitored = { ...system, resources: { ...system.resources, ...own } };
    this.monitoredElsewhere = { ...props.system, resources: { ...props.system.resources, ...own } };
    this.alarms = new ServiceAlarms(this, 'Alarms', {
      system: this.monitored,
      topics,
      prefix,
      ...(environment.runbooks !== undefined && { runbooks: environment.runbooks }),
    });
    this.#say('DashboardsConsole', `${consoleOf(this)}#dashboards/dashboard/${prefix}-service`);
    this.#say('AlarmsConsole', `${consoleOf(this)}#alarmsV2:?search=${prefix}`);
    const { budget } = environment;
    if (budget !== undefined) monthlyBudget(this, budget.monthlyUsd, ['plimsoll:environment', prefix], topics);
  }

  #say(name: string, value: string): CfnOutput {
    return new CfnOutput(this, name, { value });
  }
}

const consoleOf = ({ region }: Stack): string =>
  `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;

/** Sends a notice at 80 % spent, and pages when the month is forecast to cost more than it may. Only what carries the tag counts. */
function monthlyBudget(
  scope: Construct,
  monthlyUsd: number,
  tag: readonly [string, string],
  topics: Topics,
): CfnBudget {
  return new CfnBudget(scope, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyUsd, unit: 'USD' },
      // The tag must be activated for cost allocation once an account: docs/deploy.md.
      costFilters: { TagKeyValue: [`user:${tag[0]}$${tag[1]}`] },
    },
    notificationsWithSubscribers: [
      notice('ACTUAL', 80, topics.notice.topicArn),
      notice('FORECASTED', 100, topics.page.topicArn),
    ],
  });
}

const notice = (notificationType: string, threshold: number, topicArn: string) => ({
  notification: { comparisonOperator: 'GREATER_THAN', notificationType, threshold, thresholdType: 'PERCENTAGE' },
  subscribers: [{ subscriptionType: 'SNS', address: topicArn }],
});
