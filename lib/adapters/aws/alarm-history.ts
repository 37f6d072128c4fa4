import {
  type AlarmHistoryItem,
  CloudWatchClient,
  type DescribeAlarmHistoryCommandInput,
  paginateDescribeAlarmHistory,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmHistoryPort } from '../../run/workflow/ports.ts';
import { callAws, clientDefaults } from './client-defaults.ts';

/** What is wanted of the history of alarms, oldest first; CloudWatch keeps it for 30 days. */
export const alarmHistoryItems = async (
  client: CloudWatchClient,
  wanted: DescribeAlarmHistoryCommandInput,
): Promise<AlarmHistoryItem[]> =>
  await callAws('cloudwatch:DescribeAlarmHistory', async () => {
    const request: DescribeAlarmHistoryCommandInput = {
      ...wanted,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      ScanBy: 'TimestampAscending',
    };
    const pages = paginateDescribeAlarmHistory({ client }, request);
    return (await Array.fromAsync(pages, ({ AlarmHistoryItems = [] }) => AlarmHistoryItems)).flat();
  });

/** What alarms did. */
export class CloudWatchAlarmHistory implements AlarmHistoryPort {
  readonly #client: CloudWatchClient;

  constructor(client = new CloudWatchClient(clientDefaults)) {
    this.#client = client;
  }

  async changesIn(fromMs: number, toMs: number): Promise<string> {
    const items = await alarmHistoryItems(this.#client, {
      HistoryItemType: 'StateUpdate',
      StartDate: new Date(fromMs),
      EndDate: new Date(toMs),
    });
    return JSON.stringify({ AlarmHistoryItems: items });
  }
}
