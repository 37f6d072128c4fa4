import { Port, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type IBucket, BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { acknowledge } from '../acknowledge.ts';
import { Balancer } from './balancer.ts';
import { Cache } from './cache.ts';
import { Cluster } from './cluster.ts';
import { PROXY_SHARE, type StagingConfiguration } from '../../environment/environment.ts';
import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { Database } from './database.ts';
import { Downstream, Service, type ServiceProps } from './workload.ts';
import type { MonitoredSystem } from '../observability/metric.ts';
import { Network } from './network.ts';
import { renewTasks } from './rotation.ts';
import { Scaling } from './scaling.ts';

/**
 * Sizes of the environment, as `staging` of an environment's file has them, with their units in their names. A file is checked when it
 * is read (E-CONFIGURATION-INVALID); these are checked by their types alone.
 */
export interface StagingEnvironmentProps extends StagingConfiguration {
  /** Zone names such as `us-east-1a`, two or three. */
  readonly availabilityZones: readonly string[];
  /** How the service scales. */
  readonly scaling: ScalingPolicy;
}

const DATABASE_NAME = 'app';

const ROTATION_BY_HAND =
  'A random value only this environment knows; a rotation would end every session, so it is renewed by hand (docs/security.md).';

/**
 * A production-like system to test: network, internal balancer, ECS service, PostgreSQL, cache, scaling. Works in any stack
 * whose region is known. `clients` is the security group to put onto what shall send requests; `monitored` is what
 * `ServiceAlarms` and the dashboards take.
 */
export class StagingEnvironment extends Construct {
  readonly network: Network;
  /** What the balancer and the VPC write; it stays when the stack goes. */
  readonly logs: IBucket;
  readonly balancer: Balancer;
  readonly cluster: Cluster;
  readonly database: Database;
  readonly cache: Cache | undefined;
  /** Absent unless configured. */
  readonly downstream: Downstream | undefined;
  readonly service: Service;
  /** Carried by who reads the figures of tasks, database and cache. */
  readonly watchers: SecurityGroup;
  readonly scaling: Scaling;
  /** Replaces tasks after a rotation of the database password. */
  readonly renewalArn: string;

  readonly #props: StagingEnvironmentProps;

  constructor(scope: Construct, id: string, props: StagingEnvironmentProps) {
    super(scope, id);
    this.#props = props;
    const logs = logBucket(this);
    this.logs = logs;
    this.network = new Network(this, 'Network', { ...props.network, availabilityZones: props.availabilityZones, logs });
    const { network } = this;
    this.balancer = new Balancer(this, 'Balancer', {
      network,
      logs,
      certificateArn: props.service.certificateArn,
      hostName: props.service.hostName,
      reservedCapacityUnits: props.service.reservedCapacityUnits,
      deletionProtection: props.database.deletionProtection,
    });
    this.cluster = new Cluster(this, 'Cluster', {
      network,
      capacity: props.service.capacity,
      architecture: props.service.architecture,
    });
    this.database = new Database(this, 'Database', {
      ...props.database,
      network,
      databaseName: DATABASE_NAME,
      logRetentionDays: props.service.logRetentionDays,
    });
    this.cache = props.cache && new Cache(this, 'Cache', { ...props.cache, network });
    this.downstream = this.#downstream(props);
    this.service = this.#service(props);
    const { group, service } = this.service.workload;
    for (const server of [this.database, this.cache, this.downstream]) server?.allowFrom(group);
    this.watchers = this.#watchers(props.service.port);
    const { logRetentionDays } = props.service;
    this.renewalArn = renewTasks(this, { secret: this.database.secret, service, logRetentionDays });
    service.node.addDependency(...this.database.awaited);
    this.scaling = new Scaling(this, 'Scaling', { service, targets: this.service.targets, policy: props.scaling });
  }

  #watchers(port: number): SecurityGroup {
    const watchers = this.network.groupFor(this, 'Watchers', 'May read figures of service, database and cache');
    watchers.connections.allowTo(this.service.workload.group, Port.tcp(port), 'Figures of each task');
    this.database.watchFrom(watchers);
    this.cache?.allowFrom(watchers);
    return watchers;
  }

  /** Where the balancer answers. */
  get address(): string {
    const { host, port } = this.balancer;
    return `${port === 443 ? 'https' : 'http'}://${host}`;
  }

  /** For alarms and dashboards. */
  get monitored(): MonitoredSystem {
    const { capacity } = this.#props.service;
    const { database, scaling } = this.#props;
    return {
      resources: {
        ...this.#front(),
        database: [{ DBInstanceIdentifier: this.database.instance.instanceIdentifier }],
        rotator: [{ FunctionName: this.database.rotator }],
        renewal: [{ StateMachineArn: this.renewalArn }],
        ...(this.database.proxy && { proxy: [{ ProxyName: this.database.proxy.dbProxyName }] }),
        ...(this.cache && {
          cache: this.cache.nodes.map((CacheClusterId) => ({ CacheClusterId, CacheNodeId: '0001' })),
        }),
      },
      quantities: {
        maxTasks: Math.max(scaling.tasks.max, ...scaling.schedule.map(({ max }) => max)),
        // Sessions beside the proxy's are few, so the alarm on all of them is held against what tasks can have.
        maxConnections: Math.floor(database.maxConnections * (database.proxy ? PROXY_SHARE : 1)),
        databaseStorageBytes: database.storageGiB * 2 ** 30,
        ...('ec2' in capacity && { maxInstances: capacity.ec2.max }),
        ...(scaling.measured && { capacityPerSecond: scaling.measured.capacityPerSecond }),
      },
      logGroupName: this.service.workload.logGroup.logGroupName,
      ownsCluster: true,
    };
  }

  #front(): MonitoredSystem['resources'] {
    const LoadBalancer = this.balancer.balancer.loadBalancerFullName;
    const { targetGroupFullName: TargetGroup } = this.service.targets;
    const ClusterName = this.cluster.cluster.clusterName;
    const { serviceName: ServiceName } = this.service.workload.service;
    const { instances } = this.cluster;
    return {
      loadBalancer: [{ LoadBalancer }],
      targetGroup: [{ LoadBalancer, TargetGroup }],
      service: [{ ClusterName, ServiceName }],
      insights: [{ ClusterName, ServiceName }],
      ...(instances && {
        autoScalingGroup: [{ AutoScalingGroupName: instances.group.autoScalingGroupName }],
        capacityProvider: [{ ClusterName, CapacityProviderName: instances.provider.capacityProviderName }],
      }),
    };
  }

  #service({ service }: StagingEnvironmentProps): Service {
    return new Service(this, 'Service', {
      ...service,
      network: this.network,
      cluster: this.cluster,
      balancer: this.balancer,
      variables: { ...this.#variables(), ...service.environment },
      secrets: { ...this.#secrets(), ...this.#generatedSecrets(service.generatedSecrets ?? []) },
    });
  }

  #downstream({ service, downstream }: StagingEnvironmentProps): Downstream | undefined {
    if (downstream === undefined) return undefined;
    const { capacity, architecture, logRetentionDays } = service;
    return new Downstream(this, 'Downstream', {
      ...downstream,
      capacity,
      architecture,
      logRetentionDays,
      network: this.network,
      cluster: this.cluster,
      desiredCount: downstream.tasks,
      variables: { HOST: '0.0.0.0', PORT: String(downstream.port), ...downstream.environment },
      secrets: {},
    });
  }

  /**
   * A task's variables. PostgreSQL's clients take user and password from PGUSER and PGPASSWORD where the address has none
   * (libpq, "Environment Variables"), so no address ever holds a password.
   */
  #variables(): Record<string, string> {
    const { service, downstream } = this.#props;
    const { host, port } = this.database;
    return {
      HOST: '0.0.0.0',
      PORT: String(service.port),
      DB_POOL_MAX: String(service.poolSize),
      DATABASE_URL: `postgresql://${host}:${port}/${DATABASE_NAME}?sslmode=verify-full`,
      ...(downstream && this.downstream && { [downstream.variable]: this.downstream.url }),
    };
  }

  #secrets(): ServiceProps['secrets'] {
    const { secret } = this.database;
    return {
      PGUSER: { secret, field: 'username' },
      PGPASSWORD: { secret, field: 'password' },
      ...(this.cache && { REDIS_URL: { secret: this.cache.url } }),
    };
  }

  #generatedSecrets(names: readonly string[]): ServiceProps['secrets'] {
    const entries = names.map((name) => {
      const secret = new Secret(this, name, { generateSecretString: { excludePunctuation: true, passwordLength: 48 } });
      acknowledge(secret, { 'AwsSolutions-SMG4': ROTATION_BY_HAND });
      return [name, { secret: secret as ISecret }] as const;
    });
    return Object.fromEntries(entries);
  }
}

/**
 * Where the balancer and the VPC write what passed them. Objects expire after a month: long enough to look back from a report, and gone
 * before it costs. S3-managed keys, since the balancer can write under no other.
 * Source: Elastic Load Balancing, "Enable access logs for your Application Load Balancer".
 */
function logBucket(scope: Construct): IBucket {
  const bucket = new Bucket(scope, 'Logs', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    // Emptying it on removal takes a Lambda function; docs/deploy.md empties it by hand instead.
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [{ expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
  acknowledge(bucket, {
    'AwsSolutions-S1': 'This bucket is where access logs go; a log of its own would need another bucket, without end.',
  });
  // The cast: under exactOptionalPropertyTypes the library's class does not fit its own interface.
  return bucket as IBucket;
}
