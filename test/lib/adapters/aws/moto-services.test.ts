import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  CreateDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CloudWatchLog } from '../../../../lib/adapters/aws/cloudwatch-logs.ts';
import { deployedLoadTest } from '../../../../lib/adapters/aws/deployed-load-test.ts';
import { S3Store } from '../../../../lib/adapters/aws/s3-store.ts';
import { type ServiceNames, ServiceFacts } from '../../../../lib/adapters/aws/service-facts.ts';
import { StepFunctionsWorkflow } from '../../../../lib/adapters/aws/step-functions-workflow.ts';
import { Moto, motoProgram } from './moto.ts';

const program = motoProgram();
// moto.test.ts says why they are skipped.
const whereMotoIs = program === undefined ? describe.skip : describe;

let moto: Moto;

const factsOf = (names: ServiceNames): ServiceFacts =>
  new ServiceFacts(
    {
      ecs: new ECSClient(moto.clientConfig),
      balancing: new ElasticLoadBalancingV2Client(moto.clientConfig),
      rds: new RDSClient(moto.clientConfig),
      quotas: new ServiceQuotasClient(moto.clientConfig),
    },
    names,
  );

/** A task definition of one container, which knows a store if one is given. */
async function define(family: string, store?: string): Promise<void> {
  const environment = store === undefined ? [] : [{ name: 'PLIMSOLL_STORE', value: store }];
  const containerDefinitions = [{ name: 'it', image: 'it', memory: 128, environment }];
  await new ECSClient(moto.clientConfig).send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
}

