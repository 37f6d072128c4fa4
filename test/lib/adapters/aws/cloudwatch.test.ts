import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { CloudWatchAlarmDrill } from '../../../../lib/adapters/aws/alarm-drill.ts';
import { CloudWatchAlarmHistory } from '../../../../lib/adapters/aws/alarm-history.ts';
import { CloudWatchAlarms } from '../../../../lib/adapters/aws/cloudwatch-alarms.ts';
import { CloudWatchMetrics } from '../../../../lib/adapters/aws/cloudwatch-metrics.ts';
import { alarmChanges } from '../../../../lib/scaling/verify/aws-records.ts';
import type { MetricQuery } from '../../../../lib/signals/cloudwatch/query.ts';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => void cloudWatch.reset());

const MINUTE_MS = 60_000;
/** Ten whole minutes, long enough ago that nothing is awaited any more. */
const startMs = Math.floor(Date.now() / MINUTE_MS - 60) * MINUTE_MS;
const minute = (n: number): Date => new Date(startMs + n * MINUTE_MS);
const window = (minutes: number) => ({
  fromMs: startMs,
  toMs: startMs + minutes * MINUTE_MS,
  periodSeconds: 60,
});

const query = (id: string, parts = 1, namespace = 'AWS/ECS'): MetricQuery => {
  const names = Array.from({ length: parts }, (_, n) => `${id}_${n}`);
  const part = { namespace, metric: 'CPUUtilization', dimensions: { ClusterName: 'c' }, statistic: 'Average' } as const;
  return { id, expression: `${names.join(' + ')} / 100`, parts: Object.fromEntries(names.map((name) => [name, part])) };
};

const metrics = (lateMs = 0): CloudWatchMetrics =>
  new CloudWatchMetrics(new CloudWatchClient({}), { lateMs, pollMs: 5 });

const inputs = (): GetMetricDataCommandInput[] =>
  cloudWatch.commandCalls(GetMetricDataCommand).map(({ args: [command] }) => command.input);

describe('GetMetricData', () => {
  test('asks for the expression and keeps its parts to itself; a part alone is asked for as it is', async () => {
    cloudWatch.on(GetMetricDataCommand).resolves({});
    await metrics().read([query('cpu'), { ...query('alone'), expression: 'alone_0' }], window(10));
    const Metric = {
      Namespace: 'AWS/ECS',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'ClusterName', Value: 'c' }],
    };
    const MetricStat = { Metric, Period: 60, Stat: 'Average' };
    expect(inputs()).toEqual([
      {
        StartTime: minute(0),
        EndTime: minute(10),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          { Id: 'cpu_0', MetricStat, ReturnData: false },
          { Id: 'cpu', Expression: 'cpu_0 / 100', Period: 60, ReturnData: true },
          { Id: 'alone', MetricStat, ReturnData: true },
        ],
      },
    ]);
  });

  test('puts pages together, and a later page completes what an earlier one left partial', async () => {
    cloudWatch
      .on(GetMetricDataCommand)
      .resolvesOnce({
        NextToken: 'more',
        MetricDataResults: [
          { Id: 'cpu', StatusCode: 'PartialData', Timestamps: [minute(1), minute(0)], Values: [0.2, 0.1] },
        ],
      })
      .resolvesOnce({
        MetricDataResults: [
          { Id: 'cpu', StatusCode: 'Complete', Timestamps: [minute(2)], Values: [0.3] },
          { Id: 'silent', StatusCode: 'Complete', Timestamps: [], Values: [] },
        ],
      });
    const reply = await metrics().read([query('cpu'), query('silent')], window(3));
    expect(inputs()).toHaveLength(2);
    expect(inputs().at(-1)?.NextToken).toBe('more');
    expect(reply).toEqual({
      points: new Map([['cpu', [0, 1, 2].map((n) => [startMs + n * MINUTE_MS, [0.1, 0.2, 0.3][n]])]]),
      periodSeconds: 60,
      doubts: [],
    });
  });

  test('says what stayed partial, what was refused, and what CloudWatch remarked', async () => {
    cloudWatch.on(GetMetricDataCommand).resolves({
      Messages: [{ Code: 'MaxQueryTimeRangeExceeded', Value: 'the range was cut' }],
      MetricDataResults: [
        { Id: 'cpu', StatusCode: 'PartialData', Timestamps: [minute(2)], Values: [0.1] },
        { Id: 'memory', StatusCode: 'Forbidden', Messages: [{ Code: 'x', Value: 'not allowed' }] },
      ],
    });
    const { points, doubts } = await metrics().read([query('cpu'), query('memory')], window(3));
    expect([...points.keys()]).toEqual(['cpu']);
    expect(doubts).toEqual([
      'CloudWatch says: the range was cut',
      'CloudWatch gave only a part of cpu (PartialData)',
      'CloudWatch gave only a part of memory (Forbidden: not allowed)',
    ]);
  });

  test('says once what CloudWatch remarks on every page', async () => {
    const Messages = [{ Code: 'MaxQueryTimeRangeExceeded', Value: 'the range was cut' }];
    const last = { Id: 'cpu', Timestamps: [minute(0)], Values: [1] };
    cloudWatch
      .on(GetMetricDataCommand)
      .resolvesOnce({ NextToken: 'more', Messages })
      .resolves({ Messages, MetricDataResults: [last] });
    expect((await metrics().read([query('cpu')], window(1))).doubts).toEqual(['CloudWatch says: the range was cut']);
  });

  test('sends 500 queries at a time at the most, and never an expression without its parts', async () => {
    cloudWatch.on(GetMetricDataCommand).resolves({});
    await metrics().read(
      Array.from({ length: 260 }, (_, n) => query(`q${n}`, 3)),
      window(1),
    );
    const sizes = inputs().map(({ MetricDataQueries = [] }) => MetricDataQueries.length);
    // 4 a query: 125 queries are 500.
    expect(sizes).toEqual([500, 500, 40]);
    for (const { MetricDataQueries = [] } of inputs()) {
      const returned = MetricDataQueries.filter(({ ReturnData }) => ReturnData === true);
      expect(returned).toHaveLength(MetricDataQueries.length / 4);
    }
  });

  test('waits for late points, and for nobody who speaks only of trouble', async () => {
    const result = (Id: string, ...minutes: number[]) => ({
      Id,
      StatusCode: 'Complete' as const,
      Timestamps: minutes.map(minute),
      Values: minutes,
    });
    cloudWatch
      .on(GetMetricDataCommand)
      .resolvesOnce({ MetricDataResults: [result('requests', 0, 1), result('errors', 0)] })
      .resolvesOnce({ MetricDataResults: [result('requests', 0, 1, 2), result('errors', 0)] });
    const queries = [query('requests', 1, 'ELB'), query('errors', 1, 'ELB'), query('crashes', 1, 'Events')];
    const { points, doubts } = await metrics(2 * 3_600_000).read(queries, window(3));
    expect(inputs()).toHaveLength(2);
    expect(points.get('requests')).toHaveLength(3);
    expect(doubts).toEqual([]);
  });

  test('gives the wait up, and says whose figures are missing', async () => {
    const Timestamps = [minute(0)];
    cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: 'cpu', Timestamps, Values: [1] }] });
    const { doubts } = await metrics().read([query('cpu', 1, 'AWS/ECS'), query('io', 1, 'AWS/RDS')], window(3));
    expect(inputs()).toHaveLength(1);
    expect(doubts).toEqual(['the last figures of AWS/ECS had not come when the wait for them was over']);
  });

  test('of a window shorter than half a period there is nothing to ask', async () => {
    const reply = await metrics().read([query('cpu')], { ...window(0), toMs: startMs + 20_000 });
    expect(reply).toEqual({ points: new Map(), periodSeconds: 60, doubts: [] });
    expect(inputs()).toEqual([]);
  });
});

