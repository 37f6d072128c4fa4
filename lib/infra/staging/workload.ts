import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, IgnoreMode } from 'aws-cdk-lib';
import { type SecurityGroup, Port } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  type BaseService,
  Compatibility,
  CpuArchitecture,
  Ec2Service,
  FargateService,
  LinuxParameters,
  LogDriver,
  NetworkMode,
  OperatingSystemFamily,
  PropagatedTagSource,
  Protocol,
  Secret as TaskSecret,
  TaskDefinition,
  ContainerImage,
} from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { DnsRecordType, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { acknowledge } from '../acknowledge.ts';
import type { Cluster } from './cluster.ts';
import type { CapacityConfiguration, ImageConfiguration, ServiceConfiguration } from '../../environment/environment.ts';
import { logRetention } from './log-retention.ts';
import type { Network } from './network.ts';
import type { Balancer } from './balancer.ts';

export interface WorkloadProps {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly capacity: CapacityConfiguration;
  readonly architecture: ServiceConfiguration['architecture'];
  readonly image: ImageConfiguration;
  /** Where the container listens. */
  readonly port: number;
  /** CPU units of a task; 1024 are one vCPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
  /**
   * Absent where scaling decides: CloudFormation would set it anew with every deployment, in the middle of a peak. The service then
   * begins with one task, which the scalable target raises to its minimum. Source: AWS re:Post, "Why did the running task count
   * change in my Amazon ECS service?"
   */
  readonly desiredCount?: number;
  readonly logRetentionDays: ServiceConfiguration['logRetentionDays'];
  /** Instead of the image's own. */
  readonly command?: readonly string[] | undefined;
  /** Environment variables that hold no secret. */
  readonly variables: Readonly<Record<string, string>>;
  /** Environment variables read from Secrets Manager when a task starts: the secret, and its field if it is JSON. */
  readonly secrets: Readonly<Record<string, { readonly secret: ISecret; readonly field?: string }>>;
  /** Only behind a balancer: how long a new task may fail its check. */
  readonly healthCheckGracePeriod?: Duration;
}

/** How long a task may take to end after SIGTERM: the service drains for ten seconds, and needs as long again to let go. */
const STOP_SECONDS = 30;

/** The container's name in its task definition. */
const CONTAINER = 'service';

/** Tasks of one image as an ECS service: security group, log, task definition. Nothing reaches it until a rule is added to its security group. */
class Workload extends Construct {
  readonly service: BaseService;
  readonly group: SecurityGroup;
  readonly logGroup: LogGroup;
  readonly taskDefinition: TaskDefinition;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    this.group = props.network.groupFor(this, 'Group', `Tasks of ${scope.node.id}`);
    props.network.allowAws(this.group);
    this.logGroup = new LogGroup(this, 'Log', {
      retention: logRetention[props.logRetentionDays],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.taskDefinition = this.#taskDefinition(props);
    this.service = this.#service(props);
    // Its first tasks need the way out, what their roles may do and the rules of their group, and no reference says so.
    this.service.node.addDependency(props.cluster.bound, props.network.wayOut);
    this.service.node.addDependency(this.group, this.taskDefinition.obtainExecutionRole());
    acknowledge(this.taskDefinition, {
      'AwsSolutions-ECS2': 'Addresses and sizes only; every secret comes from Secrets Manager when the task starts.',
      'AwsSolutions-IAM5[Resource::*]':
        'Four ssmmessages actions of ECS Exec and ecr:GetAuthorizationToken know no resource (Service Authorization Reference).',
    });
  }

  #taskDefinition(props: WorkloadProps): TaskDefinition {
    const task = new TaskDefinition(this, 'Task', {
      networkMode: NetworkMode.AWS_VPC,
      cpu: String(props.cpu),
      memoryMiB: String(props.memoryMiB),
      ...('fargate' in props.capacity ? onFargate(props.architecture) : { compatibility: Compatibility.EC2 }),
    });
    task.addContainer(CONTAINER, {
      image: imageOf(this, props.image, props.architecture),
      cpu: props.cpu,
      memoryLimitMiB: props.memoryMiB,
      portMappings: [{ containerPort: props.port, protocol: Protocol.TCP }],
      environment: { ...props.variables },
      ...(props.command && { command: [...props.command] }),
      secrets: Object.fromEntries(
        Object.entries(props.secrets).map(([name, { secret, field }]) => [
          name,
          TaskSecret.fromSecretsManager(secret, field),
        ]),
      ),
      logging: LogDriver.awsLogs({ logGroup: this.logGroup, streamPrefix: 'task' }),
      stopTimeout: Duration.seconds(STOP_SECONDS),
      // Reaps children and hands SIGTERM on, whatever the image's first process is.
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
    });
    return task;
  }

  #service(props: WorkloadProps): BaseService {
    const common = {
      cluster: props.cluster.cluster,
      taskDefinition: this.taskDefinition,
      ...(props.desiredCount !== undefined && { desiredCount: props.desiredCount }),
      capacityProviderStrategies: props.cluster.strategies,
      securityGroups: [this.group],
      vpcSubnets: props.network.workers,
      circuitBreaker: { enable: true, rollback: true },
      // A deployment takes nothing away before it has added.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      ...(props.healthCheckGracePeriod && { healthCheckGracePeriod: props.healthCheckGracePeriod }),
      enableExecuteCommand: true,
      enableECSManagedTags: true,
      // Fargate bills tasks, so the budget sees them only by tags of their own.
      propagateTags: PropagatedTagSource.SERVICE,
      // It would start and stop tasks in the middle of a measurement to even the zones out, and is on for new services that say nothing.
      // Source: Amazon ECS Developer Guide, "Balancing an Amazon ECS service across Availability Zones".
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
    };
    return 'fargate' in props.capacity
      ? new FargateService(this, 'Service', { ...common, assignPublicIp: false })
      : new Ec2Service(this, 'Service', common);
  }
}

