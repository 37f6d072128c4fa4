import type { ExistingSystem } from '../../environment/existing.ts';
import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import type { MonitoredSystem } from './metric.ts';

/**
 * A system that is there already, from its ARNs: nothing of it is imported or changed, only its metrics are read.
 */
export function existingSystem(existing: ExistingSystem, scaling: ScalingPolicy): MonitoredSystem {
  const LoadBalancer = afterSlash(existing.loadBalancerArn);
  const TargetGroup = resourceOf(existing.targetGroupArn);
  const [ClusterName = '', ServiceName = ''] = afterSlash(existing.serviceArn).split('/');
  const { autoScalingGroupName, capacityProviderName, databaseArn, databaseProxyName, cache } = existing;
  return {
    resources: {
      loadBalancer: [{ LoadBalancer }],
      targetGroup: [{ LoadBalancer, TargetGroup }],
      service: [{ ClusterName, ServiceName }],
      insights: [{ ClusterName, ServiceName }],
      ...(autoScalingGroupName && { autoScalingGroup: [{ AutoScalingGroupName: autoScalingGroupName }] }),
      ...(capacityProviderName && {
        capacityProvider: [{ ClusterName, CapacityProviderName: capacityProviderName }],
      }),
      ...(databaseArn && { database: [{ DBInstanceIdentifier: resourceOf(databaseArn).replace(/^db:/, '') }] }),
      ...(databaseProxyName && { proxy: [{ ProxyName: databaseProxyName }] }),
      ...(cache && {
        cache: Array.from({ length: cache.nodes }, (_, i) => ({
          CacheClusterId: `${resourceOf(cache.arn).replace(/^replicationgroup:/, '')}-${String(i + 1).padStart(3, '0')}`,
          CacheNodeId: '0001',
        })),
      }),
    },
    quantities: quantitiesOf(existing, scaling),
    ...(existing.logGroupName && { logGroupName: existing.logGroupName }),
  };
}

function quantitiesOf(existing: ExistingSystem, scaling: ScalingPolicy): MonitoredSystem['quantities'] {
  const { maxConnections, databaseStorageGiB, maxInstances } = existing;
  return {
    maxTasks: scaling.tasks.max,
    ...(maxConnections && { maxConnections }),
    ...(databaseStorageGiB && { databaseStorageBytes: databaseStorageGiB * 2 ** 30 }),
    ...(maxInstances && { maxInstances }),
    ...(scaling.measured && { capacityPerSecond: scaling.measured.capacityPerSecond }),
  };
}

/** The sixth part of an ARN and all after it. Source: IAM User Guide, "Amazon Resource Names". */
const resourceOf = (arn: string): string => arn.split(':').slice(5).join(':');

const afterSlash = (arn: string): string => resourceOf(arn).replace(/^[^/]*\//, '');
