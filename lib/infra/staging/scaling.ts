import { Duration, TimeZone } from 'aws-cdk-lib';
import {
  AdjustmentType,
  CfnScalableTarget,
  CfnScalingPolicy,
  MetricAggregationType,
  Schedule,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type BaseService, CfnService, type ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { ScalingPolicy } from '../../environment/scaling-policy.ts';

export interface ScalingProps {
  readonly service: BaseService;
  readonly targets: ApplicationTargetGroup;
  readonly policy: ScalingPolicy;
}

/**
 * Task scaling: three target trackings, of which the one that wants most tasks wins, a jump for sudden
 * load, and other bounds by the clock. Target tracking scales out after 3 minutes and in after 15, by alarms of its own
 * (Application Auto Scaling User Guide, "Target tracking scaling policies").
 */
export class Scaling extends Construct {
  readonly tasks: ScalableTaskCount;

  constructor(scope: Construct, id: string, { service, targets, policy }: ScalingProps) {
    super(scope, id);
    this.tasks = service.autoScaleTaskCount({ minCapacity: policy.tasks.min, maxCapacity: policy.tasks.max });
    this.#track(targets, policy);
    if (policy.cpu.everySeconds === 20) this.#seeCpuSooner(service);
    if (policy.predictive !== undefined) this.#predict(policy.predictive, policy);
    if (policy.jump !== undefined) this.#jump(service, policy.jump);
    for (const { name, cron, timezone, min, max } of policy.schedule) {
      this.tasks.scaleOnSchedule(name, {
        schedule: Schedule.expression(`cron(${cron})`),
        timeZone: TimeZone.of(timezone),
        minCapacity: min,
        maxCapacity: max,
      });
    }
  }

  #track(targetGroup: ApplicationTargetGroup, { cpu, memory, requests, cooldown }: ScalingPolicy): void {
    const cooldowns = {
      scaleOutCooldown: Duration.seconds(cooldown.outSeconds),
      scaleInCooldown: Duration.seconds(cooldown.inSeconds),
    };
    this.tasks.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: percent(cpu.targetRatio), ...cooldowns });
    this.tasks.scaleOnMemoryUtilization('Memory', {
      targetUtilizationPercent: percent(memory.targetRatio),
      ...cooldowns,
    });
    this.tasks.scaleOnRequestCount('Requests', {
      targetGroup,
      requestsPerTarget: requests.targetPerMinute,
      ...cooldowns,
    });
  }

  /**
   * CPU every 20 seconds, and target tracking on it; the library has no name for it yet. The policy is made after the service, since the metric must
   * stand before it. Source: Amazon ECS Developer Guide, "Faster auto scaling with high-resolution metrics".
   */
  #seeCpuSooner(service: BaseService): void {
    const resource = service.node.findAll().find((each) => each instanceof CfnService);
    const policy = this.tasks.node
      .findAll()
      .find((each) => each instanceof CfnScalingPolicy && each.node.path.includes('/Cpu/'));
    if (resource === undefined || !(policy instanceof CfnScalingPolicy))
      throw new Error('a service and its tracking of CPU are a resource each');
    resource.monitoring = { metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 20 }] };
    policy.addPropertyOverride(
      'TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType',
      'ECSServiceAverageCPUUtilizationHighResolution',
    );
    policy.node.addDependency(service);
  }

  /**
   * Adds only: what a forecast put there, target tracking takes away. Sources: Amazon ECS Developer Guide, "predictive scaling"; the metric is one of those
   * in AWS CloudFormation's reference, PredictiveScalingPredefinedMetricPair.
   */
  #predict({ mode, bufferSeconds }: NonNullable<ScalingPolicy['predictive']>, { cpu }: ScalingPolicy): void {
    const target = this.tasks.node.findAll().find((each) => each instanceof CfnScalableTarget);
    if (target === undefined) throw new Error('a scalable target is one resource');
    const predictive = new CfnScalingPolicy(this, 'Predictive', {
      policyName: `${this.node.path.replaceAll('/', '-')}-predictive`,
      policyType: 'PredictiveScaling',
      scalingTargetId: target.ref,
      predictiveScalingPolicyConfiguration: {
        mode: mode === 'scale' ? 'ForecastAndScale' : 'ForecastOnly',
        schedulingBufferTime: bufferSeconds,
        maxCapacityBreachBehavior: 'HonorMaxCapacity',
        metricSpecifications: [
          {
            targetValue: percent(cpu.targetRatio),
            predefinedMetricPairSpecification: { predefinedMetricType: 'ECSServiceCPUUtilization' },
          },
        ],
      },
    });
    predictive.node.addDependency(target);
  }

  /** Adds only: taking away is left to target tracking, so that the two never work against each other. */
  #jump({ cluster, serviceName }: BaseService, { steps }: NonNullable<ScalingPolicy['jump']>): void {
    const metric = new Metric({
      namespace: 'AWS/ECS',
      metricName: 'CPUUtilization',
      dimensionsMap: { ClusterName: cluster.clusterName, ServiceName: serviceName },
      statistic: 'Average',
      period: Duration.minutes(1),
    });
    const sorted = steps.toSorted((a, b) => a.cpuRatio - b.cpuRatio);
    this.tasks.scaleOnMetric('Jump', {
      metric,
      scalingSteps: [
        { upper: percent(sorted[0]?.cpuRatio ?? 1), change: 0 },
        ...sorted.map(({ cpuRatio, addShare }) => ({ lower: percent(cpuRatio), change: percent(addShare) })),
      ],
      adjustmentType: AdjustmentType.PERCENT_CHANGE_IN_CAPACITY,
      // With two tasks a half would round down to one; it shall be one at least.
      minAdjustmentMagnitude: 1,
      metricAggregationType: MetricAggregationType.MAXIMUM,
      evaluationPeriods: 1,
      cooldown: Duration.seconds(60),
    });
  }
}

/** Whole percent, which is what the scaling interfaces take: 0.6 · 100 is not 60 in binary. */
const percent = (ratio: number): number => Math.round(ratio * 100);
