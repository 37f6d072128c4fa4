import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmAction, AlarmState, SettableAlarms } from '../../run/workflow/ports.ts';
import { alarmHistoryItems } from './alarm-history.ts';
import { callAws, clientDefaults } from './client-defaults.ts';

/** "Successfully executed action arn:…", "Failed to execute action arn:…" (CloudWatch API, AlarmHistoryItem, of the type Action). */
const SUCCEEDED = /^Successfully executed action/;

/** Alarms as a drill sets them off; the workflow's own functions have no right to that. */
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
    const items = await alarmHistoryItems(this.#client, {
      AlarmName: name,
      HistoryItemType: 'Action',
      StartDate: new Date(sinceMs),
    });
    return items.map(({ HistorySummary: text = '' }): AlarmAction => ({ succeeded: SUCCEEDED.test(text), text }));
  }
}
