import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Environment, ExistingSystem } from '../../environment/environment.ts';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import type { LoadTestProps, SystemNames } from './props.ts';
import type { ResetTask } from './workflow.ts';
import type { StagingEnvironment } from '../staging/staging-environment.ts';

/** What load goes to, and from where. */
export type LoadTarget = Pick<
  LoadTestProps,
  'vpc' | 'subnets' | 'clients' | 'target' | 'healthPath' | 'system' | 'mayBeClustered' | 'reset'
>;

/** The environment built here. */
export function builtTarget(
  staging: StagingEnvironment,
  healthPath: string,
  reset: LoadTestConfiguration['reset'],
): LoadTarget {
  const { network, balancer, service, cluster, database } = staging;
  return {
    vpc: network.vpc,
    subnets: network.workers,
    clients: balancer.clients,
    target: staging.address,
    healthPath,
    ...(reset && { reset: resetTask(staging, reset.command) }),
    system: {
      service: { cluster: cluster.cluster.clusterName, name: service.workload.service.serviceName },
      targetGroupArn: service.targets.targetGroupArn,
      loadBalancerArn: balancer.balancer.loadBalancerArn,
      databaseId: database.instance.instanceIdentifier,
    },
    mayBeClustered: false,
  };
}

/** The service's own task with another command: it has the rights and secrets that the service has. */
function resetTask({ network, cluster, service }: StagingEnvironment, command: readonly string[]): ResetTask {
  const { taskDefinition, group } = service.workload;
  const { instances, strategies } = cluster;
  return {
    cluster: cluster.cluster,
    taskDefinition,
    command,
    subnets: network.workers,
    group,
    strategies,
    onInstances: instances !== undefined,
  };
}

/** A system that is there already, from its ARNs and the network it can be reached from; nothing of it is changed. */
export function existingTarget(
  scope: Construct,
  { availabilityZones }: Environment,
  system: ExistingSystem,
  place: NonNullable<LoadTestConfiguration['existing']>,
): LoadTarget {
  const { vpcId, subnetIds, clientsGroupId, target, healthPath } = place;
  acknowledge(scope, {
    'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId': 'Tasks are put into these subnets; nothing is routed here.',
  });
  return {
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones }),
    subnets: {
      subnets: subnetIds.map((subnetId, i) => Subnet.fromSubnetAttributes(scope, `Subnet${i}`, { subnetId })),
    },
    clients: SecurityGroup.fromSecurityGroupId(scope, 'Clients', clientsGroupId, { mutable: false }),
    target,
    healthPath,
    system: namesOf(system),
  };
}

function namesOf({ serviceArn, targetGroupArn, loadBalancerArn, databaseArn }: ExistingSystem): SystemNames {
  const [, cluster = '', name = ''] = serviceArn.split('/');
  const databaseId = databaseArn?.split(':').at(-1);
  return { service: { cluster, name }, targetGroupArn, loadBalancerArn, ...(databaseId && { databaseId }) };
}
