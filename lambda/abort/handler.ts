import { setTimeout as sleep } from 'node:timers/promises';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { z } from 'zod';
import { clientDefaults } from '../../lib/adapters/aws/client-defaults.ts';
import { EcsTasks } from '../../lib/adapters/aws/ecs-tasks.ts';
import { notifyBy } from '../../lib/adapters/aws/sns-notify.ts';
import { StepFunctionsExecutions } from '../../lib/adapters/aws/step-functions-executions.ts';
import { storeAt } from '../../lib/adapters/aws/s3-store.ts';
import { abort, alarmEvent, stopOnAlarm } from '../../lib/run/workflow/abort.ts';
import { mitigatedState, mitigateFailed } from '../../lib/run/workflow/mitigation.ts';
import { handlerOf, stateEvent } from '../handler-of.ts';
import { factsOf } from '../facts-of.ts';
import { stepEnvironment } from '../step-environment.ts';

const { settings, places } = stepEnvironment('abort', process.env);
const ecs = new ECSClient(clientDefaults);
const ports = {
  store: storeAt(places.store),
  tasks: new EcsTasks(ecs, places.generators),
  executions: new StepFunctionsExecutions(new SFNClient(clientDefaults)),
  service: factsOf(places.system, ecs),
  notify: notifyBy(new SNSClient(clientDefaults), places.topicArn),
  nowMs: () => Date.now(),
  sleep: async (ms: number) => await sleep(ms),
};

const mitigationEvent = z.object({ execution: z.string(), state: mitigatedState });

/** From the workflow, where a step or a phase failed or the execution was stopped; or from EventBridge, when an alarm goes on. */
export const handler = handlerOf(z.union([alarmEvent, stateEvent]), async (event) => {
  if ('source' in event) return await stopOnAlarm(ports, settings, event);
  const { success: mustMitigate, data } = mitigationEvent.safeParse(event);
  return mustMitigate ? await mitigateFailed(ports, settings, data) : await abort(ports, settings, event);
});
