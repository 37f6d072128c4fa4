import { beforeEach, expect, test } from '@jest/globals';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { addressWithToken } from '../../../../lib/adapters/aws/database-token.ts';
import { serviceTasks } from '../../../../lib/adapters/aws/service-tasks.ts';

const ecs = mockClient(ECSClient);
beforeEach(() => void ecs.reset());

const find = () => serviceTasks(new ECSClient({}), { cluster: 'shop', name: 'api' });
const taskAt = (taskArn: string, host: string, more: Partial<Task> = {}): Task => ({
  taskArn,
  lastStatus: 'RUNNING',
  attachments: [
    { type: 'Service Connect', details: [{ name: 'ContainerName', value: 'envoy' }] },
    {
      type: 'ElasticNetworkInterface',
      details: [
        { name: 'subnetId', value: 's' },
        { name: 'privateIPv4Address', value: host },
      ],
    },
  ],
  ...more,
});

test('a service’s tasks are found with their addresses, pages of them described a hundred at a time', async () => {
  const arns = Array.from({ length: 150 }, (_, n) => `arn:${n}`);
  ecs
    .on(ListTasksCommand)
    .resolvesOnce({ taskArns: arns.slice(0, 100), nextToken: 'more' })
    .resolvesOnce({ taskArns: arns.slice(100) })
    .on(DescribeTasksCommand)
    .callsFake(({ tasks }: { tasks: string[] }) => ({
      tasks: tasks.map((arn) => taskAt(arn, `10.0.0.${arn.slice(4)}`)),
    }));
  const found = await find();
  expect([found.length, found[149]]).toEqual([150, { task: 'arn:149', host: '10.0.0.149' }]);
  expect(ecs.commandCalls(ListTasksCommand)[0]?.args[0].input).toMatchObject({
    cluster: 'shop',
    serviceName: 'api',
    desiredStatus: 'RUNNING',
  });
  expect(ecs.commandCalls(DescribeTasksCommand).map(({ args: [{ input }] }) => input.tasks?.length)).toEqual([100, 50]);
});

test('one that is still starting, or has no address of its own, is left out', async () => {
  const tasks = [
    taskAt('arn:1', '10.0.0.1'),
    taskAt('arn:2', '10.0.0.2', { lastStatus: 'PENDING' }),
    taskAt('arn:3', '', { attachments: [] }),
  ];
  ecs
    .on(ListTasksCommand)
    .resolves({ taskArns: ['arn:1', 'arn:2', 'arn:3'] })
    .on(DescribeTasksCommand)
    .resolves({ tasks });
  expect(await find()).toEqual([{ task: 'arn:1', host: '10.0.0.1' }]);
});

test('a database’s address has a token in the place of the password, which survives the address', async () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
  const address = 'postgresql://plimsoll_watch@shop.internal:5432/app?sslmode=verify-full';
  const made = new URL(await addressWithToken(address)());
  process.env = before;
  // As pg takes it out of an address.
  const token = new URL(`https://${decodeURIComponent(made.password)}`);
  expect([made.username, made.host, made.pathname, made.search]).toEqual([
    'plimsoll_watch',
    'shop.internal:5432',
    '/app',
    '?sslmode=verify-full',
  ]);
  // Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication".
  expect([
    token.host,
    token.searchParams.get('Action'),
    token.searchParams.get('DBUser'),
    token.searchParams.get('X-Amz-Expires'),
  ]).toEqual(['shop.internal:5432', 'connect', 'plimsoll_watch', '900']);
  expect(token.searchParams.get('X-Amz-Credential')).toMatch(/^testing\/\d{8}\/us-east-1\/rds-db\/aws4_request$/);
});
