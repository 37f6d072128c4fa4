import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { LogWindow, ServiceLog } from '../../run/workflow/ports.ts';
import { troubleFilter } from '../../signals/cloudwatch/log-filter.ts';
import type { LogEvent } from '../../signals/log-lines.ts';
import { callAws } from './client-defaults.ts';

/** A log group of CloudWatch Logs, all its streams together. */
export class CloudWatchLog implements ServiceLog {
  readonly name: string;
  readonly #client: CloudWatchLogsClient;

  constructor(client: CloudWatchLogsClient, group: string) {
    this.#client = client;
    this.name = group;
  }

  /** "Partially full or empty pages don't necessarily mean that pagination is finished" (CloudWatch Logs API, FilterLogEvents). */
  async *troubleIn({ fromMs, toMs }: LogWindow): AsyncGenerator<readonly Required<LogEvent>[]> {
    const request = { logGroupName: this.name, startTime: fromMs, endTime: toMs, filterPattern: troubleFilter };
    const pages = paginateFilterLogEvents({ client: this.#client }, request);
    for (;;) {
      const { value: page } = await callAws('logs:FilterLogEvents', () => pages.next());
      if (page === undefined) return;
      yield (page.events ?? []).map(({ message = '', timestamp = fromMs }) => ({ text: message, atMs: timestamp }));
    }
  }
}
