import type { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  type ContainerDefinition,
  FargatePlatformVersion,
  type ICluster,
  PropagatedTagSource,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { type IntegrationPattern, JsonPath, type Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { CapacityProviderOptions, EcsFargateLaunchTarget, EcsRunTask } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** A task of the load test: what is run, and where it stands. */
export interface FargateTask {
  readonly task: {
    readonly cluster: ICluster;
    readonly definition: TaskDefinition;
    readonly container: ContainerDefinition;
  };
  readonly subnets: SubnetSelection;
  readonly groups: readonly ISecurityGroup[];
}

interface RunProps {
  readonly comment: string;
  readonly integrationPattern: IntegrationPattern;
  readonly capacityProvider: 'FARGATE' | 'FARGATE_SPOT';
  /** The container's variables, each of which the state's input holds at this path. */
  readonly variables: Readonly<Record<string, string>>;
  /** Those that are always the same. */
  readonly constants?: Readonly<Record<string, string>>;
  readonly taskTimeout?: Timeout;
}

/** A state that runs a task on Fargate in private subnets. What the task was is dropped: forty descriptions would be more than a state may hold. */
export const runOnFargate = (
  scope: Construct,
  id: string,
  { task, subnets, groups }: FargateTask,
  { capacityProvider, variables, constants = {}, ...props }: RunProps,
): EcsRunTask =>
  new EcsRunTask(scope, id, {
    ...props,
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
          ...Object.entries(variables).map(([name, path]) => ({ name, value: JsonPath.stringAt(path) })),
          ...Object.entries(constants).map(([name, value]) => ({ name, value })),
        ],
      },
    ],
    resultPath: JsonPath.DISCARD,
  });
