import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { UsedVersion } from '../../environment/end-of-support.ts';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import type { AllowList } from '../../run/safety.ts';
import type { CloudSettings } from '../../run/workflow/settings.ts';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { WatchedDatabase } from '../staging/database.ts';
import type { MonitoredSystem } from '../observability/metric.ts';
import type { ResetTask } from './workflow.ts';

/** The system under test, by the names its services know it under. What is absent is not checked. */
export interface SystemNames {
  readonly service?: { readonly cluster: string; readonly name: string };
  readonly targetGroupArn?: string;
  readonly loadBalancerArn?: string;
  readonly databaseId?: string;
}

/** What the collector reads of the system under test, beside its tasks. */
export interface CollectorProps {
  /** It may reach tasks, database and cache. */
  readonly group: ISecurityGroup;
  /** Where each task of `system.service` listens. */
  readonly port: number;
  /** Where it answers with Prometheus text, unless a plan says otherwise. */
  readonly metricsPath?: string;
  /** Has the role plimsoll_watch, and IAM authentication. */
  readonly database?: WatchedDatabase;
  /** The address of the cache, token and all. */
  readonly cacheUrl?: ISecret;
}

/**
 * What a load test is built from: `loadTest` of an environment's file, and where the system under test is. An alarm that shall stop a
 * run and is not among `alarms` throws E-CONFIGURATION-INVALID.
 */
export interface LoadTestProps extends Omit<LoadTestConfiguration, 'existing' | 'allowProduction' | 'reset'> {
  /** Begins names of alarms, and of the workflow; the dimension `Environment` of live metrics. */
  readonly prefix: string;
  /** Plimsoll's own, for reports. */
  readonly version: string;
  readonly vpc: IVpc;
  /** With a way to AWS: by NAT or by endpoints. */
  readonly subnets: SubnetSelection;
  /** The security group of clients: it may send requests to the target. */
  readonly clients: ISecurityGroup;
  /** Where the load goes when a plan names no other place, and where it answers 200 when it is well. */
  readonly target: string;
  readonly healthPath: string;
  readonly allow: AllowList;
  /** What the checklist warns of when its support ends: `versionsUsed(environment)`. */
  readonly versions: readonly UsedVersion[];
  /** What reports read from CloudWatch: `StagingEnvironment.monitored`, or `existingSystem(…)`. */
  readonly monitored: MonitoredSystem;
  readonly system: SystemNames;
  /** Of the policy in force, by which reports judge how the service scaled; `bin/app.ts` takes it from the environment's. */
  readonly scaling?: NonNullable<CloudSettings['scaling']>;
  /** Whether the database may be an instance of Aurora, or of a Multi-AZ cluster; yes, if nothing else is said. */
  readonly mayBeClustered?: boolean;
  /**
   * How the names of the system's alarms end, after `prefix`: `ServiceAlarms.ids`. The checklist wants each to be
   * there, and quiet, and each of `stopOnAlarms` is one of them.
   */
  readonly alarms: readonly string[];
  /** What is read of the system beside what CloudWatch knows; needs `system.service`. */
  readonly collector?: CollectorProps;
  /** A task of the system's own that cleans its test data. */
  readonly reset?: ResetTask;
  /** Where results are announced; with its key if that is a customer's own. */
  readonly topicArn: string;
  readonly topicKeyArn?: string;
  /** Where it is announced that load goes on without an end; the same topic by default. */
  readonly pageTopicArn?: string;
}
