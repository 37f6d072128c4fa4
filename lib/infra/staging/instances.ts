import { Stack, TimeZone } from 'aws-cdk-lib';
import {
  AutoScalingGroup,
  BlockDeviceVolume,
  CfnAutoScalingGroup,
  EbsDeviceVolumeType,
  GroupMetrics,
  OnDemandAllocationStrategy,
  SpotAllocationStrategy,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  InstanceType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  MachineImage,
  type SecurityGroup,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { AsgCapacityProvider, type ICluster } from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Universal } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeResource } from '../acknowledge.ts';
import { type Ec2Configuration, type ServiceConfiguration, USED_PERCENT } from '../../environment/environment.ts';
import type { Network } from './network.ts';

export interface InstancesProps extends Ec2Configuration {
  readonly network: Network;
  readonly cluster: ICluster;
  readonly architecture: ServiceConfiguration['architecture'];
}

/**
 * How machines are exchanged for new ones: a new one first, then an old one is drained and goes, whether it is protected from scale-in
 * or not. Protected is each that carries tasks; by default a refresh waits an hour for each of them and then fails, and a rolling
 * update of CloudFormation waits as well. Sources: Amazon EC2 Auto Scaling API, RefreshPreferences; AWS CloudFormation, UpdatePolicy
 * attribute, AutoScalingInstanceRefresh; Amazon ECS Developer Guide, "Safely stop Amazon ECS workloads running on EC2 instances".
 */
const EXCHANGE = {
  minHealthyPercentage: 100,
  maxHealthyPercentage: 110,
  scaleInProtectedInstances: 'Refresh',
} as const;

/** Seconds until an instance has joined its cluster; counting it before would start too many. */
const WARM_UP_SECONDS = 120;

/** EC2 instances that carry tasks: an on-demand base, Spot above it, several types, sized by ECS itself. */
export class Instances extends Construct {
  readonly group: AutoScalingGroup;
  readonly provider: AsgCapacityProvider;

  constructor(scope: Construct, id: string, props: InstancesProps) {
    super(scope, id);
    const securityGroup = props.network.groupFor(this, 'Group', 'Container instances');
    props.network.allowAws(securityGroup);
    this.group = this.#scalingGroup(props, this.#template(props, securityGroup));
    this.group.node.addDependency(props.network.wayOut);
    this.provider = new AsgCapacityProvider(this, 'Provider', {
      autoScalingGroup: this.group,
      enableManagedScaling: true,
      // Instances leave only when they carry no task any more.
      enableManagedTerminationProtection: true,
      enableManagedDraining: true,
      targetCapacityPercent: USED_PERCENT,
      instanceWarmupPeriod: WARM_UP_SECONDS,
      maximumScalingStepSize: 4,
    });
    exchangeMonthly(this, this.group);
    acknowledge(this.group, {
      'AwsSolutions-AS3':
        'Launches and terminations reach the notice topic through EventBridge (scaling-notices.ts), with a text that people can read.',
      'AwsSolutions-EC26':
        'The rule cannot read a launch template from a mixed-instances policy. The only volume is encrypted; a test holds it.',
    });
  }

  #template(props: InstancesProps, securityGroup: SecurityGroup): LaunchTemplate {
    return new LaunchTemplate(this, 'Template', {
      machineImage: MachineImage.resolveSsmParameterAtLaunch(imageParameter(props.architecture)),
      instanceType: new InstanceType(props.instanceTypes[0] ?? ''),
      securityGroup,
      userData: agentSettings(),
      role: instanceRole(this, props.cluster),
      // IMDSv2 alone, and one hop: no container on a bridge network reaches the instance's role. Tasks have interfaces of their own and need
      // no hop at all; the agent's setting keeps those away.
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      requireImdsv2: true,
      detailedMonitoring: true,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(30, { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }),
        },
      ],
    });
  }

  #scalingGroup(props: InstancesProps, launchTemplate: LaunchTemplate): AutoScalingGroup {
    const group = new AutoScalingGroup(this, 'Instances', {
      vpc: props.network.vpc,
      vpcSubnets: props.network.workers,
      minCapacity: props.min,
      maxCapacity: props.max,
      mixedInstancesPolicy: {
        launchTemplate,
        launchTemplateOverrides: props.instanceTypes.map((type) => ({ instanceType: new InstanceType(type) })),
        instancesDistribution: {
          onDemandAllocationStrategy: OnDemandAllocationStrategy.PRIORITIZED,
          onDemandBaseCapacity: props.onDemandBase,
          onDemandPercentageAboveBaseCapacity: Math.round((1 - props.spotShare) * 100),
          // Price and how seldom a pool is interrupted, weighed by AWS; its recommendation for most workloads.
          spotAllocationStrategy: SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
        },
      },
      // A Spot instance at risk is replaced before its two-minute notice.
      capacityRebalance: props.spotShare > 0,
      groupMetrics: [GroupMetrics.all()],
      newInstancesProtectedFromScaleIn: true,
    });
    const { defaultChild } = group.node;
    if (!(defaultChild instanceof CfnAutoScalingGroup)) throw new Error('an Auto Scaling group is one resource');
    defaultChild.cfnOptions.updatePolicy = {
      autoScalingInstanceRefresh: {
        strategy: 'Rolling',
        preferences: { ...EXCHANGE, instanceWarmup: WARM_UP_SECONDS },
      },
      // A deployment does not set the group back to its minimum while ECS has raised it.
      autoScalingScheduledAction: { ignoreUnmodifiedGroupSizeProperties: true },
    };
    return group;
  }
}

