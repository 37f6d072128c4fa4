import { expect, test } from '@jest/globals';
import { type Call, calls } from './calls.ts';
import { type Answer, Endpoint, refuse } from './endpoint.ts';
import { but } from './replies.ts';

const answered =
  (body: string): Answer =>
  (reply) =>
    void reply.end(body);

const missed = (operation: string): string => `<${operation}Response><${operation}Result/></${operation}Response>`;

const named = (adapter: string, action: string): Call | undefined =>
  calls.find((each) => each.adapter === adapter && each.action === action);

async function asking(call: Call | undefined, answer: Answer): Promise<unknown> {
  using endpoint = await Endpoint.open(but(call?.operation ?? '', answer));
  return await call?.ask(endpoint.config);
}

// Names and codes of the errors: the SDK's models (@aws-sdk/client-…/schemas) and S3's "Error responses".
test.each<[adapter: string, action: string, says: string, answer: Answer, gives: unknown]>([
  ['s3-store', 's3:GetObject', 'NoSuchKey', refuse('s3', 404, 'NoSuchKey'), undefined],
  ['s3-store', 's3:PutObject', 'NoSuchKey', refuse('s3', 404, 'NoSuchKey'), false],
  ['s3-store', 's3:PutObject', 'PreconditionFailed', refuse('s3', 412, 'PreconditionFailed'), false],
  ['s3-store', 's3:ListBucket', 'nothing', answered('<ListBucketResult/>'), []],
  ['ecs-tasks', 'ecs:ListTasks', 'nothing', answered('{"taskArns":[]}'), []],
  ['ecs-tasks', 'ecs:StopTask', 'that it is not found', refuse('json', 400, 'InvalidParameterException'), undefined],
  ['deployed-load-test', 'ecs:ListTaskDefinitionFamilies', 'nothing', answered('{"families":[]}'), undefined],
  ['cloudwatch-logs', 'logs:FilterLogEvents', 'nothing', answered('{"events":[]}'), []],
  ['cloudwatch-alarms', 'cloudwatch:DescribeAlarms', 'nothing', answered('{"MetricAlarms":[]}'), []],
  [
    'cloudwatch-metrics',
    'cloudwatch:GetMetricData',
    'nothing',
    answered('{"MetricDataResults":[{"Id":"cpu","StatusCode":"Complete","Timestamps":[],"Values":[]}]}'),
    {
      points: new Map(),
      periodSeconds: 60,
      doubts: ['the last figures of AWS/ECS had not come when the wait for them was over'],
    },
  ],
  [
    'service-facts',
    'elasticloadbalancing:DescribeTargetHealth',
    'nothing',
    answered(missed('DescribeTargetHealth')),
    { healthy: 0, total: 0 },
  ],
  [
    'service-facts',
    'elasticloadbalancing:DescribeLoadBalancers',
    'nothing',
    answered(missed('DescribeLoadBalancers')),
    'unknown',
  ],
  ['service-facts', 'rds:DescribeDBInstances', 'nothing', answered(missed('DescribeDBInstances')), 'unknown'],
  ['service-facts', 'rds:DescribeDBSnapshots', 'nothing', answered(missed('DescribeDBSnapshots')), 'none'],
  [
    'step-functions-executions',
    'states:DescribeExecution',
    'ExecutionDoesNotExist',
    refuse('json', 400, 'ExecutionDoesNotExist'),
    undefined,
  ],
  [
    'step-functions-executions',
    'states:StopExecution',
    'ExecutionDoesNotExist',
    refuse('json', 400, 'ExecutionDoesNotExist'),
    undefined,
  ],
  ['step-functions-executions', 'states:DescribeExecution', 'InvalidArn', refuse('json', 400, 'InvalidArn'), undefined],
])('%s, %s: where AWS says %s', async (adapter, action, _, answer, gives) => {
  expect(await asking(named(adapter, action), answer)).toEqual(gives);
});

test.each<[adapter: string, action: string, code: string, answer: Answer]>([
  ['ecs-tasks', 'ecs:ListTasks', 'ClusterNotFoundException', refuse('json', 400, 'ClusterNotFoundException')],
  ['ecs-tasks', 'ecs:StopTask', 'ClusterNotFoundException', refuse('json', 400, 'ClusterNotFoundException')],
  ['deployed-load-test', 'ecs:DescribeTaskDefinition', 'ClientException', refuse('json', 400, 'ClientException')],
  ['service-facts', 'ecs:UpdateService', 'ServiceNotFoundException', refuse('json', 400, 'ServiceNotFoundException')],
  [
    'service-facts',
    'elasticloadbalancing:DescribeTargetHealth',
    'TargetGroupNotFound',
    refuse('query', 400, 'TargetGroupNotFound'),
  ],
  [
    'service-facts',
    'elasticloadbalancing:DescribeLoadBalancers',
    'LoadBalancerNotFound',
    refuse('query', 400, 'LoadBalancerNotFound'),
  ],
  ['service-facts', 'rds:DescribeDBInstances', 'DBInstanceNotFound', refuse('query', 404, 'DBInstanceNotFound')],
  [
    'service-facts',
    'servicequotas:GetAWSDefaultServiceQuota',
    'NoSuchResourceException',
    refuse('json', 400, 'NoSuchResourceException'),
  ],
  [
    'cloudwatch-logs',
    'logs:FilterLogEvents',
    'ResourceNotFoundException',
    refuse('json', 400, 'ResourceNotFoundException'),
  ],
  ['sns-notify', 'sns:Publish', 'NotFound', refuse('query', 404, 'NotFound')],
  [
    'step-functions-workflow',
    'states:StartExecution',
    'StateMachineDoesNotExist',
    refuse('json', 400, 'StateMachineDoesNotExist'),
  ],
])('%s, %s: %s is told, with the permission', async (adapter, action, code, answer) => {
  await expect(asking(named(adapter, action), answer)).rejects.toMatchObject({
    code: 'E-AWS',
    message: `${action}: ${code} it is`,
  });
});

test('a service that ECS does not know', async () => {
  const none = answered('{"services":[],"failures":[{"arn":"arn:api","reason":"MISSING"}]}');
  await expect(asking(named('service-facts', 'ecs:DescribeServices'), none)).rejects.toMatchObject({
    code: 'E-AWS',
    message: 'ECS knows no service api.',
  });
});
