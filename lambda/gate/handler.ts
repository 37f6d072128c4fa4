import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { clientDefaults } from '../../lib/adapters/aws.ts';
import { CloudWatchMetrics } from '../../lib/adapters/cloudwatch-metrics.ts';
import { storeAt } from '../../lib/adapters/store-at.ts';
import { gate } from '../../lib/run/cloud/gate.ts';
import { handlerOf, stateEvent } from '../handler-of.ts';
import { surroundings } from '../surroundings.ts';

const { settings, places } = surroundings('gate', process.env);
const ports = {
  store: storeAt(places.store),
  metrics: new CloudWatchMetrics(new CloudWatchClient(clientDefaults)),
};

export const handler = handlerOf(stateEvent, (event) => gate(ports, settings, event));
