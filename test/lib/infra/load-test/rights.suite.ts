import { describe, expect, test } from '@jest/globals';
import { readable, unborrowed } from '../readable.ts';
import { synthesise } from '../synthesise.ts';

/** Actions of one statement, what they are allowed of, and under what condition. */
type Right = readonly [actions: string, of: string | readonly string[], condition?: object];

const ACCOUNT = 'us-east-1:AWS::AccountId';
const RESULTS = 'LoadTestResults.Arn';
const keys = (...prefixes: readonly string[]): readonly string[] => prefixes.map((prefix) => `${RESULTS}/${prefix}`);
/** Without it S3 answers "denied" instead of "no such key". */
const LIST: Right = ['s3:ListBucket', RESULTS];
const METRICS: Right = ['cloudwatch:GetMetricData', '*'];

const TASKS = `arn:aws:ecs:${ACCOUNT}:task/LoadTestGeneratorCluster/*`;
const EXECUTIONS = `arn:aws:states:${ACCOUNT}:execution:plimsoll-staging-load-test:*`;
const SERVICE = `arn:aws:ecs:${ACCOUNT}:service/StagingCluster/StagingServiceTasksService.Name`;
const LISTED: Right = ['ecs:ListTasks', '*', { ArnEquals: { 'ecs:cluster': 'LoadTestGeneratorCluster.Arn' } }];

/** The topic is encrypted with a key of its own. */
const TOLD: readonly Right[] = [
  ['sns:Publish', 'NotificationsNotice'],
  ['kms:Decrypt kms:GenerateDataKey', 'NotificationsKey.Arn'],
];

const logOf = (name: string): Right => ['logs:CreateLogStream logs:PutLogEvents', `LoadTest${name}Log.Arn`];

/** How Step Functions delivers its log and its traces: both know no resource. */
const DELIVERY =
  'logs:CreateLogDelivery logs:DeleteLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies logs:GetLogDelivery ' +
  'logs:ListLogDeliveries logs:PutResourcePolicy logs:UpdateLogDelivery ' +
  'xray:GetSamplingRules xray:GetSamplingTargets xray:PutTelemetryRecords xray:PutTraceSegments';

const functions = (...steps: readonly string[]): readonly string[] => [
  ...steps.map((step) => `LoadTest${step}StepFunction.Arn`),
  ...steps.map((step) => `LoadTest${step}StepFunction.Arn:*`),
];

