import {
  CloudWatchClient,
  type DescribeAlarmHistoryCommandInput,
  paginateDescribeAlarmHistory,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmAction, AlarmState, SettableAlarms } from '../../run/workflow/ports.ts';
import { callAws, clientDefaults } from './client-defaults.ts';

/** "Successfully executed action arn:…", "Failed to execute action arn:…" (CloudWatch API, AlarmHistoryItem, of the type Action). */
const SUCCEEDED = /^Successfully executed action/;

/** Alarms as a drill sets them off; the workflow's own functions have no right to. */
export class CloudWatchAlarmDrill implements SettableAlarms {
  readonly #client: CloudWatchClient;

  constructor(client = new CloudWatchClient(clientDefaults)) {
    this.#client = client;
  }

  async set({ name, state }: AlarmState, reason: string): Promise<void> {
    const command = new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: reason });
    await callAws('cloudwatch:SetAlarmState', () => this.#client.send(command));
  }

  async actionsSince(name: string, sinceMs: number): Promise<readonly AlarmAction[]> {
    return await callAws('cloudwatch:DescribeAlarmHistory', async () => {
      const request: DescribeAlarmHistoryCommandInput = {
        AlarmName: name,
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        HistoryItemType: 'Action',
        StartDate: new Date(sinceMs),
        ScanBy: 'TimestampAscending',
      };
      const pages = paginateDescribeAlarmHistory({ client: this.#client }, request);
      const found = await Array.fromAsync(pages, ({ AlarmHistoryItems = [] }) => AlarmHistoryItems);
      return found
        .flat()
        .map(({ HistorySummary: text = '' }): AlarmAction => ({ succeeded: SUCCEEDED.test(text), text }));
    });
  }
}
