import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { mismatchOf, synthesise } from './synthesise.ts';

let template: Template;

beforeAll(() => {
  template = synthesise('staging').of('observability');
});

describe('scaling events notify (R4, R122)', () => {
  test.each([
    [['ECS Service Action'], 'aws.ecs'],
    [['ECS Deployment State Change'], 'aws.ecs'],
    [['Application Auto Scaling Scaling Activity State Change'], 'aws.application-autoscaling'],
    [['EC2 Spot Instance Interruption Warning'], 'aws.ec2'],
  ])('%s', (detailType, source) => {
    expect(
      mismatchOf(template, 'AWS::Events::Rule', {
        EventPattern: Match.objectLike({ 'detail-type': detailType, source: [source] }),
        Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('Notice') } })],
      }),
    ).toBe('');
  });

  test('instances that come and go, on EC2', () => {
    expect(
      mismatchOf(template, 'AWS::Events::Rule', {
        EventPattern: Match.objectLike({
          source: ['aws.autoscaling'],
          detail: { AutoScalingGroupName: [Match.objectLike({})] },
        }),
      }),
    ).toBe('');
  });

  test('crashes are tasks that ended by themselves, and are counted by the alarm', () => {
    expect(
      mismatchOf(template, 'AWS::Events::Rule', {
        EventPattern: Match.objectLike({ detail: Match.objectLike({ stopCode: ['EssentialContainerExited'] }) }),
      }),
    ).toBe('');
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-task-crashes',
        Metrics: [
          Match.objectLike({
            MetricStat: Match.objectLike({
              Metric: Match.objectLike({
                MetricName: 'TriggeredRules',
                Dimensions: [{ Name: 'RuleName', Value: { Ref: Match.stringLikeRegexp('TaskCrashed') } }],
              }),
            }),
          }),
        ],
      }),
    ).toBe('');
  });
});

test('the budget tells at 80 % and pages at a forecast of 100 %', () => {
  expect(
    mismatchOf(template, 'AWS::Budgets::Budget', {
      Budget: Match.objectLike({
        BudgetLimit: { Amount: 900, Unit: 'USD' },
        CostFilters: { TagKeyValue: ['user:plimsoll:environment$plimsoll-staging'] },
      }),
      NotificationsWithSubscribers: [
        Match.objectLike({ Notification: Match.objectLike({ NotificationType: 'ACTUAL', Threshold: 80 }) }),
        Match.objectLike({ Notification: Match.objectLike({ NotificationType: 'FORECASTED', Threshold: 100 }) }),
      ],
    }),
  ).toBe('');
});
