import {
  type AlarmHistoryItem,
  CloudWatchClient,
  type DescribeAlarmHistoryCommandInput,
  paginateDescribeAlarmHistory,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmAction, AlarmState, SettableAlarms } from '../../run/workflow/ports.ts';
import { callAws, clientDefaults } from './client-defaults.ts';

/** "Successfully executed action arn:…", "Failed to execute action arn:…" (CloudWatch API, AlarmHistoryItem, of the type Action). */
const SUCCEEDED = /^Successfully executed action/;

/** What alarms did, and alarms as a drill sets them off; the workflow's own functions have no right to either. */
export class CloudWatchAlarmDrill implements SettableAlarms {
  readonly #client: CloudWatchClient;

  constructor(client = new CloudWatchClient(clientDefaults)) {
    this.#client = client;
  }

  async set({ name, state }: AlarmState, reason: string): Promise<void> {
    const command = new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: reason });
    await callAws('cloudwatch:SetAlarmState', () => this.#client.send(command));
  }

  /** JSON of all changes of state in a span, as `aws cloudwatch describe-alarm-history` prints it. */
  async changesIn(fromMs: number, toMs: number): Promise<string> {
    const items = await this.#history({
      HistoryItemType: 'StateUpdate',
      StartDate: new Date(fromMs),
      EndDate: new Date(toMs),
    });
    return JSON.stringify({ AlarmHistoryItems: items });
  }

  async actionsSince(name: string, sinceMs: number): Promise<readonly AlarmAction[]> {
    const items = await this.#history({ AlarmName: name, HistoryItemType: 'Action', StartDate: new Date(sinceMs) });
    return items.map(({ HistorySummary: text = '' }): AlarmAction => ({ succeeded: SUCCEEDED.test(text), text }));
  }

  async #history(wanted: DescribeAlarmHistoryCommandInput): Promise<AlarmHistoryItem[]> {
    return await callAws('cloudwatch:DescribeAlarmHistory', async () => {
      const request: DescribeAlarmHistoryCommandInput = {
        ...wanted,
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        ScanBy: 'TimestampAscending',
      };
      const pages = paginateDescribeAlarmHistory({ client: this.#client }, request);
      return (await Array.fromAsync(pages, ({ AlarmHistoryItems = [] }) => AlarmHistoryItems)).flat();
    });
  }
}
