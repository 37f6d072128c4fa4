import { Duration, RemovalPolicy, TimeZone } from 'aws-cdk-lib';
import type { BaseService } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { CfnApplication } from 'aws-cdk-lib/aws-sam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Universal } from 'aws-cdk-lib/aws-scheduler-targets';
import { CfnRotationSchedule, type SecretRotation } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { z } from 'zod';
import type { ServiceConfiguration } from '../../environment/environment.ts';
import { logRetention } from './log-retention.ts';
import type { Network } from './network.ts';

export interface RotationProps {
  readonly network: Network;
  readonly logRetentionDays: ServiceConfiguration['logRetentionDays'];
}

/**
 * Within the hour from three on the first of each month, UTC: a quiet one for most. Between rotation and renewal new connections of
 * running tasks fail, so both have a stated moment and stand close together.
 * Source: AWS Secrets Manager User Guide, "Schedule expressions in Secrets Manager rotation".
 */
const ROTATED = { ScheduleExpression: 'cron(0 3 1 * ? *)', Duration: '1h' };
const RENEWED = { minute: '5', hour: '4', day: '1' };

/** A new password of the database each month. What reads it only when it starts needs `renewTasks`. */
export function rotatePassword(scope: Construct, instance: DatabaseInstance, props: RotationProps): void {
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
  addRotationLog(scope, rotation, logRetentionDays);
}

/** Made before the function, which would make one that never expires. Its name is a parameter of AWS's application. */
function addRotationLog(scope: Construct, rotation: SecretRotation, days: RotationProps['logRetentionDays']): void {
  const { defaultChild } = rotation.node;
  const parameters: unknown = defaultChild instanceof CfnApplication ? defaultChild.parameters : undefined;
  const { functionName } = z.object({ functionName: z.string() }).parse(parameters);
  const log = new LogGroup(scope, 'RotationLog', {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: logRetention[days],
    removalPolicy: RemovalPolicy.DESTROY,
  });
  rotation.node.addDependency(log);
}

/** Replaces a service's tasks after each rotation, a few at a time as a deployment does, so that they read the new password. */
export const renewTasks = (scope: Construct, { cluster, serviceName, serviceArn }: BaseService): Schedule =>
  new Schedule(scope, 'Renewal', {
    description: 'New tasks, after the rotation of the database password',
    schedule: ScheduleExpression.cron({ ...RENEWED, month: '*', year: '*', timeZone: TimeZone.ETC_UTC }),
    target: new Universal({
      service: 'ecs',
      action: 'updateService',
      input: ScheduleTargetInput.fromObject({
        Cluster: cluster.clusterName,
        Service: serviceName,
        ForceNewDeployment: true,
      }),
      policyStatements: [new PolicyStatement({ actions: ['ecs:UpdateService'], resources: [serviceArn] })],
    }),
  });
