import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Port, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
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
  Protocol,
  Secret as TaskSecret,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Balancer } from './balancer.ts';
import type { Cluster } from './cluster.ts';
import type { ServiceConfiguration } from './config/environment.ts';
import { imageOf } from './image.ts';
import type { Network } from './network.ts';

export interface ServiceProps extends ServiceConfiguration {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly balancer: Balancer;
  /** Tasks at the start; afterwards scaling decides. */
  readonly desiredCount: number;
  /** Environment variables that hold no secret. */
  readonly variables: Readonly<Record<string, string>>;
  /** Environment variables read from Secrets Manager when a task starts: the secret, and its field if it is JSON. */
  readonly secrets: Readonly<Record<string, { readonly secret: ISecret; readonly field?: string }>>;
}

/** How long a task may take to end after SIGTERM: the service drains for ten seconds, and needs as long again to let go. */
const STOP_SECONDS = 30;

/** The service under test: a task definition, its service behind the balancer, its log. */
export class Service extends Construct {
  readonly service: BaseService;
  readonly targets: ApplicationTargetGroup;
  readonly group: SecurityGroup;
  readonly logGroup: LogGroup;
  readonly taskDefinition: TaskDefinition;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    this.group = props.network.groupFor(this, 'Group', 'Tasks of the service');
    props.network.allowAws(this.group);
    props.balancer.group.connections.allowTo(this.group, Port.tcp(props.port), 'Requests and health checks');
    this.logGroup = new LogGroup(this, 'Log', {
      retention: RETENTION[props.logRetentionDays],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.taskDefinition = this.#taskDefinition(props);
    this.service = this.#service(props);
    this.targets = props.balancer.serve({
      port: props.port,
      healthPath: props.healthPath,
      target: this.service.loadBalancerTarget({ containerName: 'service', containerPort: props.port }),
    });
    acknowledge(this.taskDefinition, {
      'AwsSolutions-ECS2': 'Addresses and sizes only; every secret comes from Secrets Manager when the task starts.',
      'AwsSolutions-IAM5[Resource::*]':
        'ECS Exec opens its channel with four ssmmessages actions that know no resource (Service Authorization Reference).',
    });
  }

  #taskDefinition(props: ServiceProps): TaskDefinition {
    const task = new TaskDefinition(this, 'Task', {
      networkMode: NetworkMode.AWS_VPC,
      cpu: String(props.cpu),
      memoryMiB: String(props.memoryMiB),
      ...(props.capacity.kind === 'fargate' ? onFargate(props.architecture) : { compatibility: Compatibility.EC2 }),
    });
    task.addContainer('service', {
      image: imageOf(this, props.image, props.architecture),
      cpu: props.cpu,
      memoryLimitMiB: props.memoryMiB,
      portMappings: [{ containerPort: props.port, protocol: Protocol.TCP }],
      environment: { ...props.variables, ...props.environment },
      secrets: Object.fromEntries(
        Object.entries(props.secrets).map(([name, { secret, field }]) => [
          name,
          TaskSecret.fromSecretsManager(secret, field),
        ]),
      ),
      logging: LogDriver.awsLogs({ logGroup: this.logGroup, streamPrefix: 'service' }),
      stopTimeout: Duration.seconds(STOP_SECONDS),
      // Reaps children and hands SIGTERM on, whatever the image's first process is.
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
    });
    return task;
  }

  #service(props: ServiceProps): BaseService {
    const common = {
      cluster: props.cluster.cluster,
      taskDefinition: this.taskDefinition,
      desiredCount: props.desiredCount,
      capacityProviderStrategies: props.cluster.strategies,
      securityGroups: [this.group],
      vpcSubnets: props.network.workers,
      circuitBreaker: { enable: true, rollback: true },
      // A deployment takes nothing away before it has added.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      // A start under load may take a minute; sooner, the balancer would call it sick.
      healthCheckGracePeriod: Duration.seconds(60),
      enableExecuteCommand: true,
      enableECSManagedTags: true,
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
    };
    return props.capacity.kind === 'fargate'
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

/** The library's names for numbers of days. */
const RETENTION: Readonly<Record<ServiceConfiguration['logRetentionDays'], RetentionDays>> = {
  1: RetentionDays.ONE_DAY,
  3: RetentionDays.THREE_DAYS,
  5: RetentionDays.FIVE_DAYS,
  7: RetentionDays.ONE_WEEK,
  14: RetentionDays.TWO_WEEKS,
  30: RetentionDays.ONE_MONTH,
  60: RetentionDays.TWO_MONTHS,
  90: RetentionDays.THREE_MONTHS,
};