whereMotoIs('against moto', () => {
  beforeAll(async () => {
    moto = await Moto.start(program ?? '');
  });

  afterAll(() => moto.stop());

  test('how many tasks a service wants and has, and more of them', async () => {
    const client = new ECSClient(moto.clientConfig);
    await client.send(new CreateClusterCommand({ clusterName: 'staging' }));
    await define('api');
    const service = { cluster: 'staging', serviceName: 'api', taskDefinition: 'api', desiredCount: 2 };
    await client.send(new CreateServiceCommand(service));
    const facts = factsOf({ service: { cluster: 'staging', name: 'api' } });
    expect(await facts.taskCounts()).toEqual({ desired: 2, running: 0, pending: 2 });
    await facts.setDesiredTasks(5);
    expect(await facts.taskCounts()).toEqual({ desired: 5, running: 5, pending: 0 });
    const none = factsOf({ service: { cluster: 'staging', name: 'nobody' } });
    await expect(none.taskCounts()).rejects.toMatchObject({ message: 'ECS knows no service nobody.' });
  });

  test('whether the balancer takes requests, and which targets are healthy', async () => {
    const client = new ElasticLoadBalancingV2Client(moto.clientConfig);
    const { vpc: VpcId, subnets } = await moto.subnets();
    const balancer = { Name: 'staging', Subnets: subnets.slice(0, 2) };
    const { LoadBalancers } = await client.send(new CreateLoadBalancerCommand(balancer));
    const loadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    const group = { Name: 'api', Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'ip' } as const;
    const { TargetGroups } = await client.send(new CreateTargetGroupCommand(group));
    const targetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    const Targets = [{ Id: '10.0.0.1' }, { Id: '10.0.0.2' }];
    await client.send(new RegisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets }));
    const facts = factsOf({ targetGroupArn, loadBalancerArn });
    expect(await facts.balancerState()).toBe('active');
    expect(await facts.targetHealth()).toEqual({ healthy: 2, total: 2 });
    const unknown = factsOf({ loadBalancerArn: `${loadBalancerArn}0`, targetGroupArn: `${targetGroupArn}0` });
    for (const ask of [() => unknown.balancerState(), () => unknown.targetHealth()])
      await expect(ask()).rejects.toMatchObject({ code: 'E-AWS', message: expect.stringMatching(/^elastic\w+:/) });
  });

  test('the load test of a stack is found by its task, and no other', async () => {
    await define('plimsolldevloadtestLoadTestGeneratorTask1A2B3C4D', 's3://results');
    await define('plimsolldevloadtestLoadTestResetTask1A2B3C4D');
    const client = new ECSClient(moto.clientConfig);
    expect(await deployedLoadTest('plimsoll-dev-load-test', client)).toEqual({
      store: 's3://results',
      stateMachine: 'arn:aws:states:us-east-1:123456789012:stateMachine:plimsoll-dev-load-test',
    });
    expect(await deployedLoadTest('plimsoll-perf-load-test', client)).toBeUndefined();
  });

  test('an execution is started, stands, is stopped, and stands as that', async () => {
    const client = new SFNClient(moto.clientConfig);
    const definition = JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 600, End: true } } });
    const roleArn = 'arn:aws:iam::123456789012:role/workflow';
    const { stateMachineArn = '' } = await client.send(
      new CreateStateMachineCommand({ name: 'workflow', definition, roleArn }),
    );
    const workflow = new StepFunctionsWorkflow(client);
    const execution = await workflow.start({ stateMachineArn, name: 'one', input: { plan: 'shop' } });
    expect(execution).toBe('arn:aws:states:us-east-1:123456789012:execution:workflow:one');
    expect(await workflow.standing(execution)).toEqual({ status: 'RUNNING' });
    await workflow.stop(execution, 'the test is over');
    expect(await workflow.standing(execution)).toMatchObject({ status: 'ABORTED', endedAtMs: expect.any(Number) });
    expect(await workflow.standing(execution.replace(/one$/, 'two'))).toBeUndefined();
    const order = { stateMachineArn: `${stateMachineArn}0`, name: 'one', input: {} };
    await expect(workflow.start(order)).rejects.toMatchObject({
      code: 'E-AWS',
      message: expect.stringMatching(/^states:StartExecution: /),
    });
  });

  test('more keys than a page holds', async () => {
    const client = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'many' }));
    const store = new S3Store(client, { bucket: 'many', prefix: 'dev/' });
    const keys = Array.from({ length: 1001 }, (_, n) => `runs/${String(n).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, '')));
    expect(await Array.fromAsync(store.list('runs/'))).toEqual(keys);
  });

  test("lines of a window, of all tasks' streams", async () => {
    const client = new CloudWatchLogsClient(moto.clientConfig);
    const logGroupName = '/ecs/shop-api';
    const startMs = Date.now() - 60_000;
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    const put = async (logStreamName: string, lines: readonly (readonly [seconds: number, message: string])[]) => {
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const logEvents = lines.map(([seconds, message]) => ({ timestamp: startMs + seconds * 1000, message }));
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    };
    await put('task/api/1', [
      [0, 'ERROR before'],
      [10, 'ERROR pool is full'],
      [12, 'panic: it is'],
    ]);
    await put('task/api/2', [
      [11, '{"level":50,"msg":"it is"}'],
      [40, 'ERROR after'],
    ]);
    const window = { fromMs: startMs + 5000, toMs: startMs + 35_000 };
    const at = (seconds: number, text: string) => ({ text, atMs: startMs + seconds * 1000 });
    const found = (await Array.fromAsync(new CloudWatchLog(client, logGroupName).troubleIn(window))).flat();
    // AWS sorts them by their time; moto has one stream after the other.
    expect(found.toSorted((a, b) => a.atMs - b.atMs)).toEqual([
      at(10, 'ERROR pool is full'),
      at(11, '{"level":50,"msg":"it is"}'),
      at(12, 'panic: it is'),
    ]);
    await expect(Array.fromAsync(new CloudWatchLog(client, '/ecs/nobody').troubleIn(window))).rejects.toMatchObject({
      code: 'E-AWS',
      message: expect.stringMatching(/^logs:FilterLogEvents: .*log group does not exist/),
    });
  });

  test('the newest snapshot of an Aurora cluster, asked for by its instance', async () => {
    const rds = new RDSClient(moto.clientConfig);
    const cluster = { DBClusterIdentifier: 'shop', Engine: 'aurora-postgresql' };
    const master = { MasterUsername: 'plimsoll', MasterUserPassword: 'not-a-secret' };
    await rds.send(new CreateDBClusterCommand({ ...cluster, ...master }));
    const DBInstanceIdentifier = 'shop-writer';
    const instance = { ...cluster, DBInstanceIdentifier, DBInstanceClass: 'db.r7g.large' };
    await rds.send(new CreateDBInstanceCommand(instance));
    const facts = factsOf({ databaseId: DBInstanceIdentifier });
    const snapshot = { DBClusterIdentifier: 'shop', DBClusterSnapshotIdentifier: 'fresh' };
    await rds.send(new CreateDBClusterSnapshotCommand(snapshot));
    expect(await facts.newestSnapshot()).toEqual({ takenAtMs: expect.any(Number) });
  });
});
