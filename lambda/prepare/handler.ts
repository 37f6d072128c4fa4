import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SFNClient } from '@aws-sdk/client-sfn';
import { clientDefaults } from '../../lib/adapters/aws.ts';
import { CloudWatchAlarms } from '../../lib/adapters/cloudwatch-alarms.ts';
import { CloudWatchMetrics } from '../../lib/adapters/cloudwatch-metrics.ts';
import { EcsTasks } from '../../lib/adapters/ecs-tasks.ts';
import { probe } from '../../lib/adapters/probe.ts';
import { StepFunctionsExecutions } from '../../lib/adapters/step-functions-executions.ts';
import { storeAt } from '../../lib/adapters/store-at.ts';
import { prepare } from '../../lib/run/cloud/prepare.ts';
import { handlerOf, stateEvent } from '../handler-of.ts';
import { factsOf } from '../facts-of.ts';
import { surroundings } from '../surroundings.ts';

const { settings, places } = surroundings('prepare', process.env);
const ecs = new ECSClient(clientDefaults);
const cloudWatch = new CloudWatchClient(clientDefaults);
const ports = {
  store: storeAt(places.store),
  tasks: new EcsTasks(ecs, places.generators),
  metrics: new CloudWatchMetrics(cloudWatch),
  alarms: new CloudWatchAlarms(cloudWatch),
  executions: new StepFunctionsExecutions(new SFNClient(clientDefaults)),
  service: factsOf(places.system, ecs),
  nowMs: () => Date.now(),
  probe,
};

export const handler = handlerOf(stateEvent, (event) => prepare(ports, settings, event));
