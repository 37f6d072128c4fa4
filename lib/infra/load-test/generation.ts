import { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { FargatePlatformVersion, PropagatedTagSource } from 'aws-cdk-lib/aws-ecs';
import { Choice, Condition, IntegrationPattern, JsonPath, Map, Pass, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { CapacityProviderOptions, EcsFargateLaunchTarget, EcsRunTask } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { MOST_WORKERS } from '../../environment/quotas.ts';
import type { GeneratorTask } from './generator-task.ts';

/** What generates the load of a phase. */
export interface GenerationProps {
  readonly task: GeneratorTask;
  readonly spot: boolean;
  readonly subnets: SubnetSelection;
  readonly groups: readonly ISecurityGroup[];
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

/** The task's description at its end is dropped: forty of them would be more than a state may hold. */
function runTask(scope: Construct, { task, spot, subnets, groups }: GenerationProps): EcsRunTask {
  const capacityProvider = spot ? 'FARGATE_SPOT' : 'FARGATE';
  return new EcsRunTask(scope, 'Generate', {
    comment: 'One generator; it waits for the others, loads, and stores what it sees',
    integrationPattern: IntegrationPattern.RUN_JOB,
    cluster: task.cluster,
    taskDefinition: task.definition,
    launchTarget: new EcsFargateLaunchTarget({
      platformVersion: FargatePlatformVersion.LATEST,
      capacityProviderOptions: CapacityProviderOptions.custom([{ capacityProvider, weight: 1 }]),
    }),
    // Costs go by tags, and a task has none of its own.
    propagatedTagSource: PropagatedTagSource.TASK_DEFINITION,
    assignPublicIp: false,
    subnets,
    securityGroups: [...groups],
    containerOverrides: [
      {
        containerDefinition: task.container,
        environment: [
          { name: 'PLIMSOLL_RUN', value: JsonPath.stringAt('$.run') },
          { name: 'PLIMSOLL_PHASE', value: JsonPath.stringAt('$.phase') },
          { name: 'PLIMSOLL_WORKER', value: JsonPath.stringAt('$.worker') },
        ],
      },
    ],
    taskTimeout: Timeout.at('$.loadSeconds'),
    resultPath: JsonPath.DISCARD,
  });
}
