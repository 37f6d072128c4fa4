import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { CloudWatchAlarmDrill } from '../../../../lib/adapters/aws/alarm-drill.ts';
import { CloudWatchAlarms } from '../../../../lib/adapters/aws/cloudwatch-alarms.ts';
import { CloudWatchLog } from '../../../../lib/adapters/aws/cloudwatch-logs.ts';
import { CloudWatchMetrics } from '../../../../lib/adapters/aws/cloudwatch-metrics.ts';
import { deployedLoadTest } from '../../../../lib/adapters/aws/deployed-load-test.ts';
import { EcsTasks } from '../../../../lib/adapters/aws/ecs-tasks.ts';
import { S3Store } from '../../../../lib/adapters/aws/s3-store.ts';
import { ServiceFacts } from '../../../../lib/adapters/aws/service-facts.ts';
import { serviceTasks } from '../../../../lib/adapters/aws/service-tasks.ts';
import { notifyBy } from '../../../../lib/adapters/aws/sns-notify.ts';
import { StepFunctionsExecutions } from '../../../../lib/adapters/aws/step-functions-executions.ts';
import { StepFunctionsWorkflow } from '../../../../lib/adapters/aws/step-functions-workflow.ts';
import type { Endpoint } from './endpoint.ts';
import { MINUTE_MS, RUNNING } from './replies.ts';

type Config = Endpoint['config'];

const window = { fromMs: MINUTE_MS, toMs: MINUTE_MS + 60_000, periodSeconds: 60 };
const part = { namespace: 'AWS/ECS', metric: 'CPUUtilization', dimensions: {}, statistic: 'Average' } as const;

const store = (config: Config): S3Store => new S3Store(new S3Client(config), { bucket: 'results', prefix: '' });
const tasks = (config: Config): EcsTasks => new EcsTasks(new ECSClient(config), { cluster: 'load' }, 1);
const executions = (config: Config): StepFunctionsExecutions => new StepFunctionsExecutions(new SFNClient(config));
const workflow = (config: Config): StepFunctionsWorkflow => new StepFunctionsWorkflow(new SFNClient(config));
const facts = (config: Config, databaseId = 'orders'): ServiceFacts =>
  new ServiceFacts(
    {
      ecs: new ECSClient(config),
      balancing: new ElasticLoadBalancingV2Client(config),
      rds: new RDSClient(config),
      quotas: new ServiceQuotasClient(config),
    },
    {
      service: { cluster: 'staging', name: 'api' },
      targetGroupArn: 'arn:targets',
      loadBalancerArn: 'arn:balancer',
      databaseId,
    },
  );

/** One call of AWS by an adapter: the permission it needs, the operation on the wire, and what comes of the replies below. */
export interface Call {
  /** File in lib/adapters/aws, without the ending. */
  readonly adapter: string;
  readonly action: string;
  readonly operation: string;
  readonly ask: (config: Config) => Promise<unknown>;
  readonly gives: unknown;
}

type Row = readonly [action: string, ask: Call['ask'], gives: unknown, operation?: string];

/** An operation is called as its permission is, but where a row says otherwise. */
const of = (adapter: string, ...rows: readonly Row[]): Call[] =>
  rows.map(([action, ask, gives, operation = action.split(':')[1] ?? '']) => ({
    adapter,
    action,
    operation,
    ask,
    gives,
  }));

const deployed = (config: Config): Promise<unknown> => deployedLoadTest('stack', new ECSClient(config));
const DEPLOYED = {
  store: 's3://results',
  stateMachine: 'arn:aws:states:us-east-1:111122223333:stateMachine:stack',
};

const readCpu = async (config: Config): Promise<unknown> =>
  await new CloudWatchMetrics(new CloudWatchClient(config), { lateMs: 0, pollMs: 1 }).read(
    [{ id: 'cpu', expression: 'n', parts: { n: part } }],
    window,
  );

const logOf = (config: Config): CloudWatchLog => new CloudWatchLog(new CloudWatchLogsClient(config), '/ecs/shop');

const found = (config: Config): Promise<unknown> =>
  serviceTasks(new ECSClient(config), { cluster: 'staging', name: 'api' });

const ORDER = { stateMachineArn: 'arn:m', name: 'n', input: {} };

