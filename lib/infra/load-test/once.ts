import { Duration } from 'aws-cdk-lib';
import { IntegrationPattern, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import type { EcsRunTask } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { type FargateTask, runOnFargate } from './fargate-run.ts';

interface OnceProps {
  readonly comment: string;
  readonly steps: 'setup' | 'last';
  /** Path to the run's id in the state's input. */
  readonly run: string;
}

/** A setup may wait until what it has made is ready. */
const TIMEOUT = Timeout.duration(Duration.minutes(15));

/**
 * RunTask did not start it; one that was started is never tried again, since what it has made can't be made twice. A reply with
 * failures, such as of no capacity, is `AmazonECS.Unknown` (Step Functions Developer Guide, "Run Amazon ECS or Fargate tasks").
 */
const NOT_STARTED = ['AmazonECS.Unknown', 'ECS.AmazonECSException', 'ECS.ServerException'];

/** One task of the generator's image that sends what a run takes once. Never on Spot, which could take it away half-way. */
export const onceTask = (
  scope: Construct,
  id: string,
  generator: FargateTask,
  { steps, run, comment }: OnceProps,
): EcsRunTask =>
  runOnFargate(scope, id, generator, {
    comment,
    integrationPattern: IntegrationPattern.RUN_JOB,
    capacityProvider: 'FARGATE',
    variables: { PLIMSOLL_RUN: run },
    constants: { PLIMSOLL_ONCE: steps },
    taskTimeout: TIMEOUT,
  }).addRetry({ errors: NOT_STARTED, maxAttempts: 3, interval: Duration.seconds(15), backoffRate: 2 }) as EcsRunTask;
