import { beforeAll, describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ScalingNotices } from '../../../../lib/infra/observability/scaling-notices.ts';
import { mismatchOf, synthesise } from '../synthesise.ts';

/** A joined text with `…` for what another stack knows. */
function shown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('Fn::Join' in value)) return value;
  const [, parts] = value['Fn::Join'] as [string, unknown[]];
  return parts.map((part) => (typeof part === 'string' ? part : '…')).join('');
}

let template: Template;

beforeAll(() => {
  template = synthesise('staging').of('observability');
});

describe('scaling events notify', () => {
  test.each([
    [['ECS Service Action'], 'aws.ecs'],
    [['ECS Deployment State Change'], 'aws.ecs'],
    [['Application Auto Scaling Scaling Activity State Change'], 'aws.application-autoscaling'],
    [['CloudWatch Alarm State Change'], 'aws.cloudwatch'],
    [['EC2 Spot Instance Interruption Warning'], 'aws.ec2'],
  ])('%s', (detailType, source) => {
    expect(
      mismatchOf(template, 'AWS::Events::Rule', {
        EventPattern: Match.objectLike({ 'detail-type': detailType, source: [source] }),
        Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('Notice') } })],
      }),
    ).toBe('');
  });

  test('every rule is on and tells the notice topic, in a sentence of its own', () => {
    const rules = Object.values(template.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
    expect(rules.length).toBe(8);
    for (const rule of rules)
      expect(rule).toMatchObject({
        State: 'ENABLED',
        Targets: [{ Arn: { Ref: expect.stringContaining('Notice') }, InputTransformer: expect.anything() }],
      });
  });

  /** A rule's pattern by its description, every reference of another stack as `…`. */
  const detailOf = (description: string): unknown => {
    const rules = template.findResources('AWS::Events::Rule', { Properties: { Description: description } });
    const [rule] = Object.values(rules);
    const text = JSON.stringify(rule?.['Properties'].EventPattern.detail ?? null, (_, value: unknown) => shown(value));
    return JSON.parse(text);
  };

  test.each([
    [
      'ECS changed the number of tasks, or could not place or start one',
      {
        eventName: ['SERVICE_DESIRED_COUNT_UPDATED', 'SERVICE_TASK_PLACEMENT_FAILURE', 'SERVICE_TASK_START_IMPAIRED'],
      },
    ],
    ['Application Auto Scaling reached its maximum', { resourceId: ['service/…/…'], scaledToMax: [true] }],
    [
      'A Fargate Spot task is taken back',
      {
        clusterArn: [{ suffix: ':cluster/…' }],
        group: ['service:…'],
        stopCode: ['SpotInterruption'],
        lastStatus: ['STOPPED'],
      },
    ],
    [
      'The main container of a task ended by itself',
      {
        clusterArn: [{ suffix: ':cluster/…' }],
        group: ['service:…'],
        stopCode: ['EssentialContainerExited'],
        lastStatus: ['STOPPED'],
      },
    ],
    [
      'Target tracking adds tasks (AlarmHigh), or begins to take some away (AlarmLow)',
      { alarmName: [{ prefix: 'TargetTracking-service/…/…-Alarm' }], state: { value: ['ALARM'] } },
    ],
  ])('listens for what is meant, of this system alone: %s', (description, detail) => {
    expect(detailOf(description)).toEqual(detail);
  });

  test('in a cluster that others use, only the tasks of the service itself', () => {
    const stack = new Stack(new App(), 'Own');
    const service = [{ ClusterName: 'shop', ServiceName: 'api' }];
    const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:team');
    const { node } = new ScalingNotices(stack, 'Notices', {
      system: { resources: { service }, quantities: {} },
      topic,
    });
    expect(node.tryFindChild('TaskCrashed')).toBeDefined();
    for (const code of ['EssentialContainerExited', 'SpotInterruption'])
      expect(
        mismatchOf(Template.fromStack(stack), 'AWS::Events::Rule', {
          EventPattern: Match.objectLike({ detail: Match.objectLike({ stopCode: [code], group: ['service:api'] }) }),
        }),
      ).toBe('');
  });

  test('both kinds of Spot are counted by the alarm: an instance taken back, and a Fargate task', () => {
    for (const event of [
      { 'detail-type': ['EC2 Spot Instance Interruption Warning'] },
      { detail: Match.objectLike({ stopCode: ['SpotInterruption'] }) },
    ])
      expect(mismatchOf(template, 'AWS::Events::Rule', { EventPattern: Match.objectLike(event) })).toBe('');
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-spot-interruptions',
        Metrics: Match.arrayWith([
          Match.objectLike({
            Expression: 'SUM([FILL(instances_spot_interruptions_0, 0), FILL(instances_spot_interruptions_1, 0)])',
          }),
        ]),
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
        {
          Notification: Match.objectLike({ NotificationType: 'ACTUAL', Threshold: 80 }),
          Subscribers: [{ SubscriptionType: 'SNS', Address: { Ref: Match.stringLikeRegexp('Notice') } }],
        },
        {
          Notification: Match.objectLike({ NotificationType: 'FORECASTED', Threshold: 100 }),
          Subscribers: [{ SubscriptionType: 'SNS', Address: { Ref: Match.stringLikeRegexp('Page') } }],
        },
      ],
    }),
  ).toBe('');
});
