import { beforeEach, describe, expect, test } from '@jest/globals';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { ServiceFacts } from '../../../../lib/adapters/aws/service-facts.ts';

const ecs = mockClient(ECSClient);
const balancing = mockClient(ElasticLoadBalancingV2Client);
const rds = mockClient(RDSClient);
const quotas = mockClient(ServiceQuotasClient);
beforeEach(() => [ecs, balancing, rds, quotas].forEach((each) => each.reset()));

const clients = {
  ecs: new ECSClient({}),
  balancing: new ElasticLoadBalancingV2Client({}),
  rds: new RDSClient({}),
  quotas: new ServiceQuotasClient({}),
};

describe('facts about the service', () => {
  const named = new ServiceFacts(clients, {
    service: { cluster: 'staging', name: 'api' },
    targetGroupArn: 'arn:targets',
    loadBalancerArn: 'arn:balancer',
    databaseId: 'orders',
  });

  test('what the environment does not name is undefined, and asks nobody', async () => {
    const facts = new ServiceFacts(clients, {});
    expect([
      await facts.taskCounts(),
      await facts.targetHealth(),
      await facts.balancerState(),
      await facts.databaseStatus(),
      await facts.newestSnapshot(),
    ]).toEqual([undefined, undefined, undefined, undefined, undefined]);
    await expect(facts.setDesiredTasks(10)).rejects.toMatchObject({ code: 'E-AWS' });
    expect(ecs.calls().length + balancing.calls().length + rds.calls().length).toBe(0);
  });

  test('how many tasks there are and shall be', async () => {
    ecs
      .on(DescribeServicesCommand, { cluster: 'staging', services: ['api'] })
      .resolvesOnce({ services: [{ desiredCount: 4, runningCount: 3, pendingCount: 1 }] })
      .resolvesOnce({ services: [], failures: [{ reason: 'MISSING' }] });
    expect(await named.taskCounts()).toEqual({ desired: 4, running: 3, pending: 1 });
    await expect(named.taskCounts()).rejects.toMatchObject({ code: 'E-AWS', message: 'ECS knows no service api.' });
    ecs.on(UpdateServiceCommand).resolves({});
    await named.setDesiredTasks(10);
    expect(ecs.commandCalls(UpdateServiceCommand)[0]?.args[0].input).toEqual({
      cluster: 'staging',
      service: 'api',
      desiredCount: 10,
    });
  });

  test('which targets are healthy, and whether the balancer takes requests', async () => {
    const states = ['healthy', 'healthy', 'draining', 'unhealthy'] as const;
    balancing
      .on(DescribeTargetHealthCommand, { TargetGroupArn: 'arn:targets' })
      .resolves({ TargetHealthDescriptions: states.map((State) => ({ TargetHealth: { State } })) })
      .on(DescribeLoadBalancersCommand, { LoadBalancerArns: ['arn:balancer'] })
      .resolves({ LoadBalancers: [{ State: { Code: 'provisioning' } }] });
    expect(await named.targetHealth()).toEqual({ healthy: 2, total: 4 });
    expect(await named.balancerState()).toBe('provisioning');
  });

  test('the newest snapshot of all pages that is finished; a copy is as old as what it holds', async () => {
    const at = (hour: number, Status = 'available') => ({ Status, SnapshotCreateTime: new Date(hour * 3_600_000) });
    const copied = { ...at(8), OriginalSnapshotCreateTime: new Date(3_600_000) };
    rds
      .on(DescribeDBInstancesCommand)
      .resolves({ DBInstances: [{ DBInstanceIdentifier: 'orders' }] })
      .on(DescribeDBSnapshotsCommand)
      .resolvesOnce({ Marker: 'more', DBSnapshots: [at(5), at(9, 'creating')] })
      .resolvesOnce({ DBSnapshots: [at(7), copied] })
      .resolves({ DBSnapshots: [{ Status: 'creating' }] });
    expect(await named.newestSnapshot()).toEqual({ takenAtMs: 7 * 3_600_000 });
    expect(await named.newestSnapshot()).toBe('none');
  });

  test('of Aurora, and of a Multi-AZ cluster, the newest finished snapshot of the cluster; how old a copy is nobody knows', async () => {
    const at = (hour: number, Status = 'available') => ({ Status, SnapshotCreateTime: new Date(hour * 3_600_000) });
    const copied = { ...at(8), SourceDBClusterSnapshotArn: 'arn:source' };
    rds
      .on(DescribeDBInstancesCommand, { DBInstanceIdentifier: 'orders' })
      .resolves({ DBInstances: [{ DBInstanceIdentifier: 'orders', DBClusterIdentifier: 'shop' }] })
      // What RDS answers where an instance is a cluster's.
      .on(DescribeDBSnapshotsCommand)
      .resolves({ DBSnapshots: [] })
      .on(DescribeDBClusterSnapshotsCommand, { DBClusterIdentifier: 'shop' })
      .resolvesOnce({ Marker: 'more', DBClusterSnapshots: [at(5), at(9, 'creating')] })
      .resolvesOnce({ DBClusterSnapshots: [at(7), copied] })
      .resolves({ DBClusterSnapshots: [] });
    expect(await named.newestSnapshot()).toEqual({ takenAtMs: 7 * 3_600_000 });
    expect(await named.newestSnapshot()).toBe('none');
  });

  test.each([
    ['on-demand', 'L-3032A538'],
    ['spot', 'L-36FBB829'],
  ] as const)("the account's quota of %s vCPUs, or the default where it has none", async (capacity, QuotaCode) => {
    const which = { ServiceCode: 'fargate', QuotaCode };
    const none = new NoSuchResourceException({ message: 'none', $metadata: {} });
    quotas
      .on(GetServiceQuotaCommand, which)
      .resolvesOnce({ Quota: { Value: 400 } })
      .rejectsOnce(none)
      .on(GetAWSDefaultServiceQuotaCommand, which)
      .resolves({ Quota: { Value: 6 } });
    expect(await named.fargateVcpus(capacity)).toBe(400);
    expect(await named.fargateVcpus(capacity)).toBe(6);
  });
});
