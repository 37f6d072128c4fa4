import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SFNClient } from '@aws-sdk/client-sfn';
import { clientDefaults } from '../../lib/adapters/aws/client-defaults.ts';
import { CloudWatchAlarms } from '../../lib/adapters/aws/cloudwatch-alarms.ts';
import { CloudWatchMetrics } from '../../lib/adapters/aws/cloudwatch-metrics.ts';
import { EcsTasks } from '../../lib/adapters/aws/ecs-tasks.ts';
import { readHealth } from '../../lib/adapters/node/preflight.ts';
import { StepFunctionsExecutions } from '../../lib/adapters/aws/step-functions-executions.ts';
import { storeAt } from '../../lib/adapters/aws/s3-store.ts';
import { prepare } from '../../lib/run/workflow/prepare.ts';
import { handlerOf, stateEvent } from '../handler-of.ts';
import { factsOf } from '../facts-of.ts';
import { stepEnvironment } from '../step-environment.ts';

const { settings, places } = stepEnvironment('prepare', process.env);
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
  readHealth,
};

export const handler = handlerOf(stateEvent, (event) => prepare(ports, settings, event));
