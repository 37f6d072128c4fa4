import { CloudWatchClient, type DescribeAlarmsCommandInput, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { Alarms, AlarmState } from '../../run/workflow/ports.ts';
import { callAws, clientDefaults } from './client-defaults.ts';

/** "AlarmNames: Maximum number of 100 items" (CloudWatch API, DescribeAlarms). */
const ALARMS_A_REQUEST = 100;

export class CloudWatchAlarms implements Alarms {
  readonly #client: CloudWatchClient;

  constructor(client = new CloudWatchClient(clientDefaults)) {
    this.#client = client;
  }

  async states(names: readonly string[]): Promise<readonly AlarmState[]> {
    const parts = Array.from({ length: Math.ceil(names.length / ALARMS_A_REQUEST) }, (_, i) =>
      names.slice(i * ALARMS_A_REQUEST, (i + 1) * ALARMS_A_REQUEST),
    );
    return (await Promise.all(parts.map((part) => this.#statesOf(part)))).flat();
  }

  async #statesOf(AlarmNames: string[]): Promise<AlarmState[]> {
    return await callAws('cloudwatch:DescribeAlarms', async () => {
      const states: AlarmState[] = [];
      const request: DescribeAlarmsCommandInput = {
        AlarmNames,
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
