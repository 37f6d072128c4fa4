import { expect, test } from '@jest/globals';
import { calls } from './calls.ts';
import { type Answer, type Asked, Endpoint } from './endpoint.ts';
import { MINUTE_MS, RUNNING, well } from './replies.ts';

const OTHER = RUNNING.replace(/1$/, '2');
const alarm = (AlarmName: string): object => ({ AlarmName, StateValue: 'OK' });
const points = (minute: number, value: number): object => ({
  Id: 'cpu',
  StatusCode: 'Complete',
  Timestamps: [MINUTE_MS / 1000 + minute * 60],
  Values: [value],
});
const snapshot = (at: string, marker = ''): string =>
  `<DescribeDBSnapshotsResponse><DescribeDBSnapshotsResult>${marker}<DBSnapshots><DBSnapshot><Status>available</Status>
  <SnapshotCreateTime>${at}</SnapshotCreateTime></DBSnapshot></DBSnapshots></DescribeDBSnapshotsResult></DescribeDBSnapshotsResponse>`;
const keys = (key: string, rest: string): string =>
  `<ListBucketResult>${rest}<Contents><Key>${key}</Key></Contents></ListBucketResult>`;
const MORE = '<IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>';

/** How the next page is asked for, the two pages, and what they are together. */
const cases: readonly [action: string, asksMore: RegExp, pages: readonly [string, string], gives: unknown][] = [
  ['s3:ListBucket', /continuation-token=more/, [keys('a', MORE), keys('b', '')], ['a', 'b']],
  [
    'ecs:ListTasks',
    /"nextToken":"more"/,
    [JSON.stringify({ taskArns: [RUNNING], nextToken: 'more' }), JSON.stringify({ taskArns: [OTHER] })],
    [RUNNING, OTHER],
  ],
  [
    'cloudwatch:DescribeAlarms',
    /"NextToken":"more"/,
    [
      JSON.stringify({ MetricAlarms: [alarm('dev-a')], NextToken: 'more' }),
      JSON.stringify({ CompositeAlarms: [alarm('dev-b')] }),
    ],
    ['dev-a', 'dev-b'].map((name) => ({ name, state: 'OK' })),
  ],
  [
    'cloudwatch:GetMetricData',
    /"NextToken":"more"/,
    [
      JSON.stringify({ MetricDataResults: [points(1, 0.2)], NextToken: 'more' }),
      JSON.stringify({ MetricDataResults: [points(0, 0.1)] }),
    ],
    {
      points: new Map([
        [
          'cpu',
          [
            [MINUTE_MS, 0.1],
            [MINUTE_MS + 60_000, 0.2],
          ],
        ],
      ]),
      periodSeconds: 60,
      doubts: [],
    },
  ],
  [
    'logs:FilterLogEvents',
    /"nextToken":"more"/,
    // A page without a line is no end.
    [
      JSON.stringify({ events: [], nextToken: 'more' }),
      JSON.stringify({ events: [{ timestamp: MINUTE_MS, message: 'ERROR' }] }),
    ],
    [{ text: 'ERROR', atMs: MINUTE_MS }],
  ],
  [
    'rds:DescribeDBSnapshots',
    /Marker=more/,
    [snapshot('2027-01-15T07:00:00.000Z', '<Marker>more</Marker>'), snapshot('2027-01-15T08:00:00.000Z')],
    { takenAtMs: Date.parse('2027-01-15T08:00:00.000Z') },
  ],
];

const mine = { containerOverrides: [{ environment: [{ name: 'PLIMSOLL_RUN', value: 'mine' }] }] };

/** Both tasks, as they are asked for. */
const described: Answer = (reply, { body }) => {
  const { tasks } = JSON.parse(body) as { tasks: string[] };
  reply.end(JSON.stringify({ tasks: tasks.map((taskArn) => ({ taskArn, lastStatus: 'RUNNING', overrides: mine })) }));
};

test.each(cases)('%s: the next page is asked for by its token', async (action, asksMore, [first, second], gives) => {
  const call = calls.find((each) => each.action === action);
  const isMore = ({ url, body }: Asked): boolean => asksMore.test(url) || asksMore.test(body);
  using endpoint = await Endpoint.open((reply, asked) => {
    if (asked.operation === 'DescribeTasks') return described(reply, asked);
    if (asked.operation !== call?.operation) return well(reply, asked);
    reply.end(isMore(asked) ? second : first);
  });
  expect(await call?.ask(endpoint.config)).toEqual(gives);
  const asked = endpoint.asked.filter(({ operation }) => operation === call?.operation);
  expect(asked.slice(0, 2).map(isMore)).toEqual([false, true]);
});
