import { DescribeServicesCommand, type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  type DBInstance,
  DescribeDBInstancesCommand,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBSnapshots,
  type RDSClient,
} from '@aws-sdk/client-rds';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { PlimsollError } from '../../errors.ts';
import type { ServicePort, TargetHealth, TaskCounts } from '../../run/workflow/ports.ts';
import { callAws, causeName } from './client-defaults.ts';

/** What there is to ask of; what is absent answers undefined. */
export interface ServiceNames {
  readonly service?: { readonly cluster: string; readonly name: string };
  readonly targetGroupArn?: string;
  readonly loadBalancerArn?: string;
  readonly databaseId?: string;
}

export interface ServiceClients {
  readonly ecs: ECSClient;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly rds: RDSClient;
  readonly quotas: ServiceQuotasClient;
}

/** "Fargate On-Demand vCPU resource count" and "Fargate Spot vCPU resource count" (AWS Fargate service quotas). */
const QUOTA = { 'on-demand': 'L-3032A538', spot: 'L-36FBB829' } as const;

export class ServiceFacts implements ServicePort {
  readonly #clients: ServiceClients;
  readonly #names: ServiceNames;

  constructor(clients: ServiceClients, names: ServiceNames) {
    this.#clients = clients;
    this.#names = names;
  }

  async taskCounts(): Promise<TaskCounts | undefined> {
    const { service } = this.#names;
    if (service === undefined) return undefined;
    const command = new DescribeServicesCommand({ cluster: service.cluster, services: [service.name] });
    const { services } = await callAws('ecs:DescribeServices', () => this.#clients.ecs.send(command));
    const [found] = services ?? [];
    if (found === undefined) throw new PlimsollError('E-AWS', `ECS knows no service ${service.name}.`);
    return { desired: found.desiredCount ?? 0, running: found.runningCount ?? 0, pending: found.pendingCount ?? 0 };
  }

  async setDesiredTasks(desiredCount: number): Promise<void> {
    const { service } = this.#names;
    if (service === undefined) throw new PlimsollError('E-AWS', 'No service is named whose tasks could be raised.');
    const command = new UpdateServiceCommand({ cluster: service.cluster, service: service.name, desiredCount });
    await callAws('ecs:UpdateService', () => this.#clients.ecs.send(command));
  }

  async targetHealth(): Promise<TargetHealth | undefined> {
    const { targetGroupArn } = this.#names;
    if (targetGroupArn === undefined) return undefined;
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    const reply = await callAws('elasticloadbalancing:DescribeTargetHealth', () =>
      this.#clients.balancing.send(command),
    );
    const states = (reply.TargetHealthDescriptions ?? []).map(({ TargetHealth: health }) => health?.State);
    return { healthy: states.filter((state) => state === 'healthy').length, total: states.length };
  }

  async balancerState(): Promise<string | undefined> {
    const { loadBalancerArn } = this.#names;
    if (loadBalancerArn === undefined) return undefined;
    const command = new DescribeLoadBalancersCommand({ LoadBalancerArns: [loadBalancerArn] });
    const reply = await callAws('elasticloadbalancing:DescribeLoadBalancers', () =>
      this.#clients.balancing.send(command),
    );
    return reply.LoadBalancers?.[0]?.State?.Code ?? 'unknown';
  }

  async databaseStatus(): Promise<string | undefined> {
    const { databaseId } = this.#names;
    if (databaseId === undefined) return undefined;
    return (await this.#instance(databaseId))?.DBInstanceStatus ?? 'unknown';
  }

  /**
   * An instance of Aurora, or of a Multi-AZ cluster, has no snapshot of its own: its cluster has.
   * Source: Amazon RDS API, CreateDBSnapshot and CreateDBClusterSnapshot.
   */
  async newestSnapshot(): Promise<{ readonly takenAtMs: number } | 'none' | undefined> {
    const { databaseId } = this.#names;
    if (databaseId === undefined) return undefined;
    const cluster = (await this.#instance(databaseId))?.DBClusterIdentifier;
    const times = cluster === undefined ? this.#snapshotTimes(databaseId) : this.#clusterSnapshotTimes(cluster);
    const newestMs = Math.max(...(await times).map((time) => time?.getTime() ?? Number.NEGATIVE_INFINITY));
    return Number.isFinite(newestMs) ? { takenAtMs: newestMs } : 'none';
  }

  async #instance(DBInstanceIdentifier: string): Promise<DBInstance | undefined> {
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier });
    const { DBInstances } = await callAws('rds:DescribeDBInstances', () => this.#clients.rds.send(command));
    return DBInstances?.[0];
  }

  /** A copy's own time is when it was copied; what it holds is as old as the original (RDS API, DBSnapshot). */
  async #snapshotTimes(DBInstanceIdentifier: string): Promise<(Date | undefined)[]> {
    return await callAws('rds:DescribeDBSnapshots', async () => {
      const pages = paginateDescribeDBSnapshots({ client: this.#clients.rds }, { DBInstanceIdentifier });
      const found = await Array.fromAsync(pages, ({ DBSnapshots = [] }) => DBSnapshots);
      return found
        .flat()
        .filter(({ Status }) => Status === 'available')
        .map(({ SnapshotCreateTime, OriginalSnapshotCreateTime = SnapshotCreateTime }) => OriginalSnapshotCreateTime);
    });
  }

  /** A copy is left out: the time of its original stands nowhere in it (RDS API, DBClusterSnapshot). */
  async #clusterSnapshotTimes(DBClusterIdentifier: string): Promise<(Date | undefined)[]> {
    return await callAws('rds:DescribeDBClusterSnapshots', async () => {
      const pages = paginateDescribeDBClusterSnapshots({ client: this.#clients.rds }, { DBClusterIdentifier });
      const found = await Array.fromAsync(pages, ({ DBClusterSnapshots = [] }) => DBClusterSnapshots);
      return found
        .flat()
        .filter(({ Status, SourceDBClusterSnapshotArn: source }) => Status === 'available' && !source)
        .map(({ SnapshotCreateTime }) => SnapshotCreateTime);
    });
  }

  async fargateVcpus(capacity: 'on-demand' | 'spot'): Promise<number> {
    const which = { ServiceCode: 'fargate', QuotaCode: QUOTA[capacity] };
    const { quotas } = this.#clients;
    const applied = callAws('servicequotas:GetServiceQuota', () => quotas.send(new GetServiceQuotaCommand(which)));
    const { Quota } = await applied.catch(async (error: unknown) => {
      // An account that never asked for another value has none of its own.
      if (causeName(error) !== 'NoSuchResourceException') throw error;
      return await callAws('servicequotas:GetAWSDefaultServiceQuota', () =>
        quotas.send(new GetAWSDefaultServiceQuotaCommand(which)),
      );
    });
    return Quota?.Value ?? 0;
  }
}
