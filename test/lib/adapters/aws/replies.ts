import { type Answer, type Asked, refuse } from './endpoint.ts';

/** The start of a whole minute, an hour ago. */
export const MINUTE_MS = (Math.floor(Date.now() / 60_000) - 60) * 60_000;

/** A task, running. */
export const RUNNING = 'arn:aws:ecs:us-east-1:111122223333:task/load/1';

const GENERATOR = 'arn:aws:ecs:us-east-1:111122223333:task-definition/stackLoadTestGenerator:7';
const mine = { containerOverrides: [{ name: 'g', environment: [{ name: 'PLIMSOLL_RUN', value: 'mine' }] }] };
const networkInterface = {
  type: 'ElasticNetworkInterface',
  details: [{ name: 'privateIPv4Address', value: '10.10.16.5' }],
};
const stored = { environment: [{ name: 'PLIMSOLL_STORE', value: 's3://results' }] };
const health = (state: string): string => `<member><TargetHealth><State>${state}</State></TargetHealth></member>`;
const queried = (operation: string, result: string): string =>
  `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;

/** What AWS replies when all is well: the fields that are read, in the shape of the wire. */
const replies: Readonly<Record<string, string>> = {
  GetObject: 'there',
  PutObject: '',
  ListObjectsV2:
    '<ListBucketResult><Contents><Key>a</Key></Contents><Contents><Key>b</Key></Contents></ListBucketResult>',
  ListTasks: JSON.stringify({ taskArns: [RUNNING] }),
  DescribeTasks: JSON.stringify({
    tasks: [{ taskArn: RUNNING, lastStatus: 'RUNNING', overrides: mine, attachments: [networkInterface] }],
  }),
  StopTask: JSON.stringify({ task: { taskArn: RUNNING } }),
  DescribeServices: JSON.stringify({ services: [{ desiredCount: 3, runningCount: 2, pendingCount: 1 }] }),
  UpdateService: JSON.stringify({ service: { desiredCount: 5 } }),
  ListTaskDefinitionFamilies: JSON.stringify({ families: ['stackLoadTestGenerator'] }),
  DescribeTaskDefinition: JSON.stringify({
    taskDefinition: { taskDefinitionArn: GENERATOR, containerDefinitions: [stored] },
  }),
  GetMetricData: JSON.stringify({
    MetricDataResults: [{ Id: 'cpu', StatusCode: 'Complete', Timestamps: [MINUTE_MS / 1000], Values: [0.5] }],
  }),
  FilterLogEvents: JSON.stringify({ events: [{ timestamp: MINUTE_MS + 1, message: 'ERROR pool is full' }] }),
  SetAlarmState: '{}',
  DescribeAlarmHistory: JSON.stringify({
    AlarmHistoryItems: [
      { AlarmName: 'dev-a', HistoryItemType: 'Action', HistorySummary: 'Successfully executed action arn:topic' },
    ],
  }),
  DescribeAlarms: JSON.stringify({ MetricAlarms: [{ AlarmName: 'dev-a', StateValue: 'OK' }], CompositeAlarms: [] }),
  DescribeTargetHealth: queried(
    'DescribeTargetHealth',
    `<TargetHealthDescriptions>${health('healthy')}${health('draining')}</TargetHealthDescriptions>`,
  ),
  DescribeLoadBalancers: queried(
    'DescribeLoadBalancers',
    '<LoadBalancers><member><State><Code>active</Code></State></member></LoadBalancers>',
  ),
  DescribeDBInstances: queried(
    'DescribeDBInstances',
    '<DBInstances><DBInstance><DBInstanceStatus>available</DBInstanceStatus></DBInstance></DBInstances>',
  ),
  DescribeDBSnapshots: queried(
    'DescribeDBSnapshots',
    '<DBSnapshots><DBSnapshot><Status>available</Status><SnapshotCreateTime>2027-01-15T08:00:00.000Z</SnapshotCreateTime></DBSnapshot></DBSnapshots>',
  ),
  DescribeDBClusterSnapshots: queried(
    'DescribeDBClusterSnapshots',
    '<DBClusterSnapshots><DBClusterSnapshot><Status>available</Status><SnapshotCreateTime>2027-01-15T09:00:00.000Z</SnapshotCreateTime></DBClusterSnapshot></DBClusterSnapshots>',
  ),
  GetAWSDefaultServiceQuota: JSON.stringify({ Quota: { Value: 6 } }),
  Publish: queried('Publish', '<MessageId>1</MessageId>'),
  DescribeExecution: JSON.stringify({ executionArn: 'arn:1', status: 'RUNNING' }),
  StopExecution: JSON.stringify({ stopDate: 1_800_000_000 }),
  StartExecution: JSON.stringify({ executionArn: 'arn:1', startDate: 1_800_000_000 }),
};

/** An instance of Aurora. */
const WRITER = queried(
  'DescribeDBInstances',
  '<DBInstances><DBInstance><DBClusterIdentifier>shop</DBClusterIdentifier></DBInstance></DBInstances>',
);

/** All is well; but an account has quotas of its own only where it asked for them. */
export const well: Answer = (reply, asked) => {
  const body = asked.body.includes('shop-writer') ? WRITER : replies[asked.operation];
  if (body === undefined) return refuse('json', 400, 'NoSuchResourceException')(reply, asked);
  reply.writeHead(200, { etag: '"1"' }).end(body);
};

/** Answers one operation otherwise, the first time or always; all others well. */
export function but(operation: string, answer: Answer, until = Number.POSITIVE_INFINITY): Answer {
  let times = 0;
  return (reply, asked: Asked) => {
    if (asked.operation !== operation) return well(reply, asked);
    times += 1;
    return times > until ? well(reply, asked) : answer(reply, asked);
  };
}
