import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { fargateStrategies } from '../../../../lib/infra/staging/cluster.ts';
import { countOf, mismatchOf, synthesise } from '../synthesise.ts';

let template: Template;
let perf: Template;
let dev: Template;

beforeAll(() => {
  template = synthesise('staging').of('staging');
  perf = synthesise('perf').of('staging');
  dev = synthesise('dev').of('staging');
});

describe('capacity: what emulators drop', () => {
  test('on EC2 two instances are on demand, everything above is Spot of several types', () => {
    expect(
      mismatchOf(template, 'AWS::AutoScaling::AutoScalingGroup', {
        MinSize: '2',
        MaxSize: '6',
        CapacityRebalance: true,
        NewInstancesProtectedFromScaleIn: true,
        // It would pass over every instance that carries tasks.
        MaxInstanceLifetime: Match.absent(),
        // Without these the alarm instances-at-maximum has nothing to read.
        MetricsCollection: [{ Granularity: '1Minute' }],
        MixedInstancesPolicy: {
          InstancesDistribution: {
            OnDemandBaseCapacity: 2,
            OnDemandPercentageAboveBaseCapacity: 0,
            SpotAllocationStrategy: 'price-capacity-optimized',
          },
          LaunchTemplate: Match.objectLike({
            Overrides: [{ InstanceType: 'm7g.large' }, { InstanceType: 'm6g.large' }],
          }),
        },
      }),
    ).toBe('');
    expect(
      mismatchOf(perf, 'AWS::AutoScaling::AutoScalingGroup', {
        MixedInstancesPolicy: Match.objectLike({
          InstancesDistribution: Match.objectLike({ OnDemandPercentageAboveBaseCapacity: 50 }),
        }),
      }),
    ).toBe('');
  });

  test('ECS sizes the group itself, drains first, and never ends an instance that carries tasks', () => {
    expect(
      mismatchOf(template, 'AWS::ECS::CapacityProvider', {
        AutoScalingGroupProvider: Match.objectLike({
          ManagedScaling: Match.objectLike({ Status: 'ENABLED', TargetCapacity: 90, InstanceWarmupPeriod: 120 }),
          ManagedTerminationProtection: 'ENABLED',
          ManagedDraining: 'ENABLED',
        }),
      }),
    ).toBe('');
    expect(
      mismatchOf(template, 'AWS::ECS::ClusterCapacityProviderAssociations', {
        CapacityProviders: [{ Ref: Match.stringLikeRegexp('Provider') }],
      }),
    ).toBe('');
  });

  test('machines are exchanged once a month, those with tasks on them too, for ones with the newest image', () => {
    expect(
      mismatchOf(template, 'AWS::Scheduler::Schedule', {
        ScheduleExpression: 'cron(0 6 ? * MON#1 *)',
        State: 'ENABLED',
        Target: Match.objectLike({
          Arn: {
            'Fn::Join': [
              '',
              Match.arrayWith([Match.stringLikeRegexp(':scheduler:::aws-sdk:autoscaling:startInstanceRefresh$')]),
            ],
          },
          Input: {
            'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('"ScaleInProtectedInstances":"Refresh"')])],
          },
        }),
      }),
    ).toBe('');
    const machines = {
      LaunchTemplateData: Match.objectLike({ ImageId: Match.stringLikeRegexp('^resolve:ssm:/aws/') }),
    };
    expect(mismatchOf(template, 'AWS::EC2::LaunchTemplate', machines)).toBe('');
  });

  test('a deployment exchanges machines in the same way, and is not held up by those with tasks on them', () => {
    const UpdatePolicy = {
      AutoScalingRollingUpdate: Match.absent(),
      AutoScalingInstanceRefresh: {
        Strategy: 'Rolling',
        Preferences: Match.objectLike({ MinHealthyPercentage: 100, ScaleInProtectedInstances: 'Refresh' }),
      },
      AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true },
    };
    expect(mismatchOf(template, 'AWS::AutoScaling::AutoScalingGroup', { UpdatePolicy }, 'whole')).toBe('');
  });

  test('the agent keeps tasks from the instance’s role, and drains when Spot takes the instance back', () => {
    const [launch] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
    const script = JSON.stringify(launch?.['Properties']?.LaunchTemplateData.UserData);
    for (const setting of ['ECS_AWSVPC_BLOCK_IMDS=true', 'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true', 'ECS_CLUSTER='])
      expect(script).toContain(`echo ${setting}`);
  });

  test('instances: IMDSv2 with one hop, an encrypted disk', () => {
    expect(
      mismatchOf(template, 'AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: Match.objectLike({
          MetadataOptions: Match.objectLike({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 }),
          BlockDeviceMappings: [Match.objectLike({ Ebs: Match.objectLike({ Encrypted: true, VolumeType: 'gp3' }) })],
        }),
      }),
    ).toBe('');
  });

  test.each([
    [
      1,
      0.5,
      [
        { capacityProvider: 'FARGATE', base: 1, weight: 50 },
        { capacityProvider: 'FARGATE_SPOT', base: 0, weight: 50 },
      ],
    ],
    [0, 1, [{ capacityProvider: 'FARGATE_SPOT', base: 0, weight: 100 }]],
    [
      2,
      1,
      [
        { capacityProvider: 'FARGATE', base: 2, weight: 0 },
        { capacityProvider: 'FARGATE_SPOT', base: 0, weight: 100 },
      ],
    ],
    [0, 0, [{ capacityProvider: 'FARGATE', base: 0, weight: 100 }]],
  ])('on Fargate base %i and Spot share %f', (onDemandBase, spotShare, expected) => {
    expect(fargateStrategies({ onDemandBase, spotShare })).toEqual(expected);
  });

  test('dev runs on Fargate Spot', () => {
    expect(
      mismatchOf(dev, 'AWS::ECS::Service', {
        CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Base: 0, Weight: 100 }],
        LaunchType: Match.absent(),
        LoadBalancers: [Match.objectLike({ ContainerName: 'service', ContainerPort: 8080 })],
      }),
    ).toBe('');
    expect(countOf(dev, 'AWS::AutoScaling::AutoScalingGroup')).toBe(0);
  });
});