/**
 * Where AWS writes the id of its newest image for ECS. Each machine asks when it starts: asked at deployment, the answer would stay the
 * same until the next deployment, and a new machine would be as old as the one it replaces.
 * Sources: Amazon ECS Developer Guide, "Retrieving Amazon ECS-optimized Linux AMI metadata"; Amazon EC2 Auto Scaling User Guide, "Use AWS
 * Systems Manager parameters instead of AMI IDs in launch templates".
 */
const imageParameter = (architecture: InstancesProps['architecture']): string =>
  `/aws/service/ecs/optimized-ami/amazon-linux-2023/${architecture === 'arm64' ? 'arm64/' : ''}recommended/image_id`;

/** On the first Monday: the tests of the week are over by then, and their own timetables begin on Tuesday. */
const EXCHANGED = { minute: '0', hour: '6', weekDay: 'MON#1' };

/**
 * Patches arrive with new machines, once a month. The group's own maximum lifetime passes over every instance that is protected from
 * scale-in, which are all that carry tasks: Amazon EC2 Auto Scaling User Guide, "Replace Auto Scaling instances based on maximum
 * instance lifetime".
 */
function exchangeMonthly(scope: Construct, group: AutoScalingGroup): Schedule {
  const { autoScalingGroupArn, autoScalingGroupName } = group;
  const { minHealthyPercentage, maxHealthyPercentage, scaleInProtectedInstances } = EXCHANGE;
  // The library puts the role of a schedule into the stack.
  acknowledgeResource(Stack.of(scope), autoScalingGroupArn, 'The ARN of a group holds an id that only AWS knows.');
  return new Schedule(scope, 'Exchange', {
    description: 'New instances, with the patches of the month',
    schedule: ScheduleExpression.cron({ ...EXCHANGED, month: '*', year: '*', timeZone: TimeZone.ETC_UTC }),
    target: new Universal({
      service: 'autoscaling',
      action: 'startInstanceRefresh',
      input: ScheduleTargetInput.fromObject({
        AutoScalingGroupName: autoScalingGroupName,
        Preferences: {
          MinHealthyPercentage: minHealthyPercentage,
          MaxHealthyPercentage: maxHealthyPercentage,
          ScaleInProtectedInstances: scaleInProtectedInstances,
          InstanceWarmup: WARM_UP_SECONDS,
        },
      }),
      policyStatements: [
        new PolicyStatement({ actions: ['autoscaling:StartInstanceRefresh'], resources: [autoScalingGroupArn] }),
      ],
    }),
  });
}

/**
 * What the ECS agent does not do by itself: keep tasks away from the instance's role, and drain an instance when Spot takes it
 * back, of which managed draining does not learn. Sources: Amazon ECS Developer Guide, "Amazon EC2 container instance security
 * considerations" and "Configuring Amazon ECS Linux container instances to receive Spot Instance notices".
 */
function agentSettings(): UserData {
  const userData = UserData.forLinux();
  for (const setting of ['ECS_AWSVPC_BLOCK_IMDS', 'ECS_ENABLE_SPOT_INSTANCE_DRAINING'])
    userData.addCommands(`echo ${setting}=true >> /etc/ecs/ecs.config`);
  return userData;
}

/**
 * What the ECS agent on an instance needs, and no more: no wildcard action, unlike AWS's managed policy and the library's own,
 * which can't be added since the role is handed on without updates. Images are pulled, logs and secrets read by the tasks' execution role.
 * Source: Amazon ECS Developer Guide, "Amazon ECS container instance IAM role"; Service Authorization Reference, Amazon ECS.
 */
function instanceRole(scope: Construct, cluster: ICluster): IRole {
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const instances = Stack.of(scope).formatArn({
    service: 'ecs',
    resource: 'container-instance',
    resourceName: `${cluster.clusterName}/*`,
  });
  role.addToPolicy(new PolicyStatement({ actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'ecs:RegisterContainerInstance',
        'ecs:DeregisterContainerInstance',
        'ecs:SubmitAttachmentStateChanges',
        'ecs:SubmitContainerStateChange',
        'ecs:SubmitTaskStateChange',
      ],
      resources: [cluster.clusterArn],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
      resources: [instances],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
    }),
  );
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]': 'ecs:DiscoverPollEndpoint knows no resource (Service Authorization Reference).',
  });
  acknowledgeResource(role, instances, "The cluster's own instances, whose names ECS makes up when they register.");
  return role.withoutPolicyUpdates();
}
