import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import type { Topics } from './notifications.ts';

/** Tells of 80 % spent, and pages when the month is forecast to cost more than it may. Only what carries the tag counts. */
export function monthlyBudget(
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