/** In the order of docs/security.md's words: what each role of the load test may do, of what, and nothing else. */
const RIGHTS: Readonly<Record<string, readonly Right[]>> = {
  PrepareStepRole: [
    logOf('PrepareStep'),
    ['s3:GetObject', keys('lock.json', 'plans/*')],
    ['s3:PutObject', keys('executions/*', 'lock.json', 'runs/*')],
    LIST,
    [
      // The network of the function, and what the checklist asks.
      'cloudwatch:DescribeAlarms cloudwatch:GetMetricData ' +
        'ec2:AssignPrivateIpAddresses ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ' +
        'ec2:DescribeNetworkInterfaces ec2:DescribeSubnets ec2:UnassignPrivateIpAddresses ' +
        'elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeTargetHealth ' +
        'servicequotas:GetAWSDefaultServiceQuota servicequotas:GetServiceQuota',
      '*',
    ],
    ['ecs:DescribeServices', SERVICE],
    ['rds:DescribeDBInstances rds:DescribeDBSnapshots', `arn:aws:rds:${ACCOUNT}:db:StagingDatabaseInstance`],
    ['rds:DescribeDBSnapshots', `arn:aws:rds:${ACCOUNT}:snapshot:*`],
    LISTED,
    ['ecs:DescribeTasks', TASKS],
    ['states:DescribeExecution', EXECUTIONS],
  ],
  GateStepRole: [logOf('GateStep'), ['s3:GetObject s3:PutObject', `${RESULTS}/runs/*`], LIST, METRICS],
  AbortStepRole: [
    logOf('AbortStep'),
    ['s3:GetObject', keys('executions/*', 'lock.json', 'runs/*')],
    ['s3:PutObject', `${RESULTS}/runs/*`],
    LIST,
    LISTED,
    ['ecs:DescribeTasks ecs:StopTask', TASKS],
    ['states:DescribeExecution states:StopExecution', EXECUTIONS],
    ['ecs:DescribeServices ecs:UpdateService', SERVICE],
    ['elasticloadbalancing:DescribeTargetHealth', '*'],
    ...TOLD,
  ],
  ReportStepRole: [
    logOf('ReportStep'),
    ['s3:GetObject', keys('lock.json', 'runs/*')],
    ['s3:PutObject', keys('captures/*', 'lock.json', 'runs/*')],
    LIST,
    ['cloudwatch:DescribeAlarmHistory cloudwatch:GetMetricData', '*'],
    ['logs:FilterLogEvents', `arn:aws:logs:${ACCOUNT}:log-group:StagingServiceTasksLog:*`],
    ...TOLD,
  ],
  GeneratorTaskTaskRole: [['s3:GetObject s3:PutObject', keys('captures/*', 'runs/*')], LIST],
  GeneratorTaskExecutionRole: [
    [
      'ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer',
      `arn:aws:ecr:${ACCOUNT}:repository/cdk-hnb659fds-container-assets-\${AWS::AccountId}-us-east-1`,
    ],
    ['ecr:GetAuthorizationToken', '*'],
    logOf('Generator'),
  ],
  CollectorTaskTaskRole: [
    ['s3:GetObject s3:PutObject', `${RESULTS}/runs/*`],
    LIST,
    ['ecs:ListTasks', '*', { ArnEquals: { 'ecs:cluster': `arn:aws:ecs:${ACCOUNT}:cluster/StagingCluster` } }],
    ['ecs:DescribeTasks', `arn:aws:ecs:${ACCOUNT}:task/StagingCluster/*`],
    ['rds-db:connect', `arn:aws:rds-db:${ACCOUNT}:dbuser:StagingDatabaseInstance.DbiResourceId/plimsoll_watch`],
  ],
  CollectorTaskExecutionRole: [
    [
      'ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer',
      `arn:aws:ecr:${ACCOUNT}:repository/cdk-hnb659fds-container-assets-\${AWS::AccountId}-us-east-1`,
    ],
    ['ecr:GetAuthorizationToken', '*'],
    logOf('Collector'),
    ['secretsmanager:DescribeSecret secretsmanager:GetSecretValue', 'StagingCacheUrl'],
  ],
  WorkflowRole: [
    ['lambda:InvokeFunction', functions('Abort', 'Gate', 'Prepare', 'Report')],
    // The generator's, the collector's, and the service's own task that cleans its data.
    [
      'ecs:RunTask',
      [
        'StagingServiceTasksTask',
        // Of any revision: a deployment in the middle of a run makes a new one, which the next phase starts.
        `arn:aws:ecs:${ACCOUNT}:task-definition/plimsollstagingloadtestLoadTestCollectorTaskFABCBF6F:*`,
        `arn:aws:ecs:${ACCOUNT}:task-definition/plimsollstagingloadtestLoadTestGeneratorTask4BB9BD54:*`,
        `arn:aws:ecs:${ACCOUNT}:task-definition/plimsollstagingstagingStagingServiceTasksTaskBABEA8B5:*`,
        'LoadTestCollectorTask',
        'LoadTestGeneratorTask',
      ],
    ],
    [`ecs:DescribeTasks ecs:StopTask ${DELIVERY}`, '*'],
    [
      'iam:PassRole',
      [
        'LoadTestCollectorTaskExecutionRole.Arn',
        'LoadTestCollectorTaskTaskRole.Arn',
        'LoadTestGeneratorTaskExecutionRole.Arn',
        'LoadTestGeneratorTaskTaskRole.Arn',
        'StagingServiceTasksTaskExecutionRole.Arn',
        'StagingServiceTasksTaskTaskRole.Arn',
      ],
    ],
    [
      'events:DescribeRule events:PutRule events:PutTargets',
      `arn:aws:events:${ACCOUNT}:rule/StepFunctionsGetEventsForECSTaskRule`,
    ],
    ['ecs:TagResource', TASKS, { StringEquals: { 'ecs:CreateAction': 'RunTask' } }],
  ],
  // Of what starts runs by the clock; the library puts it into the stack.
  SchedulerRoleForTargetd27cceDefaultPolicyA73AD2A4: [['states:StartExecution', 'LoadTestWorkflow']],
  AftermathRole: [
    ['lambda:InvokeFunction', functions('Abort', 'Report')],
    // The checks and the teardown of a run that broke off.
    [
      'ecs:RunTask',
      [
        `arn:aws:ecs:${ACCOUNT}:task-definition/plimsollstagingloadtestLoadTestGeneratorTask4BB9BD54:*`,
        'LoadTestGeneratorTask',
      ],
    ],
    [`ecs:DescribeTasks ecs:StopTask ${DELIVERY}`, '*'],
    ['iam:PassRole', ['LoadTestGeneratorTaskExecutionRole.Arn', 'LoadTestGeneratorTaskTaskRole.Arn']],
    [
      'events:DescribeRule events:PutRule events:PutTargets',
      `arn:aws:events:${ACCOUNT}:rule/StepFunctionsGetEventsForECSTaskRule`,
    ],
    ['ecs:TagResource', TASKS, { StringEquals: { 'ecs:CreateAction': 'RunTask' } }],
  ],
  AftermathEventsRole: [['states:StartExecution', 'LoadTestAftermath']],
};

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

/** By role: each statement in the form of `Right`, with nothing left out. */
function rightsIn(environment: 'dev' | 'staging'): ReadonlyMap<string, readonly Right[]> {
  const template = synthesise(environment).of('load-test');
  const policies = template.findResources('AWS::IAM::Policy');
  return new Map(
    Object.entries(policies).map(([id, { Properties }]) => {
      const { PolicyDocument } = Properties as { PolicyDocument: { Statement: readonly Statement[] } };
      const role = /^LoadTest(\w+?)DefaultPolicy/.exec(id)?.[1] ?? id;
      return [role, (unborrowed(template, PolicyDocument.Statement) as readonly Statement[]).map(rightOf)] as const;
    }),
  );
}

function rightOf({ Effect, Action, Resource, Condition }: Statement): Right {
  const actions = [Action].flat().join(' ');
  const of = readable(Resource) as string | string[];
  const allowed = Effect === 'Allow' ? actions : `${Effect} ${actions}`;
  return Condition === undefined ? [allowed, of] : [allowed, of, readable(Condition) as object];
}

const staging = rightsIn('staging');

describe('rights of the load test', () => {
  test('are those of the roles listed here', () => {
    expect([...staging.keys()].toSorted()).toEqual(Object.keys(RIGHTS).toSorted());
  });

  test.each(Object.entries(RIGHTS))('%s may do this of that, and nothing else', (role, rights) => {
    expect(new Set(staging.get(role))).toEqual(new Set(rights));
  });

  test('without mitigation in the configuration nobody changes the service', () => {
    const actions = [...rightsIn('dev').values()].flat().flatMap(([each]) => each.split(' '));
    expect(actions).toContain('ecs:StopTask');
    expect(actions).not.toContain('ecs:UpdateService');
  });
});
