import {
  type CapacityProviderStrategy,
  CfnClusterCapacityProviderAssociations,
  Cluster as EcsCluster,
  ContainerInsights,
  type ICluster,
} from 'aws-cdk-lib/aws-ecs';
import { Construct, Dependable, type IDependable } from 'constructs';
import type {
  CapacityConfiguration,
  FargateConfiguration,
  ServiceConfiguration,
} from '../../environment/environment.ts';
import { Instances } from './instances.ts';
import type { Network } from './network.ts';

export interface ClusterProps {
  readonly network: Network;
  readonly capacity: CapacityConfiguration;
  readonly architecture: ServiceConfiguration['architecture'];
}

/** An ECS cluster with Container Insights, and what carries its tasks. */
export class Cluster extends Construct {
  readonly cluster: ICluster;
  /** Absent on Fargate. */
  readonly instances: Instances | undefined;
  /** How a service spreads its tasks; its sum of weights is never 0. */
  readonly strategies: CapacityProviderStrategy[];
  /**
   * What a service has to be made after and removed before: the providers' bond to the cluster. ECS refuses a strategy of a
   * provider that is not bound yet, and unbinds none that is in use; the library draws neither dependency (aws-cdk #19275).
   */
  readonly bound: IDependable;

  constructor(scope: Construct, id: string, { network, capacity, architecture }: ClusterProps) {
    super(scope, id);
    const cluster = new EcsCluster(this, 'Cluster', {
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
      enableFargateCapacityProviders: 'fargate' in capacity,
    });
    // The cast: under exactOptionalPropertyTypes the library's class does not fit its own interface.
    this.cluster = cluster as ICluster;
    this.bound = associationsOf(cluster);
    if ('fargate' in capacity) {
      this.strategies = fargateStrategies(capacity.fargate);
      return;
    }
    this.instances = new Instances(this, 'Ec2', { ...capacity.ec2, network, architecture, cluster: this.cluster });
    const { provider } = this.instances;
    cluster.addAsgCapacityProvider(provider);
    this.strategies = [{ capacityProvider: provider.capacityProviderName, weight: 1 }];
  }
}

/** The library adds them only while it synthesises, so they are looked up when the dependency is asked for. */
function associationsOf(cluster: EcsCluster): IDependable {
  const bond: IDependable = {};
  Dependable.implement(bond, {
    get dependencyRoots() {
      return cluster.node.children.filter((child) => child instanceof CfnClusterCapacityProviderAssociations);
    },
  });
  return bond;
}

/**
 * Base and shares as ECS wants them: the base on demand, the rest by weight in percent. A provider of weight 0 and base 0 never
 * gets a task, so it is left out. Source: Amazon ECS API, CapacityProviderStrategyItem.
 */
export function fargateStrategies({ onDemandBase, spotShare }: FargateConfiguration): CapacityProviderStrategy[] {
  const spot = Math.round(spotShare * 100);
  const all = [
    { capacityProvider: 'FARGATE', base: onDemandBase, weight: 100 - spot },
    { capacityProvider: 'FARGATE_SPOT', base: 0, weight: spot },
  ];
  return all.filter(({ base, weight }) => base > 0 || weight > 0);
}
