import { Duration } from 'aws-cdk-lib';
import { Choice, Condition, IntegrationPattern, JsonPath, Map, Pass, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import type { EcsRunTask } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { MOST_WORKERS } from '../../environment/quotas.ts';
import { type FargateTask, runOnFargate } from './fargate-run.ts';

/** What generates the load of a phase. */
export interface GenerationProps extends FargateTask {
  readonly spot: boolean;
}

/**
 * One task a worker, all at once. A task that fails is tried again while the others wait for it (BARRIER_SECONDS), longer and
 * longer later: Spot may have none to give at this moment. Once the phase has begun another try ends at once.
 */
export function generation(scope: Construct, props: GenerationProps): Map {
  const run = runTask(scope, props)
    .addRetry({ errors: ['States.TaskFailed'], maxAttempts: 3, interval: Duration.seconds(15), backoffRate: 2 })
    .addCatch(lostTask(scope), { resultPath: '$.failure' });
  return new Map(scope, 'Load', {
    comment: 'The load of one phase: a task a worker, all at once',
    itemsPath: '$.workers',
    itemSelector: {
      run: JsonPath.stringAt('$.run'),
      phase: JsonPath.stringAt('$.phase'),
      loadSeconds: JsonPath.numberAt('$.loadSeconds'),
      worker: JsonPath.stringAt('$$.Map.Item.Value'),
    },
    maxConcurrency: MOST_WORKERS,
    resultPath: '$.load',
  }).itemProcessor(run);
}

/**
 * Why a worker was lost, in a few words. A task that ended has its whole description as the cause, and forty of them would be more than
 * a state may hold (256 KiB: Step Functions, "Quotas"), so the reasons are taken out of it; a task that could not be started has a
 * sentence, such as that capacity is unavailable; one that took too long has neither.
 */
function lostTask(scope: Construct): Choice {
  const lost = (id: string, why: Readonly<Record<string, unknown>> = {}): Pass =>
    new Pass(scope, id, {
      parameters: { worker: JsonPath.stringAt('$.worker'), lost: JsonPath.stringAt('$.failure.Error'), ...why },
    });
  const ended = lost('LostAtItsEnd', {
    stopped: JsonPath.stringAt('$.task.read.StoppedReason'),
    containers: JsonPath.objectAt('$.task.read.Containers'),
  });
  const unknown = lost('Lost');
  const read = new Pass(scope, 'ReadTask', {
    parameters: { read: JsonPath.stringToJson(JsonPath.stringAt('$.failure.Cause')) },
    resultPath: '$.task',
  });
  const hasReasons = Condition.and(
    Condition.isPresent('$.task.read.StoppedReason'),
    Condition.isPresent('$.task.read.Containers'),
  );
  read.next(new Choice(scope, 'HasReasons?').when(hasReasons, ended).otherwise(unknown));
  const hasCause = Condition.isPresent('$.failure.Cause');
  return new Choice(scope, 'WhyLost?', { comment: 'The reason stays with the worker; the phase goes on without it' })
    .when(Condition.and(hasCause, Condition.stringMatches('$.failure.Cause', '{*')), read)
    .when(hasCause, lost('LostAtItsStart', { refused: JsonPath.stringAt('$.failure.Cause') }))
    .otherwise(unknown);
}

function runTask(scope: Construct, { spot, ...generator }: GenerationProps): EcsRunTask {
  return runOnFargate(scope, 'Generate', generator, {
    comment: 'One generator; it waits for the others, loads, and stores what it sees',
    integrationPattern: IntegrationPattern.RUN_JOB,
    capacityProvider: spot ? 'FARGATE_SPOT' : 'FARGATE',
    variables: { PLIMSOLL_RUN: '$.run', PLIMSOLL_PHASE: '$.phase', PLIMSOLL_WORKER: '$.worker' },
    taskTimeout: Timeout.at('$.loadSeconds'),
  });
}
