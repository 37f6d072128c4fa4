import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { environmentSchema } from '../../../../lib/environment/environment.ts';
import { signals } from '../../../../lib/signals/index.ts';
import { environments } from '../configurations.ts';
import { mismatchOf, type Synthesised, synthesise } from '../synthesise.ts';

interface Shown {
  readonly name: string;
  readonly TreatMissingData: string;
  readonly AlarmActions?: unknown;
  readonly OKActions?: unknown;
}

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
  test('one for every signal that has one, but for what staging lacks: a replica and a proxy', () => {
    const lacking = new Set(['replica-lag', 'proxy-wait']);
    const declared = signals.flatMap(({ cloud }) => cloud?.alarm?.id ?? []).filter((id) => !lacking.has(id));
    expect(alarmNames(built)).toEqual(declared.map((id) => `plimsoll-staging-${id}`).toSorted());
  });

  test('periods, points, side, missing data: p99 pages through the composite alone', () => {
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-response-time-p99',
        // 600 ms is where the staging plan's p99 objective fails; the metric is in seconds, shown in milliseconds.
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

  test('counts are held against what the configuration knows: 180 of 200 connections, 400 requests a second', () => {
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-database-connections',
        Threshold: 90,
        Metrics: Match.arrayWith([
          Match.objectLike({ Expression: '(database_connection_use_sessions_0 / 200) * 100' }),
        ]),
      }),
    ).toBe('');
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        AlarmName: 'plimsoll-staging-tps-near-capacity',
        Threshold: 80,
        Metrics: Match.arrayWith([
          Match.objectLike({
            Expression: '(balancer_capacity_use_requests_0 / PERIOD(balancer_capacity_use_requests_0) / 400) * 100',
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

  /** Breaching: a healthy system always speaks. NotBreaching: it speaks of trouble, or of traffic, alone. Missing: nobody knows. */
  const SILENCE: Readonly<Record<string, string>> = {
    breaching: 'tasks-short unhealthy-hosts',
    missing:
      'cache-cpu cache-memory cpu-high database-connections database-cpu database-storage instances-at-maximum memory-high ' +
      'tasks-at-maximum',
    notBreaching:
      'cache-evictions cache-hit-ratio database-latency error-rate generator-late response-time-p99 rotation-failed ' +
      'spot-interruptions ' +
      'task-crashes tps-near-capacity',
  };

  const ours = () =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => Properties as Record<string, unknown>)
      .map((alarm) => ({ ...alarm, name: String(alarm['AlarmName']).replace('plimsoll-staging-', '') }) as Shown);

  test('silence is judged by intent, alarm by alarm', () => {
    const found = Map.groupBy(ours(), (alarm) => alarm.TreatMissingData);
    const shown = [...found].map(([kind, alarms]) => [
      kind,
      alarms
        .map(({ name }) => name)
        .toSorted()
        .join(' '),
    ]);
    expect(Object.fromEntries(shown)).toEqual(SILENCE);
  });

  test('every cause tells the notice topic when it begins and when it ends; what users feel tells nobody by itself', () => {
    const felt = new Set(['error-rate', 'response-time-p99', 'unhealthy-hosts']);
    const told = [{ Ref: expect.stringContaining('Notice') }];
    for (const { name, AlarmActions, OKActions } of ours())
      expect({ name, AlarmActions, OKActions }).toEqual(
        felt.has(name) ? { name } : { name, AlarmActions: told, OKActions: told },
      );
  });

  test('no alarm has more than ten metrics, which CloudWatch refuses, with the largest cache that the schema takes', () => {
    const most = synthesise('staging', ({ environment, scaling }) => {
      const { staging } = environment;
      if (staging?.cache === undefined) throw new Error('staging has a cache');
      return {
        environment: { ...environment, staging: { ...staging, cache: { ...staging.cache, replicas: 4 } } },
        scaling,
      };
    });
    const counts = [...most.resources.values()].flatMap(({ Type, Properties }) => {
      const metrics = Properties?.['Metrics'];
      if (Type !== 'AWS::CloudWatch::Alarm' || !Array.isArray(metrics)) return [];
      return [metrics.filter((metric: object) => 'MetricStat' in metric).length];
    });
    expect(Math.max(...counts)).toBe(10);
    expect(environmentSchema.shape.staging.unwrap().shape.cache.unwrap().shape.replicas.maxValue).toBe(4);
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
        OKActions: [{ Ref: Match.stringLikeRegexp('Page') }],
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
    const runbooks = texts.map(
      (text) => /\n1\. .+\n2\. .+\n3\. .+\nRunbook: (docs\/runbooks\/[\w-]+\.md)$/.exec(text)?.[1] ?? text,
    );
    expect(runbooks.filter((path) => !existsSync(path))).toEqual([]);
    expect(new Set(runbooks).size).toBe(texts.length);
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

  test('CloudWatch, EventBridge and Budgets may publish to both topics, and nobody may without TLS', () => {
    const policies = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
    expect(policies).toHaveLength(2);
    for (const { Properties } of policies) {
      const statements = Properties.PolicyDocument.Statement as Record<string, unknown>[];
      const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
      expect(allowed.map(({ Action, Principal }) => ({ Action, Principal }))).toEqual(
        [['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'], 'events.amazonaws.com'].map((Service) => ({
          Action: 'sns:Publish',
          Principal: { Service },
        })),
      );
      expect(statements).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
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
