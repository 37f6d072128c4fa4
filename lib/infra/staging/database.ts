import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType, type ISecurityGroup, Port, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  CaCertificate,
  Credentials,
  DatabaseInsightsMode,
  DatabaseInstance,
  DatabaseInstanceEngine,
  type DatabaseProxy,
  type IInstanceEngine,
  ParameterGroup,
  PerformanceInsightRetention,
  PostgresEngineVersion,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IDependable } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { type DatabaseConfiguration, PROXY_SHARE, type ServiceConfiguration } from '../../environment/environment.ts';
import { logRetention } from './log-retention.ts';
import type { Network } from './network.ts';
import { rotatePassword } from './rotation.ts';

/** Where a database is, and by what id a right to connect names it. */
export interface WatchedDatabase {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly resourceId: string;
}

export interface DatabaseProps extends DatabaseConfiguration {
  readonly network: Network;
  /** Name of the database that is created. */
  readonly databaseName: string;
  readonly logRetentionDays: ServiceConfiguration['logRetentionDays'];
}

/** PostgreSQL's own port; security groups decide who reaches it. */
const PORT = 5432;

/** Performance Insights for seven days, which are free of charge; and by the minute what CloudWatch's own metrics leave out. */
const WATCHED = {
  enablePerformanceInsights: true,
  performanceInsightRetention: PerformanceInsightRetention.DEFAULT,
  monitoringInterval: Duration.seconds(60),
};

/** What outlives a mistake: backups, and where the environment is protected a last snapshot. */
const protection = ({ backupDays, deletionProtection }: DatabaseConfiguration) => ({
  backupRetention: Duration.days(backupDays),
  deletionProtection,
  removalPolicy: deletionProtection ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
  deleteAutomatedBackups: !deletionProtection,
  copyTagsToSnapshot: true,
  autoMinorVersionUpgrade: true,
});

