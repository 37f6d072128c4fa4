import { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';
import type { EcsRunTask } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { type FargateTask, runOnFargate } from './fargate-run.ts';

/**
 * Starts the collector, which ends by itself when the report is begun; no state waits for it. Never on Spot: a cent an hour is less
 * than a run without its figures.
 */
export const collection = (scope: Construct, collector: FargateTask): EcsRunTask =>
  runOnFargate(scope, 'Collect', collector, {
    comment: 'Starts the task that reads service, database and cache until the report; the load does not wait for it',
    integrationPattern: IntegrationPattern.REQUEST_RESPONSE,
    capacityProvider: 'FARGATE',
    variables: { PLIMSOLL_RUN: '$.run' },
  });
