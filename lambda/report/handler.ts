import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SNSClient } from '@aws-sdk/client-sns';
import { fileURLToPath } from 'node:url';
import { CloudWatchAlarmHistory } from '../../lib/adapters/aws/alarm-history.ts';
import { clientDefaults } from '../../lib/adapters/aws/client-defaults.ts';
import { CloudWatchLog } from '../../lib/adapters/aws/cloudwatch-logs.ts';
import { CloudWatchMetrics } from '../../lib/adapters/aws/cloudwatch-metrics.ts';
import { readBundledAssets } from '../../lib/adapters/node/report-assets.ts';
import { notifyBy } from '../../lib/adapters/aws/sns-notify.ts';
import { storeAt } from '../../lib/adapters/aws/s3-store.ts';
import { renderersWith } from '../../lib/report/formats/index.ts';
import { reportRun } from '../../lib/run/workflow/report.ts';
import { handlerOf, stateEvent } from '../handler-of.ts';
import { stepEnvironment } from '../step-environment.ts';

const { settings, places } = stepEnvironment('report', process.env);
const cloudwatch = new CloudWatchClient(clientDefaults);
const ports = {
  store: storeAt(places.store),
  nowMs: () => Date.now(),
  sleep: async (ms: number) => await sleep(ms),
  metrics: new CloudWatchMetrics(cloudwatch),
  alarmHistory: new CloudWatchAlarmHistory(cloudwatch),
  ...(places.logGroup !== undefined && {
    serviceLog: new CloudWatchLog(new CloudWatchLogsClient(clientDefaults), places.logGroup),
  }),
  notify: notifyBy(new SNSClient(clientDefaults), places.topicArn),
};
/** The bundle lies beside them: lib/infra/load-test/state-machine.ts copies them there. */
const renderers = renderersWith(readBundledAssets(fileURLToPath(new URL('page', import.meta.url))));

export const handler = handlerOf(stateEvent, (event) => reportRun(ports, settings, event, renderers));
