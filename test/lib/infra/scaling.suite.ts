import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { mismatchOf, type Synthesised, synthesise } from './synthesise.ts';

let staging: Synthesised;
let template: Template;

beforeAll(() => {
  staging = synthesise('staging');
  template = staging.of('staging');
});

describe('scaling (R127, R128, R130, R131)', () => {
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
            ResourceLabel: Match.objectLike({}),
          },
        }),
      }),
    ).toBe('');
  });

  test('a jump adds half from 75 % and doubles from 90 %, and never takes away', () => {
    const policy = [...staging.resources.values()].find(
      ({ Properties }) => Properties?.['PolicyType'] === 'StepScaling',
    );
    const steps = (policy?.Properties?.['StepScalingPolicyConfiguration'] as { StepAdjustments: unknown } | undefined)
      ?.StepAdjustments;
    // Bounds are relative to the alarm's threshold, 75 %: 90 % is 15 above it.
    expect(steps).toEqual([
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 15, ScalingAdjustment: 50 },
      { MetricIntervalLowerBound: 15, ScalingAdjustment: 100 },
    ]);
  });
});
