import { Stack } from 'aws-cdk-lib';
import { type ISecurityGroup, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { BorrowedNames } from '../borrowed-names.ts';
import type { Environment, ServiceConfiguration } from '../../environment/environment.ts';
import type { ExistingSystem } from '../../environment/existing.ts';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import type { CollectorProps, LoadTestProps, SystemNames } from './props.ts';
import type { ResetTask } from './workflow.ts';
import type { StagingEnvironment } from '../staging/staging-environment.ts';

/** What load goes to, and from where. */
export type LoadTarget = Pick<
  LoadTestProps,
  'vpc' | 'subnets' | 'clients' | 'target' | 'healthPath' | 'system' | 'mayBeClustered' | 'reset' | 'collector'
>;

/** The environment built here, by its names in another stack. */
export function builtTarget(
  names: BorrowedNames,
  staging: StagingEnvironment,
  paths: Pick<ServiceConfiguration, 'healthPath' | 'metricsPath' | 'port'>,
  reset: LoadTestConfiguration['reset'],
): LoadTarget {
  const { healthPath } = paths;
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
    collector: builtCollector(names, staging, paths),
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
    mayBeClustered: false,
  };
}

function builtCollector(
  names: BorrowedNames,
  { watchers, database, cache }: StagingEnvironment,
  { port, metricsPath }: Pick<ServiceConfiguration, 'metricsPath' | 'port'>,
): CollectorProps {
  const stack = Stack.of(names);
  const { host, port: databasePort, name, resourceId } = database.watched;
  return {
    group: groupOf(stack, 'Watchers', names.borrow('WatchersGroup', watchers.securityGroupId)),
    port,
    ...(metricsPath !== undefined && { metricsPath }),
    database: {
      host: names.borrow('DatabaseHost', host),
      port: databasePort,
      name,
      resourceId: names.borrow('DatabaseResource', resourceId),
    },
    ...(cache && {
      cacheUrl: Secret.fromSecretCompleteArn(stack, 'CacheUrl', names.borrow('CacheUrl', cache.url.secretArn)),
    }),
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
  place: ExistingPlace,
): LoadTarget {
  const { target, healthPath, collect, ...ids } = place;
  return {
    ...placeOf(scope, { ...ids, availabilityZones }),
    target,
    healthPath,
    system: namesOf(system),
    ...(collect && { collector: existingCollector(scope, collect) }),
  };
}

function existingCollector(
  scope: Construct,
  { groupId, cacheUrlSecretArn, ...collect }: NonNullable<ExistingPlace['collect']>,
): CollectorProps {
  return {
    ...collect,
    group: groupOf(scope, 'Watchers', groupId),
    ...(cacheUrlSecretArn !== undefined && {
      cacheUrl: Secret.fromSecretCompleteArn(scope, 'CacheUrl', cacheUrlSecretArn),
    }),
  };
}

const groupOf = (scope: Construct, id: string, groupId: string): ISecurityGroup =>
  SecurityGroup.fromSecurityGroupId(scope, id, groupId, { mutable: false });

type ExistingPlace = NonNullable<LoadTestConfiguration['existing']>;

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
    clients: groupOf(scope, 'Clients', clientsGroupId),
  };
}

function namesOf({ serviceArn, targetGroupArn, loadBalancerArn, databaseArn }: ExistingSystem): SystemNames {
  const [, cluster = '', name = ''] = serviceArn.split('/');
  const databaseId = databaseArn?.split(':').at(-1);
  return { service: { cluster, name }, targetGroupArn, loadBalancerArn, ...(databaseId && { databaseId }) };
}
