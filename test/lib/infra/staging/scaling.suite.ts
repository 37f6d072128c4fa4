import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { mismatchOf, type Synthesised, synthesise } from '../synthesise.ts';

let staging: Synthesised;
let template: Template;

beforeAll(() => {
  staging = synthesise('staging');
  template = staging.of('staging');
});

describe('scaling', () => {
  test('tasks: bounds, and other bounds by the clock', () => {
    expect(
      mismatchOf(template, 'AWS::ApplicationAutoScaling::ScalableTarget', {
        MinCapacity: 2,
        MaxCapacity: 8,
        ScheduledActions: [
          Match.objectLike({
            Schedule: 'cron(45 7 ? * MON-FRI *)',
            Timezone: 'Europe/London',
            ScalableTargetAction: { MinCapacity: 4, MaxCapacity: 8 },
          }),
          Match.objectLike({
            Schedule: 'cron(0 19 ? * MON-FRI *)',
            ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 8 },
          }),
        ],
      }),
    ).toBe('');
  });

  test.each([
    ['ECSServiceAverageCPUUtilization', 60],
    ['ECSServiceAverageMemoryUtilization', 75],
    ['ALBRequestCountPerTarget', 3000],
  ])('target tracking on %s at %i, out after 60 s, in after 300 s', (PredefinedMetricType, TargetValue) => {
    expect(
      mismatchOf(template, 'AWS::ApplicationAutoScaling::ScalingPolicy', {
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: Match.objectLike({
          PredefinedMetricSpecification: Match.objectLike({ PredefinedMetricType }),
          TargetValue,
          ScaleOutCooldown: 60,
          ScaleInCooldown: 300,
        }),
      }),
    ).toBe('');
  });

  test('requests per target have the resource label, without which the policy fails at deployment', () => {
    expect(
      mismatchOf(template, 'AWS::ApplicationAutoScaling::ScalingPolicy', {
        TargetTrackingScalingPolicyConfiguration: Match.objectLike({
          PredefinedMetricSpecification: {
            PredefinedMetricType: 'ALBRequestCountPerTarget',
            ResourceLabel: Match.anyValue(),
          },
        }),
      }),
    ).toBe('');
    // app/<balancer>/<id>/targetgroup/<group>/<id>: the balancer's part of the listener's ARN, then the group's full name.
    const [targets = ''] = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    const [listener = ''] = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::Listener'));
    const labels = [...staging.resources.values()].flatMap(
      ({ Properties }) => JSON.stringify(Properties)?.match(/"ResourceLabel":(\{.*?\]\]\})/)?.[1] ?? [],
    );
    const part = (i: number) => ({ 'Fn::Select': [i, { 'Fn::Split': ['/', { Ref: listener }] }] });
    expect(labels.map((label): unknown => JSON.parse(label))).toEqual([
      {
        'Fn::Join': [
          '',
          [part(1), '/', part(2), '/', part(3), '/', { 'Fn::GetAtt': [targets, 'TargetGroupFullName'] }],
        ],
      },
    ]);
  });

  test('a jump adds half from 75 % and doubles from 90 %, and never takes away', () => {
    const policy = [...staging.resources.values()].find(
      ({ Properties }) => Properties?.['PolicyType'] === 'StepScaling',
    );
    expect(policy?.Properties?.['StepScalingPolicyConfiguration']).toMatchObject({
      AdjustmentType: 'PercentChangeInCapacity',
      Cooldown: 60,
      MetricAggregationType: 'Maximum',
      MinAdjustmentMagnitude: 1,
    });
    expect(
      mismatchOf(template, 'AWS::CloudWatch::Alarm', {
        Namespace: 'AWS/ECS',
        MetricName: 'CPUUtilization',
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 75,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        AlarmActions: [{ Ref: Match.stringLikeRegexp('Jump') }],
      }),
    ).toBe('');
    const steps = (policy?.Properties?.['StepScalingPolicyConfiguration'] as { StepAdjustments: unknown } | undefined)
      ?.StepAdjustments;
    // Bounds are relative to the alarm's threshold, 75 %: 90 % is 15 above it.
    expect(steps).toEqual([
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 15, ScalingAdjustment: 50 },
      { MetricIntervalLowerBound: 15, ScalingAdjustment: 100 },
    ]);
  });

  test('CPU every 20 seconds: the service publishes it, and target tracking reads it', () => {
    const fast = synthesise('staging', ({ environment, scaling }) => ({
      environment,
      scaling: {
        ...scaling,
        cpu: { ...scaling.cpu, everySeconds: 20 },
        predictive: { mode: 'forecast-only', bufferSeconds: 600 },
      },
    })).of('staging');
    expect(
      mismatchOf(fast, 'AWS::ECS::Service', {
        Monitoring: { MetricConfigurations: [{ MetricNames: ['CPUUtilization'], ResolutionSeconds: 20 }] },
      }),
    ).toBe('');
    expect(
      mismatchOf(fast, 'AWS::ApplicationAutoScaling::ScalingPolicy', {
        TargetTrackingScalingPolicyConfiguration: Match.objectLike({
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilizationHighResolution' },
          TargetValue: 60,
        }),
      }),
    ).toBe('');
    expect(
      mismatchOf(fast, 'AWS::ApplicationAutoScaling::ScalingPolicy', {
        PolicyType: 'PredictiveScaling',
        PredictiveScalingPolicyConfiguration: {
          Mode: 'ForecastOnly',
          SchedulingBufferTime: 600,
          MaxCapacityBreachBehavior: 'HonorMaxCapacity',
          MetricSpecifications: [
            {
              TargetValue: 60,
              PredefinedMetricPairSpecification: { PredefinedMetricType: 'ECSServiceCPUUtilization' },
            },
          ],
        },
      }),
    ).toBe('');
  });
});
