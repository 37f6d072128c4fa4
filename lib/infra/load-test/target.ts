import { Stack } from 'aws-cdk-lib';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { BorrowedNames } from '../borrowed-names.ts';
import type { Environment } from '../../environment/environment.ts';
import type { ExistingSystem } from '../../environment/existing.ts';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import type { LoadTestProps, SystemNames } from './props.ts';
import type { ResetTask } from './workflow.ts';
import type { StagingEnvironment } from '../staging/staging-environment.ts';

/** What load goes to, and from where. */
export type LoadTarget = Pick<
  LoadTestProps,
  'vpc' | 'subnets' | 'clients' | 'target' | 'healthPath' | 'system' | 'reset'
>;

/** The environment built here, by its names in another stack. */
export function builtTarget(
  names: BorrowedNames,
  staging: StagingEnvironment,
  healthPath: string,
  reset: LoadTestConfiguration['reset'],
): LoadTarget {
  const { network, balancer, service, cluster, database } = staging;
  const { vpc } = network;
  const { subnetIds, availabilityZones } = vpc.selectSubnets(network.workers);
  const place = placeOf(Stack.of(names), {
    vpcId: names.borrow('Vpc', vpc.vpcId),
    subnetIds: subnetIds.map((id) => names.borrow('Subnet', id)),
    clientsGroupId: names.borrow('ClientsGroup', balancer.clients.securityGroupId),
    availabilityZones,
  });
  return {
    ...place,
    target: staging.address,
    healthPath,
    ...(reset && { reset: { ...resetTask(staging, reset.command), subnets: place.subnets } }),
    system: {
      service: {
        cluster: names.borrow('ClusterName', cluster.cluster.clusterName),
        name: names.borrow('ServiceName', service.workload.service.serviceName),
      },
      targetGroupArn: names.borrow('TargetGroupArn', service.targets.targetGroupArn),
      loadBalancerArn: names.borrow('LoadBalancerArn', balancer.balancer.loadBalancerArn),
      databaseId: names.borrow('DBInstanceIdentifier', database.instance.instanceIdentifier),
    },
  };
}

/** The service's own task with another command: it has the rights and secrets that the service has. */
function resetTask({ cluster, service }: StagingEnvironment, command: readonly string[]): Omit<ResetTask, 'subnets'> {
  const { taskDefinition, group } = service.workload;
  const { instances, strategies } = cluster;
  return {
    cluster: cluster.cluster,
    taskDefinition,
    command,
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
  const { target, healthPath, ...ids } = place;
  return { ...placeOf(scope, { ...ids, availabilityZones }), target, healthPath, system: namesOf(system) };
}

interface Place {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly clientsGroupId: string;
  readonly availabilityZones: readonly string[];
}

/** Network, subnets and group of clients, by their names alone. */
function placeOf(
  scope: Construct,
  { vpcId, subnetIds, clientsGroupId, availabilityZones }: Place,
): Pick<LoadTarget, 'vpc' | 'subnets' | 'clients'> {
  acknowledge(scope, {
    'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId': 'Tasks are put into these subnets; nothing is routed here.',
  });
  return {
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: [...availabilityZones] }),
    subnets: {
      subnets: subnetIds.map((subnetId, i) => Subnet.fromSubnetAttributes(scope, `Subnet${i}`, { subnetId })),
    },
    clients: SecurityGroup.fromSecurityGroupId(scope, 'Clients', clientsGroupId, { mutable: false }),
  };
}

function namesOf({ serviceArn, targetGroupArn, loadBalancerArn, databaseArn }: ExistingSystem): SystemNames {
  const [, cluster = '', name = ''] = serviceArn.split('/');
  const databaseId = databaseArn?.split(':').at(-1);
  return { service: { cluster, name }, targetGroupArn, loadBalancerArn, ...(databaseId && { databaseId }) };
}
