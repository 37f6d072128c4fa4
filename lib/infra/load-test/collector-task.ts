import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type ContainerDefinition,
  CpuArchitecture,
  FargateTaskDefinition,
  type ICluster,
  LogDriver,
  OperatingSystemFamily,
  Secret,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { COLLECTOR_TASK, type LoadTestConfiguration } from '../../environment/load-test.ts';
import { acknowledge, acknowledgeResource } from '../acknowledge.ts';
import { generatorImage } from './generator-task.ts';
import type { CollectorProps, SystemNames } from './props.ts';
import { collectorRights } from './rights.ts';
import { storeAddress } from './settings.ts';

export interface CollectorTaskProps extends CollectorProps {
  readonly cluster: ICluster;
  readonly bucket: IBucket;
  readonly service: NonNullable<SystemNames['service']>;
  readonly maxHours: number;
  readonly image?: LoadTestConfiguration['image'];
  readonly retention: RetentionDays;
}

/** The container's name in its task definition. */
const COLLECTOR = 'collector';

/** It asks for the slowest statements, and stores the last of its series. */
const STOP_SECONDS = 30;

/** Has no password, and may read what the database counts; target/seed/watcher.ts makes it. */
const WATCHER = 'plimsoll_watch';

/** The task that reads the system while it is loaded: the generator's image, beside the generators, with rights and secrets that they lack. */
export class CollectorTask extends Construct {
  readonly definition: FargateTaskDefinition;
  readonly container: ContainerDefinition;
  readonly cluster: ICluster;

  constructor(scope: Construct, id: string, props: CollectorTaskProps) {
    super(scope, id);
    this.cluster = props.cluster;
    this.definition = new FargateTaskDefinition(this, 'Task', {
      cpu: COLLECTOR_TASK.cpu,
      memoryLimitMiB: COLLECTOR_TASK.memoryMiB,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    for (const right of rightsOf(this, props)) this.definition.addToTaskRolePolicy(right);
    this.container = this.#container(props);
    acknowledge(this.definition, {
      'AwsSolutions-ECS2': 'Addresses alone; the one secret comes from Secrets Manager when the task starts.',
      'AwsSolutions-IAM5[Resource::*]':
        'ecr:GetAuthorizationToken and ecs:ListTasks know no resource (Service Authorization Reference).',
    });
  }

  #container(props: CollectorTaskProps): ContainerDefinition {
    const { bucket, maxHours, cacheUrl, image } = props;
    const logGroup = new LogGroup(this, 'Log', { retention: props.retention, removalPolicy: RemovalPolicy.DESTROY });
    return this.definition.addContainer(COLLECTOR, {
      image: generatorImage(this, image),
      entryPoint: ['/usr/local/bin/tini', '-s', '--', 'node', 'loadgen/collector/main.ts'],
      environment: {
        AWS_REGION: Stack.of(this).region,
        PLIMSOLL_STORE: storeAddress(bucket),
        PLIMSOLL_MAX_HOURS: String(maxHours),
        PLIMSOLL_SYSTEM: Stack.of(this).toJsonString(systemOf(props)),
      },
      ...(cacheUrl && { secrets: { PLIMSOLL_CACHE_URL: Secret.fromSecretsManager(cacheUrl) } }),
      readonlyRootFilesystem: true,
      stopTimeout: Duration.seconds(STOP_SECONDS),
      logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'task' }),
    });
  }
}

function systemOf({ service, port, database }: CollectorTaskProps): object {
  const url =
    database && `postgresql://${WATCHER}@${database.host}:${database.port}/${database.name}?sslmode=verify-full`;
  return { service: { ...service, port }, ...(url !== undefined && { database: { url, token: true } }) };
}

/** Beside what a generator may: to find the service's tasks, and to connect to the database as the one role that watches. */
function rightsOf(scope: Construct, { bucket, service, database }: CollectorTaskProps): PolicyStatement[] {
  const stack = Stack.of(scope);
  const arnOf = (resource: string, resourceName: string): string =>
    stack.formatArn({ service: 'ecs', resource, resourceName });
  const listing = new PolicyStatement({ actions: ['ecs:ListTasks'], resources: ['*'] });
  listing.addCondition('ArnEquals', { 'ecs:cluster': arnOf('cluster', service.cluster) });
  const tasks = arnOf('task', `${service.cluster}/*`);
  acknowledgeResource(scope, tasks, 'Tasks of the service under test, whose names ECS makes up when they start.');
  const rights = [...collectorRights(bucket), listing];
  rights.push(new PolicyStatement({ actions: ['ecs:DescribeTasks'], resources: [tasks] }));
  if (database === undefined) return rights;
  const user = stack.formatArn({
    service: 'rds-db',
    resource: 'dbuser',
    resourceName: `${database.resourceId}/${WATCHER}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [...rights, new PolicyStatement({ actions: ['rds-db:connect'], resources: [user] })];
}