export const calls: readonly Call[] = [
  ...of(
    's3-store',
    ['s3:GetObject', async (config) => (await store(config).get('a'))?.version, '"1"'],
    ['s3:PutObject', (config) => store(config).put('a', 'x', 'absent'), true],
    ['s3:ListBucket', (config) => Array.fromAsync(store(config).list('')), ['a', 'b'], 'ListObjectsV2'],
  ),
  ...of(
    'ecs-tasks',
    ['ecs:ListTasks', (config) => tasks(config).listRunning('mine'), [RUNNING]],
    ['ecs:DescribeTasks', (config) => tasks(config).listRunning('mine'), [RUNNING]],
    ['ecs:StopTask', (config) => tasks(config).stop('arn:1', 'why'), undefined],
  ),
  ...of(
    'service-tasks',
    ['ecs:ListTasks', found, [{ task: RUNNING, host: '10.10.16.5' }]],
    ['ecs:DescribeTasks', found, [{ task: RUNNING, host: '10.10.16.5' }]],
  ),
  ...of(
    'service-facts',
    ['ecs:DescribeServices', (config) => facts(config).taskCounts(), { desired: 3, running: 2, pending: 1 }],
    ['ecs:UpdateService', (config) => facts(config).setDesiredTasks(5), undefined],
    ['elasticloadbalancing:DescribeTargetHealth', (config) => facts(config).targetHealth(), { healthy: 1, total: 2 }],
    ['elasticloadbalancing:DescribeLoadBalancers', (config) => facts(config).balancerState(), 'active'],
    ['rds:DescribeDBInstances', (config) => facts(config).databaseStatus(), 'available'],
    ['rds:DescribeDBSnapshots', (config) => facts(config).newestSnapshot(), { takenAtMs: 1_800_000_000_000 }],
    [
      'rds:DescribeDBClusterSnapshots',
      (config) => facts(config, 'shop-writer').newestSnapshot(),
      { takenAtMs: 1_800_003_600_000 },
    ],
    ['servicequotas:GetServiceQuota', (config) => facts(config).fargateVcpus('spot'), 6],
    ['servicequotas:GetAWSDefaultServiceQuota', (config) => facts(config).fargateVcpus('spot'), 6],
  ),
  ...of(
    'deployed-load-test',
    ['ecs:ListTaskDefinitionFamilies', deployed, DEPLOYED],
    ['ecs:DescribeTaskDefinition', deployed, DEPLOYED],
  ),
  ...of('cloudwatch-metrics', [
    'cloudwatch:GetMetricData',
    readCpu,
    { points: new Map([['cpu', [[MINUTE_MS, 0.5]]]]), periodSeconds: 60, doubts: [] },
  ]),
  ...of('cloudwatch-logs', [
    'logs:FilterLogEvents',
    async (config) => (await Array.fromAsync(logOf(config).troubleIn(window))).flat(),
    [{ text: 'ERROR pool is full', atMs: MINUTE_MS + 1 }],
  ]),
  ...of('cloudwatch-alarms', [
    'cloudwatch:DescribeAlarms',
    (config) => new CloudWatchAlarms(new CloudWatchClient(config)).states(['dev-a']),
    [{ name: 'dev-a', state: 'OK' }],
  ]),
  ...of('alarm-drill', [
    'cloudwatch:SetAlarmState',
    (config) => new CloudWatchAlarmDrill(new CloudWatchClient(config)).set({ name: 'dev-a', state: 'ALARM' }, 'why'),
    undefined,
  ]),
  ...of('alarm-history', [
    'cloudwatch:DescribeAlarmHistory',
    (config) => new CloudWatchAlarmDrill(new CloudWatchClient(config)).actionsSince('dev-a', MINUTE_MS),
    [{ succeeded: true, text: 'Successfully executed action arn:topic' }],
  ]),
  ...of('sns-notify', ['sns:Publish', (config) => notifyBy(new SNSClient(config), 'arn:topic')('a', 'b'), undefined]),
  ...of(
    'step-functions-executions',
    ['states:DescribeExecution', (config) => executions(config).standing('arn:1'), { status: 'RUNNING' }],
    ['states:StopExecution', (config) => executions(config).stop('arn:1', 'why'), undefined],
  ),
  ...of('step-functions-workflow', ['states:StartExecution', (config) => workflow(config).start(ORDER), 'arn:1']),
];