/** RDS PostgreSQL, with its secret, its parameters, and by configuration a proxy. */
export class Database extends Construct {
  readonly instance: DatabaseInstance;
  readonly secret: ISecret;
  /** Name of the function that rotates the password. */
  readonly rotator: string;
  /** Where tasks connect: the proxy if there is one. */
  readonly host: string;
  readonly port = PORT;
  /** Absent unless configured. */
  readonly proxy: DatabaseProxy | undefined;
  /** What tasks refer to without referring to all of it: a proxy refuses every connection until its targets are registered. */
  readonly awaited: readonly IDependable[];
  /** Of the instance itself, for who watches it: a proxy would keep one of its connections for that session. */
  readonly watched: WatchedDatabase;
  readonly #entrance: ISecurityGroup;
  readonly #group: ISecurityGroup;
  readonly #engine: IInstanceEngine;
  readonly #parameters: ParameterGroup;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const group = props.network.groupFor(this, 'Group', 'Database');
    this.#group = group;
    this.#engine = DatabaseInstanceEngine.postgres({
      version: PostgresEngineVersion.of(props.engineVersion, props.engineVersion.split('.')[0] ?? ''),
    });
    this.#parameters = new ParameterGroup(this, 'Parameters', {
      engine: this.#engine,
      parameters: parametersFor(props),
    });
    this.instance = this.#instance(props, group);
    this.secret = generatedSecret(this.instance);
    this.rotator = rotatePassword(this, this.instance, props);
    this.proxy = props.proxy ? this.#proxy(props.network) : undefined;
    this.awaited = this.proxy === undefined ? [] : [this.proxy];
    this.host = this.proxy?.endpoint ?? this.instance.dbInstanceEndpointAddress;
    this.watched = {
      host: this.instance.dbInstanceEndpointAddress,
      port: PORT,
      name: props.databaseName,
      resourceId: resourceIdOf(this.instance),
    };
    this.#entrance = this.proxy?.connections.securityGroups[0] ?? group;
    this.#acknowledge(props);
  }

  /** Lets a group connect, by the proxy if there is one. */
  allowFrom(client: SecurityGroup): void {
    client.connections.allowTo(this.#entrance, Port.tcp(PORT), 'PostgreSQL');
  }

  /** Lets a group connect to the instance itself. */
  watchFrom(client: SecurityGroup): void {
    client.connections.allowTo(this.#group, Port.tcp(PORT), 'PostgreSQL, read alone');
  }

  #instance(props: DatabaseProps, group: SecurityGroup): DatabaseInstance {
    const instanceIdentifier = Names.uniqueResourceName(this, { maxLength: 60, separator: '-' }).toLowerCase();
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/rds/instance/${instanceIdentifier}/postgresql`,
      retention: logRetention[props.logRetentionDays],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const instance = new DatabaseInstance(this, 'Instance', {
      // A name of its own, so that its log group can be made before it, with a limit to its retention.
      instanceIdentifier,
      engine: this.#engine,
      instanceType: new InstanceType(props.class),
      vpc: props.network.vpc,
      vpcSubnets: props.network.data,
      securityGroups: [group],
      databaseName: props.databaseName,
      credentials: Credentials.fromGeneratedSecret('plimsoll'),
      // Who watches has a role without a password: docs/security.md.
      iamAuthentication: true,
      multiAz: props.multiAz,
      allocatedStorage: props.storageGiB,
      storageType: StorageType.GP3,
      maxAllocatedStorage: props.maxStorageGiB,
      parameterGroup: this.#parameters,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      ...WATCHED,
      storageEncrypted: true,
      ...protection(props),
      databaseInsightsMode: DatabaseInsightsMode.STANDARD,
      cloudwatchLogsExports: ['postgresql'],
    });
    instance.node.addDependency(log);
    return instance;
  }

  /** One proxy for all tasks; the rest of max_connections is left to people and migrations. */
  #proxy(network: Network): DatabaseProxy {
    const entrance = network.groupFor(this, 'ProxyGroup', 'Database proxy');
    const proxy = this.instance.addProxy('Proxy', {
      secrets: [this.secret],
      vpc: network.vpc,
      vpcSubnets: network.workers,
      securityGroups: [entrance],
      requireTLS: true,
      maxConnectionsPercent: PROXY_SHARE * 100,
    });
    // It reads the password by a role whose policy it does not name.
    proxy.node.defaultChild?.node.addDependency(proxy.node.findChild('IAMRole'));
    return proxy;
  }

  #acknowledge(props: DatabaseProps): void {
    const reasons: Record<string, string> = {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]':
        'AWS keeps this policy for this one role; it lets RDS write to the log group RDSOSMetrics and to nothing else.',
      'AwsSolutions-RDS11':
        'The port is reached by three security groups inside isolated subnets and by nothing else; another number hides nothing.',
    };
    if (!props.multiAz)
      reasons['AwsSolutions-RDS3'] =
        'multiAz is off in this environment: its data is seeded, and an outage costs a repeated run.';
    if (!props.deletionProtection)
      reasons['AwsSolutions-RDS10'] =
        'deletionProtection is off in this environment, which is built and removed with its data.';
    acknowledge(this, reasons);
  }
}

/** Its id within the region, by which rights to connect are given. */
function resourceIdOf({ instanceResourceId }: DatabaseInstance): string {
  if (instanceResourceId === undefined) throw new Error('an instance that is made here has a resource id');
  return instanceResourceId;
}

/** The secret with the password that rotates; docs/security.md says what a rotation asks of tasks. */
function generatedSecret({ secret }: DatabaseInstance): ISecret {
  if (secret === undefined) throw new Error('an instance with generated credentials has a secret');
  return secret;
}

/**
 * What the instance must do whatever its class. Source of each: PostgreSQL documentation, and Amazon RDS User Guide,
 * "Working with parameters on your RDS for PostgreSQL DB instance".
 */
function parametersFor({ maxConnections, statementTimeoutMs = 5000 }: DatabaseConfiguration): Record<string, string> {
  return {
    // Here and not in clients: RDS Proxy refuses both in a start-up message ("Troubleshooting for RDS Proxy"), and SET would pin sessions
    // to connections. In milliseconds. Programs that need longer, such as migrations, set their own limit for their one session.
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(statementTimeoutMs * 2),
    // Staging is required to have 200. RDS would derive it from memory, and then a larger class would move the limit that alarms know.
    max_connections: String(maxConnections),
    // The slowest statements by mean_exec_time are the first thing that a report wants.
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track': 'ALL',
    // No connection without TLS.
    'rds.force_ssl': '1',
    // Statements that alone take longer than the p99 objective of 500 ms, and every wait for a lock, are logged.
    log_min_duration_statement: '500',
    log_lock_waits: '1',
  };
}
