import type { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  type ContainerDefinition,
  FargatePlatformVersion,
  type ICluster,
  PropagatedTagSource,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { IntegrationPattern, JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { CapacityProviderOptions, EcsFargateLaunchTarget, EcsRunTask } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** What reads the system while it is loaded. */
export interface CollectionProps {
  readonly task: {
    readonly cluster: ICluster;
    readonly definition: TaskDefinition;
    readonly container: ContainerDefinition;
  };
  readonly subnets: SubnetSelection;
  readonly groups: readonly ISecurityGroup[];
}

/**
 * Starts the collector, which ends by itself when the report is begun; no state waits for it. Never on Spot: a cent an hour is less
 * than a run without its figures.
 */
export const collection = (scope: Construct, { task, subnets, groups }: CollectionProps): EcsRunTask =>
  new EcsRunTask(scope, 'Collect', {
    comment: 'Starts the task that reads service, database and cache until the report; the load does not wait for it',
    integrationPattern: IntegrationPattern.REQUEST_RESPONSE,
    cluster: task.cluster,
    taskDefinition: task.definition,
    launchTarget: new EcsFargateLaunchTarget({
      platformVersion: FargatePlatformVersion.LATEST,
      capacityProviderOptions: CapacityProviderOptions.custom([{ capacityProvider: 'FARGATE', weight: 1 }]),
    }),
    propagatedTagSource: PropagatedTagSource.TASK_DEFINITION,
    assignPublicIp: false,
    subnets,
    securityGroups: [...groups],
    containerOverrides: [
      {
        containerDefinition: task.container,
        environment: [{ name: 'PLIMSOLL_RUN', value: JsonPath.stringAt('$.run') }],
      },
    ],
    resultPath: JsonPath.DISCARD,
  });
