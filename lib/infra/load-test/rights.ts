import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledgeResource } from '../acknowledge.ts';
import type { Steps } from './workflow.ts';
import type { SystemNames } from './props.ts';

/** What the rights are about. */
export interface RightsProps {
  readonly bucket: IBucket;
  readonly cluster: ICluster;
  readonly system: SystemNames;
  /** Name of the workflow, which is made after its functions. */
  readonly workflowName: string;
  readonly topicArn: string;
  /** The topic's own key, if it has one. */
  readonly topicKeyArn?: string | undefined;
  readonly mayMitigate: boolean;
  /** Where the service's log is, if it is known. */
  readonly logGroup?: string | undefined;
  /** Whether the database may be an instance of Aurora, or of a Multi-AZ cluster: their snapshots are the cluster's. */
  readonly mayBeClustered: boolean;
}

const right = (actions: readonly string[], ...resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

/** All that each step may do: what the adapters ask for (`callAws` in lib/adapters), a test compares the two. */
export function rightsOf(scope: Construct, props: RightsProps): Readonly<Record<keyof Steps, PolicyStatement[]>> {
  const metrics = right(['cloudwatch:GetMetricData'], '*');
  const notify = notifyRights(props);
  const look = lookRights(scope, props);
  const store = (step: keyof typeof KEYS): PolicyStatement[] => storeRights(props.bucket, KEYS[step]);
  return {
    prepare: [...store('prepare'), metrics, ...checkRights(scope, props), ...look],
    gate: [...store('gate'), metrics],
    abort: [...store('abort'), ...look, ...stopRights(scope, props), ...notify],
    report: [...store('report'), metrics, ...reportRights(scope, props), ...notify],
  };
}

interface Keys {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** What each step asks of the store, by the keys of lib/run/archive/keys.ts; a test compares it with what they really ask. */
const KEYS = {
  prepare: { reads: ['plans/*', 'lock.json'], writes: ['runs/*', 'executions/*', 'lock.json'] },
  gate: { reads: ['runs/*'], writes: ['runs/*'] },
  abort: { reads: ['runs/*', 'executions/*', 'lock.json'], writes: ['runs/*'] },
  report: { reads: ['runs/*', 'lock.json'], writes: ['runs/*', 'captures/*', 'lock.json'] },
  generator: { reads: ['runs/*', 'captures/*'], writes: ['runs/*', 'captures/*'] },
  collector: { reads: ['runs/*'], writes: ['runs/*'] },
} satisfies Record<string, Keys>;

/** A generator reads its plan and writes what it saw. */
export const generatorRights = (bucket: IBucket): PolicyStatement[] => storeRights(bucket, KEYS.generator);

export const collectorRights = (bucket: IBucket): PolicyStatement[] => storeRights(bucket, KEYS.collector);

/** Without the right to list, S3 answers "denied" instead of "no such key". */
const storeRights = (bucket: IBucket, { reads, writes }: Keys): PolicyStatement[] => [
  right(['s3:GetObject'], ...reads.map((key) => bucket.arnForObjects(key))),
  right(['s3:PutObject'], ...writes.map((key) => bucket.arnForObjects(key))),
  right(['s3:ListBucket'], bucket.bucketArn),
];

/** What a reviewer asks about: resources with a wildcard, each of which belongs to the load test or the system under test. */
export function acknowledgeRights(scope: Construct, props: RightsProps): void {
  const { bucket, cluster, workflowName, system, mayBeClustered, logGroup } = props;
  const of = (resource: string, reason: string): void => acknowledgeResource(scope, resource, reason);
  for (const prefix of ['runs/*', 'executions/*', 'plans/*', 'captures/*'])
    of(bucket.arnForObjects(prefix), 'Objects of the results bucket, by the keys of lib/run/archive/keys.ts.');
  of(tasksOf(scope, cluster), "Tasks of the generator's own cluster, whose names ECS makes up when they start.");
  of(executionsOf(scope, workflowName), "Executions of the load test's own workflow.");
  if (logGroup !== undefined) of(logArn(scope, logGroup), "All streams of the service's log: each task has its own.");
  if (system.databaseId === undefined) return;
  of(rdsArn(scope, 'snapshot', '*'), 'A snapshot is found by its database, not its name.');
  if (!mayBeClustered) return;
  of(rdsArn(scope, 'cluster-snapshot', '*'), "A cluster's snapshot is found by its cluster, not its name.");
  of(rdsArn(scope, 'cluster', '*'), 'Which cluster an instance belongs to shows when RDS is asked.');
}

/** Whether an execution runs, and which of its tasks. */
function lookRights(scope: Construct, { cluster, workflowName }: RightsProps): PolicyStatement[] {
  const listing = right(['ecs:ListTasks'], '*');
  listing.addCondition('ArnEquals', { 'ecs:cluster': cluster.clusterArn });
  return [
    listing,
    right(['ecs:DescribeTasks'], tasksOf(scope, cluster)),
    right(['states:DescribeExecution'], executionsOf(scope, workflowName)),
  ];
}

function stopRights(scope: Construct, { cluster, workflowName, system, mayMitigate }: RightsProps): PolicyStatement[] {
  return [
    right(['ecs:StopTask'], tasksOf(scope, cluster)),
    right(['states:StopExecution'], executionsOf(scope, workflowName)),
    ...serviceRights(scope, system, mayMitigate ? ['ecs:DescribeServices', 'ecs:UpdateService'] : []),
    // How the service is after it was raised.
    ...(mayMitigate ? [right(['elasticloadbalancing:DescribeTargetHealth'], '*')] : []),
  ];
}

/** What the checklist asks. Actions on `*` know no resource: docs/security.md. */
const checkRights = (scope: Construct, props: RightsProps): PolicyStatement[] => [
  right(['cloudwatch:DescribeAlarms', 'servicequotas:GetServiceQuota'], '*'),
  right(['servicequotas:GetAWSDefaultServiceQuota'], '*'),
  right(['elasticloadbalancing:DescribeTargetHealth', 'elasticloadbalancing:DescribeLoadBalancers'], '*'),
  ...serviceRights(scope, props.system, ['ecs:DescribeServices']),
  ...databaseRights(scope, props),
];

/** Whether the database is there, and its newest snapshot: its own, or its cluster's. */
function databaseRights(scope: Construct, { system, mayBeClustered }: RightsProps): PolicyStatement[] {
  const { databaseId } = system;
  if (databaseId === undefined) return [];
  const any = (resource: string): string => rdsArn(scope, resource, '*');
  return [
    right(['rds:DescribeDBInstances', 'rds:DescribeDBSnapshots'], rdsArn(scope, 'db', databaseId)),
    right(['rds:DescribeDBSnapshots'], any('snapshot')),
    ...(mayBeClustered ? [right(['rds:DescribeDBClusterSnapshots'], any('cluster'), any('cluster-snapshot'))] : []),
  ];
}

const rdsArn = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({ service: 'rds', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

function serviceRights(scope: Construct, { service }: SystemNames, actions: readonly string[]): PolicyStatement[] {
  if (service === undefined || actions.length === 0) return [];
  const resourceName = `${service.cluster}/${service.name}`;
  return [right(actions, Stack.of(scope).formatArn({ service: 'ecs', resource: 'service', resourceName }))];
}

/** What alarms did, and what the service logged. */
const reportRights = (scope: Construct, { logGroup }: RightsProps): PolicyStatement[] => [
  right(['cloudwatch:DescribeAlarmHistory'], '*'),
  ...(logGroup === undefined ? [] : [right(['logs:FilterLogEvents'], logArn(scope, logGroup))]),
];

/** With the end that policies need (CloudWatch Logs User Guide, "Overview of managing access permissions", "Log group"). */
const logArn = (scope: Construct, group: string): string =>
  Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${group}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** Tasks take the tags of their definition when they are started, and at no other time. */
export function taggingRight(scope: Construct, cluster: ICluster): PolicyStatement {
  const tagging = right(['ecs:TagResource'], tasksOf(scope, cluster));
  tagging.addCondition('StringEquals', { 'ecs:CreateAction': 'RunTask' });
  return tagging;
}

/**
 * A definition gets a new revision with each deployment, and a state starts the newest of its family: with a right to one revision, as
 * the library gives it, a deployment in the middle of a run would end the run.
 */
export function runRight(scope: Construct, family: string, reason: string): PolicyStatement {
  const arn = Stack.of(scope).formatArn({ service: 'ecs', resource: 'task-definition', resourceName: `${family}:*` });
  acknowledgeResource(scope, arn, reason);
  return right(['ecs:RunTask'], arn);
}

/** The topic's key lets only services use it by itself; a role needs the right too. */
const notifyRights = ({ topicArn, topicKeyArn }: RightsProps): PolicyStatement[] => [
  right(['sns:Publish'], topicArn),
  ...(topicKeyArn === undefined ? [] : [right(['kms:Decrypt', 'kms:GenerateDataKey'], topicKeyArn)]),
];

/** ECS names tasks when they start. */
const tasksOf = (scope: Construct, { clusterName }: ICluster): string =>
  Stack.of(scope).formatArn({ service: 'ecs', resource: 'task', resourceName: `${clusterName}/*` });

const executionsOf = (scope: Construct, workflowName: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${workflowName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
