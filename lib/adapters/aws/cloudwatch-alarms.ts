import {
  type CloudWatchClient,
  type DescribeAlarmsCommandInput,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import type { Alarms, AlarmState } from '../../run/workflow/ports.ts';
import { callAws } from './client-defaults.ts';

export class CloudWatchAlarms implements Alarms {
  readonly #client: CloudWatchClient;

  constructor(client: CloudWatchClient) {
    this.#client = client;
  }

  async states(prefix: string): Promise<readonly AlarmState[]> {
    return await callAws('cloudwatch:DescribeAlarms', async () => {
      const states: AlarmState[] = [];
      const request: DescribeAlarmsCommandInput = {
        AlarmNamePrefix: prefix,
        // Without it there are no composite ones.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      };
      for await (const page of paginateDescribeAlarms({ client: this.#client }, request)) {
        for (const { AlarmName: name, StateValue: state } of [
          ...(page.MetricAlarms ?? []),
          ...(page.CompositeAlarms ?? []),
        ])
          if (name !== undefined && state !== undefined) states.push({ name, state });
      }
      return states;
    });
  }
}
