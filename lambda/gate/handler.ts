import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { clientDefaults } from '../../lib/adapters/aws/client-defaults.ts';
import { CloudWatchMetrics } from '../../lib/adapters/aws/cloudwatch-metrics.ts';
import { storeAt } from '../../lib/adapters/aws/s3-store.ts';
import { gate } from '../../lib/run/workflow/gate.ts';
import { handlerOf, stateEvent } from '../handler-of.ts';
import { stepEnvironment } from '../step-environment.ts';

const { settings, places } = stepEnvironment('gate', process.env);
const ports = {
  store: storeAt(places.store),
  nowMs: () => Date.now(),
  sleep: async (ms: number) => await sleep(ms),
  metrics: new CloudWatchMetrics(new CloudWatchClient(clientDefaults)),
};

export const handler = handlerOf(stateEvent, (event) => gate(ports, settings, event));
