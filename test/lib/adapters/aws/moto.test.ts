import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateClusterCommand, ECSClient, RegisterTaskDefinitionCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { CreateDBInstanceCommand, CreateDBSnapshotCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { CloudWatchAlarms } from '../../../../lib/adapters/aws/cloudwatch-alarms.ts';
import { CloudWatchMetrics } from '../../../../lib/adapters/aws/cloudwatch-metrics.ts';
import { EcsTasks } from '../../../../lib/adapters/aws/ecs-tasks.ts';
import { S3Store } from '../../../../lib/adapters/aws/s3-store.ts';
import { ServiceFacts } from '../../../../lib/adapters/aws/service-facts.ts';
import { notifyBy } from '../../../../lib/adapters/aws/sns-notify.ts';
import { StepFunctionsExecutions } from '../../../../lib/adapters/aws/step-functions-executions.ts';
import { decodeInterval } from '../../../../lib/measure/codec.ts';
import { allSteps, merge } from '../../../../lib/measure/interval.ts';
import { PreparedRun, TaskProcess } from '../../../system/task-process.ts';
import { Moto, motoProgram } from './moto.ts';
import { storeLaws } from '../store.suite.ts';

const program = motoProgram();
const whereMotoIs = program === undefined ? describe.skip : describe;
if (program === undefined)
  process.stderr.write(
    'moto could not be installed (python3 with venv and PyPI): the tests of the AWS adapters against it are skipped\n',
  );

let moto: Moto;

whereMotoIs('against moto', () => {
  beforeAll(async () => {
    moto = await Moto.start(program ?? '');
  });

  afterAll(() => moto.stop());

  describe('a bucket is a store', () => {
    let stores = 0;
    storeLaws(async () => {
      const client = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket: 'results' }));
      return new S3Store(client, { bucket: 'results', prefix: `below/here/${(stores += 1)}/` });
    });
  });

  test("a generator's task works in a bucket as in a folder", async () => {
    const client = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'runs' }));
    const store = new S3Store(client, { bucket: 'runs', prefix: 'dev/' });
    const run = new PreparedRun('', store, 's3://runs/dev');
    const server = createServer((_, reply) => reply.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await run.prepare(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      scenarios: [{ name: 'one', steps: [{ get: '/' }] }],
      phases: [{ name: 'p', kind: 'sustained', duration: '1s', open: { rate: 40 } }],
    });
    const environment = { ...run.environment({ index: 0, of: 1 }), ...moto.environment };
    const { code, stderr } = await new TaskProcess(environment).ended;
    server.closeAllConnections();
    server.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^done: /) });
    const told = allSteps(merge((await run.intervals(0)).map(decodeInterval)));
    expect(told.ledger).toMatchObject({ sent: 40, ok: 40 });
    expect(await run.end(0)).toEqual({});
  });

  test('a bucket that is not there is told by its code, whatever is asked of it', async () => {
    const client = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    const store = new S3Store(client, { bucket: 'nowhere', prefix: '' });
    const none = { code: 'E-STORE', message: 'There is no bucket nowhere.' };
    await expect(store.get('a')).rejects.toMatchObject(none);
    await expect(store.put('a', 'x', 'absent')).rejects.toMatchObject(none);
    await expect(Array.fromAsync(store.list(''))).rejects.toMatchObject(none);
  });

  test('tasks of one run are told from those of others, until they have ended', async () => {
    const client = new ECSClient(moto.clientConfig);
    await client.send(new CreateClusterCommand({ clusterName: 'load' }));
    const containerDefinitions = [{ name: 'generator', image: 'generator', memory: 128 }];
    await client.send(new RegisterTaskDefinitionCommand({ family: 'generator', containerDefinitions }));
    const start = async (run: string): Promise<string> => {
      const environment = [{ name: 'PLIMSOLL_RUN', value: run }];
      const command = new RunTaskCommand({
        cluster: 'load',
        taskDefinition: 'generator',
        launchType: 'FARGATE',
        overrides: { containerOverrides: [{ name: 'generator', environment }] },
      });
      return (await client.send(command)).tasks?.[0]?.taskArn ?? '';
    };
    const [one, two] = [await start('mine'), await start('mine'), await start('other')];
    const tasks = new EcsTasks(client, { cluster: 'load' }, 1);
    expect((await tasks.listRunning('mine')).toSorted()).toEqual([one, two].toSorted());
    await tasks.stop(one, 'the test is over');
    await tasks.stop(two, 'the test is over');
    expect(await tasks.listRunning('mine')).toEqual([]);
    await tasks.stop(two, 'again');
  });

  test('alarms by their names, with their states, and none that begins alike', async () => {
    const client = new CloudWatchClient(moto.clientConfig);
    for (const AlarmName of ['plimsoll-dev-cpu-high', 'plimsoll-dev-error-rate', 'plimsoll-dev-anna-cpu-high']) {
      await client.send(
        new PutMetricAlarmCommand({
          AlarmName,
          Namespace: 'N',
          MetricName: 'M',
          Statistic: 'Average',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: 'GreaterThanThreshold',
        }),
      );
    }
    const alarm = { AlarmName: 'plimsoll-dev-error-rate', StateValue: 'ALARM', StateReason: 'test' } as const;
    await client.send(new SetAlarmStateCommand(alarm));
    const states = await new CloudWatchAlarms(client).states([
      'plimsoll-dev-cpu-high',
      'plimsoll-dev-error-rate',
      'plimsoll-dev-memory-high',
    ]);
    expect(states.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'plimsoll-dev-cpu-high', state: 'OK' },
      { name: 'plimsoll-dev-error-rate', state: 'ALARM' },
    ]);
  });

  test('metrics by minute, of one dimension and not the other', async () => {
    const client = new CloudWatchClient(moto.clientConfig);
    const startMs = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
    const put = async (minute: number, Value: number, Environment: string): Promise<void> =>
      void (await client.send(
        new PutMetricDataCommand({
          Namespace: 'Plimsoll',
          MetricData: [
            {
              MetricName: 'RequestsOk',
              Value,
              Timestamp: new Date(startMs + minute * 60_000 + 1000),
              Dimensions: [{ Name: 'Environment', Value: Environment }],
            },
          ],
        }),
      ));
    for (const [minute, value] of [
      [0, 4],
      [1, 5],
      [1, 6],
      [2, 7],
    ] as const)
      await put(minute, value, 'dev');
    await put(1, 100, 'perf');
    const part = { namespace: 'Plimsoll', metric: 'RequestsOk', dimensions: { Environment: 'dev' } };
    const queries = (['Sum', 'Maximum', 'Average'] as const).map((statistic) => ({
      id: `ok_${statistic}`,
      expression: 'n',
      parts: { n: { ...part, statistic } },
    }));
    const window = { fromMs: startMs, toMs: startMs + 180_000, periodSeconds: 60 };
    const metrics = new CloudWatchMetrics(client, { lateMs: 0, pollMs: 10 });
    const { points, periodSeconds, doubts } = await metrics.read(queries, window);
    const at = (minute: number, value: number) => [startMs + minute * 60_000, value];
    expect(Object.fromEntries(points)).toEqual({
      ok_Sum: [at(0, 4), at(1, 11), at(2, 7)],
      ok_Maximum: [at(0, 4), at(1, 6), at(2, 7)],
      ok_Average: [at(0, 4), at(1, 5.5), at(2, 7)],
    });
    expect({ periodSeconds, doubts }).toEqual({ periodSeconds: 60, doubts: [] });
  });

  test('an execution runs until it is stopped; one that nobody knows does not run', async () => {
    const client = new SFNClient(moto.clientConfig);
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name: 'workflow',
        definition: JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } }),
        roleArn: 'arn:aws:iam::123456789012:role/workflow',
      }),
    );
    const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    const executions = new StepFunctionsExecutions(client);
    expect(await executions.isRunning(executionArn)).toBe(true);
    await executions.stop(executionArn, 'the test is over');
    expect(await executions.isRunning(executionArn)).toBe(false);
    const unknown = executionArn.replace(/:[^:]+$/, ':never');
    expect(await executions.isRunning(unknown)).toBe(false);
    await executions.stop(unknown, 'nothing to stop');
  });

  test('whoever subscribed is told, under a subject that e-mail takes', async () => {
    const client = new SNSClient(moto.clientConfig);
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'runs' }));
    const { QueueUrl } = (await moto.sqs('CreateQueue', { QueueName: 'inbox' })) as { QueueUrl: string };
    const Endpoint = TopicArn.replace(':sns:', ':sqs:').replace(/:runs$/, ':inbox');
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    await notifyBy(client, TopicArn)(`week7: fail —\n${'x'.repeat(200)}`, 'Grüße\nzwei Zeilen');
    const { Messages } = (await moto.sqs('ReceiveMessage', { QueueUrl })) as {
      Messages: { Body: string }[];
    };
    const told = JSON.parse(Messages[0]?.Body ?? '') as { Subject: string; Message: string };
    expect(told.Message).toBe('Grüße\nzwei Zeilen');
    expect(told.Subject).toMatch(/^week7: fail {2}x{86}$/);
  });

  test('the newest finished snapshot, and whether the database is there', async () => {
    const rds = new RDSClient(moto.clientConfig);
    const clients = {
      rds,
      ecs: new ECSClient(moto.clientConfig),
      balancing: new ElasticLoadBalancingV2Client(moto.clientConfig),
      quotas: new ServiceQuotasClient(moto.clientConfig),
    };
    const DBInstanceIdentifier = 'orders';
    await rds.send(
      new CreateDBInstanceCommand({ DBInstanceIdentifier, Engine: 'postgres', DBInstanceClass: 'db.t4g.micro' }),
    );
    const facts = new ServiceFacts(clients, { databaseId: DBInstanceIdentifier });
    expect(await facts.databaseStatus()).toBe('available');
    const before = Date.now() - 1000;
    await rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier: 'fresh' }));
    const newest = await facts.newestSnapshot();
    expect(newest).toEqual({ takenAtMs: expect.any(Number) });
    expect((newest as { takenAtMs: number }).takenAtMs).toBeGreaterThan(before);
    expect(
      await new ServiceFacts(clients, { databaseId: 'nobody' }).databaseStatus().catch((error) => error),
    ).toMatchObject({ code: 'E-AWS', message: expect.stringContaining('rds:DescribeDBInstances') });
  });
});
