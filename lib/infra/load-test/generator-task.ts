import { Duration, IgnoreMode, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  AwsLogDriverMode,
  Cluster,
  type ContainerDefinition,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateTaskDefinition,
  type ICluster,
  LinuxParameters,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { fileURLToPath } from 'node:url';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import { acknowledge } from '../acknowledge.ts';

export interface GeneratorTaskProps {
  readonly vpc: IVpc;
  /** CPU units and memory of a task; it loads with one thread, so more than one vCPU is for the kernel alone. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly image?: LoadTestConfiguration['image'];
  readonly retention: RetentionDays;
  readonly variables: Readonly<Record<string, string>>;
  readonly rights: readonly PolicyStatement[];
}

/** The container's name in its task definition. */
const GENERATOR = 'generator';

/** A generator ends in two seconds; what it has not stored by then needs a store that answers. */
const STOP_SECONDS = 30;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** All that the image is built from; anything else would rebuild it for nothing. */
const BUILD_CONTEXT = [
  '*',
  ...['loadgen', 'lib'].map((path) => `!${path}`),
  ...['analysis', 'environment/*', 'infra', 'report', 'run/workflow'].map((folder) => `lib/${folder}`),
  '!lib/environment/hosts.*',
];

/** Of generator and collector alike: built here once, or there already, so that deploying needs no container engine. */
export function generatorImage(scope: Construct, image: LoadTestConfiguration['image']): ContainerImage {
  if (image !== undefined)
    return ContainerImage.fromEcrRepository(Repository.fromRepositoryName(scope, 'Repository', image.ecr), image.tag);
  return ContainerImage.fromAsset(ROOT, {
    file: 'loadgen/Dockerfile',
    platform: Platform.LINUX_ARM64,
    exclude: BUILD_CONTEXT,
    ignoreMode: IgnoreMode.DOCKER,
  });
}

/** A cluster of its own for the generator, so that none of its tasks competes with the system under test, and its task. */
export class GeneratorTask extends Construct {
  readonly cluster: ICluster;
  readonly definition: FargateTaskDefinition;
  readonly container: ContainerDefinition;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: GeneratorTaskProps) {
    super(scope, id);
    // The cast: under exactOptionalPropertyTypes the library's class does not fit its own interface.
    this.cluster = new Cluster(this, 'Cluster', {
      vpc: props.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
      enableFargateCapacityProviders: true,
    }) as ICluster;
    // Live metrics come through this log: CloudWatch takes them out of its lines.
    this.logGroup = new LogGroup(this, 'Log', { retention: props.retention, removalPolicy: RemovalPolicy.DESTROY });
    this.definition = new FargateTaskDefinition(this, 'Task', {
      cpu: props.cpu,
      memoryLimitMiB: props.memoryMiB,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    for (const right of props.rights) this.definition.addToTaskRolePolicy(right);
    this.container = this.#container(props);
    acknowledge(this.definition, {
      'AwsSolutions-ECS2': 'Addresses and sizes only; a generator has no secret.',
      'AwsSolutions-IAM5[Resource::*]':
        'ecr:GetAuthorizationToken knows no resource (Service Authorization Reference).',
    });
  }

  #container({ variables, image }: GeneratorTaskProps): ContainerDefinition {
    return this.definition.addContainer(GENERATOR, {
      image: generatorImage(this, image),
      environment: { ...variables },
      readonlyRootFilesystem: true,
      stopTimeout: Duration.seconds(STOP_SECONDS),
      // Reaps children and hands SIGTERM on.
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      logging: LogDriver.awsLogs({
        logGroup: this.logGroup,
        streamPrefix: 'task',
        // A log that is slow must not hold the load up, whatever the account's default is.
        mode: AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: Size.mebibytes(10),
      }),
    });
  }
}
