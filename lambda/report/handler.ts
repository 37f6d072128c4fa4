import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SNSClient } from '@aws-sdk/client-sns';
import { fileURLToPath } from 'node:url';
import { clientDefaults } from '../../lib/adapters/aws.ts';
import { CloudWatchMetrics } from '../../lib/adapters/cloudwatch-metrics.ts';
import { readBundledAssets } from '../../lib/adapters/report-assets.ts';
import { notifyBy } from '../../lib/adapters/sns-notify.ts';
import { storeAt } from '../../lib/adapters/store-at.ts';
import { renderersWith } from '../../lib/report/index.ts';
import { report } from '../../lib/run/cloud/report.ts';
import { handlerOf, stateEvent } from '../handler-of.ts';
import { surroundings } from '../surroundings.ts';

const { settings, places } = surroundings('report', process.env);
const ports = {
  store: storeAt(places.store),
  metrics: new CloudWatchMetrics(new CloudWatchClient(clientDefaults)),
  notify: notifyBy(new SNSClient(clientDefaults), places.topicArn),
};
/** The bundle lies beside them: lib/infra/step-function.ts copies them there. */
const renderers = renderersWith(readBundledAssets(fileURLToPath(new URL('page', import.meta.url))));

export const handler = handlerOf(stateEvent, (event) => report(ports, settings, event, renderers));
