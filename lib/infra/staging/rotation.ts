import { ArnFormat, Duration, Names, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import type { BaseService } from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { CfnApplication } from 'aws-cdk-lib/aws-sam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { CfnRotationSchedule, type ISecret, type SecretRotation } from 'aws-cdk-lib/aws-secretsmanager';
import {
  Choice,
  Condition,
  type IChainable,
  JsonPath,
  Pass,
  Succeed,
  type TaskStateBase,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { z } from 'zod';
import type { ServiceConfiguration } from '../../environment/environment.ts';
import { stateMachine } from '../load-test/state-machine.ts';
import { logRetention } from './log-retention.ts';
import type { Network } from './network.ts';

type LogDays = ServiceConfiguration['logRetentionDays'];

export interface RotationProps {
  readonly network: Network;
  readonly logRetentionDays: LogDays;
}

/**
 * Within the hour from three on the first Monday of each month, UTC: the week's load tests are over, and the nightly ones begin on
 * Tuesday. Source: AWS Secrets Manager User Guide, "Rotation schedules".
 */
const ROTATED = { ScheduleExpression: 'cron(0 3 ? * MON#1 *)', Duration: '1h' };

/** From just before that hour until half an hour after it: a rotation that began at its end is over by then. */
const WATCHED = { minute: '55', hour: '2', weekDay: 'MON#1' };
const WATCHED_FOR = Duration.minutes(95);

/** Between rotation and renewal new connections of running tasks fail, so it is not to be long. */
const ASKED_EVERY = Duration.seconds(20);

/** A new password of the database each month; returns the name of the function. What reads it only when it starts needs `renewTasks`. */
export function rotatePassword(scope: Construct, instance: DatabaseInstance, props: RotationProps): string {
  const { network, logRetentionDays } = props;
  const securityGroup = network.groupFor(scope, 'RotatorGroup', 'Rotates the database password');
  network.allowAws(securityGroup);
  const rotation = instance.addRotationSingleUser({
    automaticallyAfter: Duration.days(30),
    vpcSubnets: network.workers,
    securityGroup,
    // At once would be while the first tasks start, some with the old password and some with the new.
    rotateImmediatelyOnUpdate: false,
  });
  // The library knows a number of days alone, at any hour.
  for (const schedule of instance.node.findAll())
    if (schedule instanceof CfnRotationSchedule) schedule.addPropertyOverride('RotationRules', ROTATED);
  // Secrets Manager tries the function when the schedule is made, and it calls back.
  rotation.node.addDependency(network.wayOut);
  return addRotationLog(scope, rotation, logRetentionDays);
}

/** Made before the function, which would make one that never expires. The function's name is a parameter of AWS's application. */
function addRotationLog(scope: Construct, rotation: SecretRotation, days: LogDays): string {
  const { defaultChild } = rotation.node;
  const parameters: unknown = defaultChild instanceof CfnApplication ? defaultChild.parameters : undefined;
  const { functionName } = z.object({ functionName: z.string() }).parse(parameters);
  const log = new LogGroup(scope, 'RotationLog', {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: logRetention[days],
    removalPolicy: RemovalPolicy.DESTROY,
  });
  rotation.node.addDependency(log);
  return functionName;
}

export interface RenewalProps {
  readonly secret: ISecret;
  readonly service: BaseService;
  readonly logRetentionDays: LogDays;
}

/**
 * Replaces a service's tasks within half a minute of each rotation, a few at a time as a deployment does, so that they read the new
 * password; where there was no rotation in the hour for it, none is replaced, and the execution times out, of which an alarm knows.
 * Secrets Manager announces rotations through CloudTrail alone, and not every account has a trail (AWS Secrets Manager User Guide, "Match
 * AWS Secrets Manager events with Amazon EventBridge"), so it is asked. Returns the ARN of the state machine.
 */
export function renewTasks(scope: Construct, { secret, service, logRetentionDays }: RenewalProps): string {
  // A name of its own, so that another stack can write the ARN without asking this one.
  const name = `${Names.uniqueResourceName(scope, { maxLength: 70, separator: '-' })}-renewal`;
  const machine = stateMachine(scope, 'TaskRenewal', {
    name,
    comment: 'Waits for a rotation of the database password that begins after it, then replaces the tasks. No input',
    definition: renewal(scope, secret, service),
    timeout: WATCHED_FOR,
    functions: [],
    retention: logRetention[logRetentionDays],
  });
  const schedule = new Schedule(scope, 'Renewal', {
    description: 'New tasks, after the rotation of the database password',
    schedule: ScheduleExpression.cron({ ...WATCHED, month: '*', year: '*', timeZone: TimeZone.ETC_UTC }),
    target: new StepFunctionsStartExecution(machine, {}),
  });
  const place = { service: 'states', resource: 'stateMachine', arnFormat: ArnFormat.COLON_RESOURCE_NAME };
  return Stack.of(schedule).formatArn({ ...place, resourceName: name });
}

function renewal(scope: Construct, secret: ISecret, service: BaseService): IChainable {
  const begin = new Pass(scope, 'RenewalBegins', { parameters: { since: JsonPath.executionStartTime } });
  const ask = withTries(
    new CallAwsService(scope, 'AskForRotation', {
      service: 'secretsmanager',
      action: 'describeSecret',
      parameters: { SecretId: secret.secretArn },
      iamAction: 'secretsmanager:DescribeSecret',
      iamResources: [secret.secretArn],
      resultPath: '$.secret',
    }),
  );
  const rotated = Condition.and(
    Condition.isPresent('$.secret.LastRotatedDate'),
    Condition.timestampGreaterThanJsonPath('$.secret.LastRotatedDate', '$.since'),
  );
  const wait = new Wait(scope, 'NotYetRotated', { time: WaitTime.duration(ASKED_EVERY) });
  const next = new Choice(scope, 'Rotated?').when(rotated, replaced(scope, service)).otherwise(wait.next(ask));
  return begin.next(ask.next(next));
}

function replaced(scope: Construct, { cluster, serviceName, serviceArn }: BaseService): IChainable {
  const replace = new CallAwsService(scope, 'ReplaceTasks', {
    service: 'ecs',
    action: 'updateService',
    parameters: { Cluster: cluster.clusterName, Service: serviceName, ForceNewDeployment: true },
    iamAction: 'ecs:UpdateService',
    iamResources: [serviceArn],
    resultPath: JsonPath.DISCARD,
  });
  return withTries(replace).next(new Succeed(scope, 'Renewed'));
}

/** Some minutes of an outage are waited for. */
const withTries = (step: CallAwsService): TaskStateBase =>
  step.addRetry({ errors: ['States.ALL'], maxAttempts: 5, interval: Duration.seconds(5), backoffRate: 2 });
