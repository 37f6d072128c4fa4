import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { signals } from '../../../lib/signals/index.ts';
import { environments } from './configurations.ts';
import { mismatchOf, type Synthesised, synthesise } from './synthesise.ts';

let built: Synthesised;
let template: Template;

beforeAll(() => {
  built = synthesise('staging', ({ environment, scaling }) => ({
    environment: { ...environment, notifications: { page: ['on-call@example.org'], notice: ['team@example.org'] } },
    scaling: { ...scaling, measured: { run: 'r1', capacityPerSecond: 400 } },
  }));
  template = built.of('observability');
});

const alarmNames = (from: Synthesised): string[] =>
  [...from.resources.values()]
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .flatMap(({ Properties }) => (typeof Properties?.['AlarmName'] === 'string' ? [Properties['AlarmName']] : []))
    .filter((name) => name.startsWith('plimsoll-'))
    .toSorted();

describe('alarms of staging', () => {
  test('one for every signal that has one, but for what staging lacks: a replica', () => {
    const declared = signals.flatMap(({ cloud }) => cloud?.alarm?.id ?? []).filter((id) => id !== 'replica-lag');
    expect(alarmNames(built)).toEqual(declared.map((id) => `plimsoll-staging-${id}`).toSorted());
  });

  test('periods, points, side, missing data: p99 pages through the composite alone', () => {
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-response-time-p99',
        // 600 ms is where R14 fails; the metric is in seconds, shown in milliseconds.
        Threshold: 600,
        ComparisonOperator: 'GreaterThanThreshold',
        DatapointsToAlarm: 3,
        EvaluationPeriods: 5,
        TreatMissingData: 'notBreaching',
        AlarmActions: Match.absent(),
        Metrics: Match.arrayWith([
          Match.objectLike({ Expression: 'balancer_response_p99_0 * 1000' }),
          Match.objectLike({ MetricStat: Match.objectLike({ Stat: 'p99', Period: 60 }) }),
        ]),
      }),
    ).toBe('');
  });

  test('a ratio is shown in percent, and without math where AWS reports percent already', () => {
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-cpu-high',
        Threshold: 85,
        Metrics: [
          Match.objectLike({
            MetricStat: {
              Metric: Match.objectLike({ MetricName: 'CPUUtilization', Namespace: 'AWS/ECS' }),
              Stat: 'Average',
              Period: 60,
            },
          }),
        ],
        AlarmActions: [Match.objectLike({})],
        OKActions: [Match.objectLike({})],
      }),
    ).toBe('');
  });

  test('counts are held against what the configuration knows: 180 of 200 connections (R20), 400 requests a second (R122)', () => {
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-database-connections',
        Threshold: 90,
        Metrics: Match.arrayWith([Match.objectLike({ Expression: '(database_connection_use_sessions / 200) * 100' })]),
      }),
    ).toBe('');
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-tps-near-capacity',
        Threshold: 80,
        Metrics: Match.arrayWith([
          Match.objectLike({
            Expression: '(balancer_capacity_use_requests / PERIOD(balancer_capacity_use_requests) / 400) * 100',
          }),
        ]),
      }),
    ).toBe('');
  });

  test('a cache of two nodes is one alarm: the fuller node counts', () => {
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-cache-memory',
        Metrics: Match.arrayWith([Match.objectLike({ Expression: 'MAX([cache_memory_0, cache_memory_1])' })]),
      }),
    ).toBe('');
  });

  test('silence means trouble where a healthy system always speaks', () => {
    for (const id of ['unhealthy-hosts', 'tasks-short'])
      expect(
        mismatchOf(template, 'AWS::CloudWatch::Alarm', {
          AlarmName: `plimsoll-staging-${id}`,
          TreatMissingData: 'breaching',
        }),
      ).toBe('');
  });

  test('users-are-hurt pages when one thing that users feel is out of bounds', () => {
    const [composite] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));
    const rule = JSON.stringify(composite?.['Properties']?.AlarmRule);
    expect(rule.match(/ALARM\(/g)).toHaveLength(3);
    for (const id of ['errorrate', 'responsetimep99', 'unhealthyhosts']) expect(rule).toContain(id);
    expect(
      mismatchOf(template, 'AWS::CloudWatch::CompositeAlarm', {
        AlarmName: 'plimsoll-staging-users-are-hurt',
        AlarmActions: [{ Ref: Match.stringLikeRegexp('Page') }],
      }),
    ).toBe('');
  });

  test('every description says when, what, where to look first, and the runbook, in CloudWatch’s 1024 characters', () => {
    const alarms = [
      ...Object.values(template.findResources('AWS::CloudWatch::Alarm')),
      ...Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm')),
    ];
    const texts = alarms.map(({ Properties }) => String(Properties.AlarmDescription));
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter((text) => text.length > 1024)).toEqual([]);
    expect(texts.filter((text) => !/\n1\. .*\n2\. .*\n3\. .*\nRunbook: https:\/\/\S+\/[\w-]+\.md$/.test(text))).toEqual(
      [],
    );
  });

  test('causes go to the notice topic, and both topics have their readers', () => {
    expect(mismatchOf(template, 'AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'on-call@example.org' })).toBe(
      '',
    );
    expect(mismatchOf(template, 'AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'team@example.org' })).toBe(
      '',
    );
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-tasks-short',
        AlarmActions: [{ Ref: Match.stringLikeRegexp('Notice') }],
      }),
    ).toBe('');
  });

  test('publishers may publish and use the key, from this account alone', () => {
    expect(
      mismatchOf(template, 'AWS::SNS::TopicPolicy', {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: 'sns:Publish',
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            }),
          ]),
        }),
      }),
    ).toBe('');
  });
});

test.each(environments)('%s has an alarm on everything that users feel', (name) => {
  const names = alarmNames(synthesise(name));
  for (const id of ['error-rate', 'response-time-p99', 'unhealthy-hosts'])
    expect(names).toContain(`plimsoll-${name}-${id}`);
});
