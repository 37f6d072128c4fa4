import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { UsedVersion } from '../../environment/end-of-support.ts';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import type { AllowList } from '../../run/safety.ts';
import type { MonitoredSystem } from '../observability/metric.ts';
import type { ResetTask } from './workflow.ts';

/** The system under test, by the names its services know it under. What is absent is not checked. */
export interface SystemNames {
  readonly service?: { readonly cluster: string; readonly name: string };
  readonly targetGroupArn?: string;
  readonly loadBalancerArn?: string;
  readonly databaseId?: string;
}

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
  /** Ids of the alarms that there are: `ServiceAlarms.ids`. Each of `stopOnAlarms` is one of them. */
  readonly alarms: readonly string[];
  /** What reports read from CloudWatch: `StagingEnvironment.monitored`, or `existingSystem(…)`. */
  readonly monitored: MonitoredSystem;
  readonly system: SystemNames;
  /** A task of the system's own that cleans its test data. */
  readonly reset?: ResetTask;
  /** Where results are announced; with its key if that is a customer's own. */
  readonly topicArn: string;
  readonly topicKeyArn?: string;
  /** Where it is announced that load goes on without an end; the same topic by default. */
  readonly pageTopicArn?: string;
}