test('alarms come in pages, metric and composite ones', async () => {
  cloudWatch
    .on(DescribeAlarmsCommand)
    .resolvesOnce({ NextToken: 'more', MetricAlarms: [{ AlarmName: 'dev-a', StateValue: 'OK' }] })
    .resolvesOnce({
      MetricAlarms: [{ AlarmName: 'dev-b', StateValue: 'INSUFFICIENT_DATA' }],
      CompositeAlarms: [{ AlarmName: 'dev-users-are-hurt', StateValue: 'ALARM' }],
    });
  expect(await new CloudWatchAlarms(new CloudWatchClient({})).states(['dev-a', 'dev-b'])).toEqual([
    { name: 'dev-a', state: 'OK' },
    { name: 'dev-b', state: 'INSUFFICIENT_DATA' },
    { name: 'dev-users-are-hurt', state: 'ALARM' },
  ]);
  expect(cloudWatch.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input).toMatchObject({
    AlarmNames: ['dev-a', 'dev-b'],
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  });
});

test('alarms are asked for by the hundred', async () => {
  cloudWatch.on(DescribeAlarmsCommand).resolves({});
  const names = Array.from({ length: 201 }, (_, i) => `dev-${i}`);
  await new CloudWatchAlarms(new CloudWatchClient({})).states(names);
  const asked = cloudWatch.commandCalls(DescribeAlarmsCommand).map(({ args: [{ input }] }) => input.AlarmNames ?? []);
  expect(asked.map(({ length }) => length)).toEqual([100, 100, 1]);
  expect(asked.flat()).toEqual(names);
});

describe('the history of alarms', () => {
  test('is read page by page as the command line prints it', async () => {
    const item = {
      AlarmName: 'plimsoll-dev-error-rate',
      HistoryItemType: 'StateUpdate' as const,
      Timestamp: minute(3),
    };
    const HistoryData = JSON.stringify({ newState: { stateValue: 'ALARM' } });
    cloudWatch
      .on(DescribeAlarmHistoryCommand)
      .resolvesOnce({ AlarmHistoryItems: [{ ...item, HistoryData }], NextToken: 'more' })
      .resolves({ AlarmHistoryItems: [{ ...item, HistoryData: '{}', Timestamp: minute(5) }] });
    const text = await new CloudWatchAlarmHistory(new CloudWatchClient({})).changesIn(
      startMs,
      startMs + 10 * MINUTE_MS,
    );
    expect(alarmChanges(text, 'CloudWatch')).toEqual([
      { alarm: 'plimsoll-dev-error-rate', atMs: startMs + 3 * MINUTE_MS, state: 'ALARM' },
    ]);
    const [{ args: [asked] } = { args: [undefined] }] = cloudWatch.commandCalls(DescribeAlarmHistoryCommand);
    expect(asked?.input).toMatchObject({ StartDate: minute(0), EndDate: minute(10), HistoryItemType: 'StateUpdate' });
  });

  test('an action is one that succeeded where CloudWatch says so', async () => {
    const texts = ['Successfully executed action arn:topic', 'Failed to execute action arn:topic'];
    cloudWatch
      .on(DescribeAlarmHistoryCommand)
      .resolves({ AlarmHistoryItems: texts.map((HistorySummary) => ({ HistorySummary })) });
    const found = await new CloudWatchAlarmDrill(new CloudWatchClient({})).actionsSince('a', startMs);
    expect(found.map(({ succeeded }) => succeeded)).toEqual([true, false]);
  });
});
