import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  InvalidParameterException,
  ListTasksCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { EcsTasks } from '../../../lib/adapters/ecs-tasks.ts';
import { ServiceFacts } from '../../../lib/adapters/service-facts.ts';

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

describe('the tasks of a run', () => {
  const tasks = new EcsTasks(clients.ecs, { cluster: 'load', family: 'generator' });
  const arns = Array.from({ length: 150 }, (_, n) => `arn:${n}`);
  const overrides = (run: string) => ({
    containerOverrides: [{ name: 'generator', environment: [{ name: 'PLIMSOLL_RUN', value: run }] }],
  });

  test('pages of ARNs, described a hundred at a time; one that is stopping is not gone yet', async () => {
    ecs
      .on(ListTasksCommand, { desiredStatus: 'RUNNING' })
      .resolvesOnce({ taskArns: arns.slice(0, 100), nextToken: 'more' })
      .resolvesOnce({ taskArns: arns.slice(100) })
      .on(ListTasksCommand, { desiredStatus: 'STOPPED' })
      .resolves({ taskArns: ['arn:stopping', 'arn:stopped', 'arn:gone'] })
      .on(DescribeTasksCommand)
      .callsFake(({ tasks: wanted }: { tasks: string[] }) => ({
        tasks: wanted
          .filter((taskArn) => taskArn !== 'arn:gone')
          .map((taskArn) => ({
            taskArn,
            lastStatus: taskArn === 'arn:stopped' ? 'STOPPED' : taskArn === 'arn:stopping' ? 'DEACTIVATING' : 'PENDING',
            overrides: overrides(taskArn === 'arn:7' ? 'other' : 'mine'),
          })),
      }));
    expect(await tasks.listRunning('mine')).toEqual([...arns.filter((arn) => arn !== 'arn:7'), 'arn:stopping']);
    const sizes = ecs.commandCalls(DescribeTasksCommand).map(({ args: [{ input }] }) => input.tasks?.length);
    expect(sizes).toEqual([100, 53]);
    expect(ecs.commandCalls(ListTasksCommand)[0]?.args[0].input).toMatchObject({
      cluster: 'load',
      family: 'generator',
    });
  });

  test('stopping gives the reason, cut to what ECS takes; a task it has forgotten is stopped already', async () => {
    ecs.on(StopTaskCommand).resolvesOnce({});
    await tasks.stop('arn:1', 'x'.repeat(2000));
    expect(ecs.commandCalls(StopTaskCommand)[0]?.args[0].input).toEqual({
      cluster: 'load',
      task: 'arn:1',
      reason: 'x'.repeat(1024),
    });
    const message = 'The referenced task was not found.';
    ecs.on(StopTaskCommand).rejects(new InvalidParameterException({ message, $metadata: {} }));
    await tasks.stop('arn:1', 'again');
  });
});

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

  test('the newest snapshot of all pages that is finished', async () => {
    const at = (hour: number, Status = 'available') => ({ Status, SnapshotCreateTime: new Date(hour * 3_600_000) });
    rds
      .on(DescribeDBSnapshotsCommand)
      .resolvesOnce({ Marker: 'more', DBSnapshots: [at(5), at(9, 'creating')] })
      .resolvesOnce({ DBSnapshots: [at(7)] })
      .resolves({ DBSnapshots: [{ Status: 'creating' }] });
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