/** Fargate chooses the machine by the task; on EC2 the machine is there before. */
const onFargate = (architecture: ServiceConfiguration['architecture']) => ({
  compatibility: Compatibility.FARGATE,
  runtimePlatform: {
    cpuArchitecture: architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
    operatingSystemFamily: OperatingSystemFamily.LINUX,
  },
});

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** All that the built-in service's image is built from; anything else would rebuild it for nothing. */
const BUILT_IN_CONTEXT = ['*', '!target'];

/**
 * The image a task runs. One that is built here is built and pushed by `cdk deploy`, for the architecture of the tasks; only
 * then a container engine is needed, synthesis needs none. What of a team's own folder is no part of its image, its .dockerignore says.
 */
function imageOf(
  scope: Construct,
  image: ImageConfiguration,
  architecture: ServiceConfiguration['architecture'],
): ContainerImage {
  if ('registry' in image) return ContainerImage.fromRegistry(image.registry);
  if ('ecr' in image) {
    return ContainerImage.fromEcrRepository(Repository.fromRepositoryName(scope, 'Repository', image.ecr), image.tag);
  }
  return ContainerImage.fromAsset(image.build, {
    file: image.dockerfile ?? 'Dockerfile',
    platform: architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
    ignoreMode: IgnoreMode.DOCKER,
    ...(relative(ROOT, image.build) === '' && { exclude: BUILT_IN_CONTEXT }),
  });
}

export interface ServiceProps extends WorkloadProps {
  readonly balancer: Balancer;
  /** Answers 200 while the task itself runs. */
  readonly livePath: string;
}

/** The service under test: a workload behind the balancer. */
export class Service extends Construct {
  readonly workload: Workload;
  readonly targets: ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    // A start under load may take a minute; sooner, the balancer would call it sick.
    this.workload = new Workload(this, 'Tasks', { ...props, healthCheckGracePeriod: Duration.seconds(60) });
    const { group, service } = this.workload;
    props.balancer.group.connections.allowTo(group, Port.tcp(props.port), 'Requests and health checks');
    this.targets = props.balancer.serve({
      port: props.port,
      livePath: props.livePath,
      target: service.loadBalancerTarget({ containerName: CONTAINER, containerPort: props.port }),
    });
  }
}

/** A service that the one under test calls, deployed and scaled on its own, found by name inside the VPC. */
export class Downstream extends Construct {
  /** `http://name:port`. */
  readonly url: string;
  readonly #workload: Workload;
  readonly #port: number;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    this.#port = props.port;
    this.#workload = new Workload(this, 'Tasks', props);
    const namespace = new PrivateDnsNamespace(this, 'Namespace', { vpc: props.network.vpc, name: 'plimsoll.internal' });
    this.#workload.service.enableCloudMap({
      cloudMapNamespace: namespace,
      name: 'downstream',
      dnsRecordType: DnsRecordType.A,
      // Short, so that a task that went is forgotten soon: clients keep a name as long.
      dnsTtl: Duration.seconds(10),
    });
    this.url = `http://downstream.${namespace.namespaceName}:${props.port}`;
  }

  allowFrom(client: SecurityGroup): void {
    client.connections.allowTo(this.#workload.group, Port.tcp(this.#port), 'Calls downstream');
  }
}
