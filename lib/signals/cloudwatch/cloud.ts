/** Beyond which a value is bad; the limit itself is still good. */
export type Limit = { readonly above: number } | { readonly below: number };

/** The resource whose dimensions a CloudWatch metric carries; one that a system lacks has no such metrics. */
export type CloudResource =
  | 'loadBalancer'
  | 'targetGroup'
  | 'service'
  | 'insights'
  | 'capacityProvider'
  | 'autoScalingGroup'
  | 'spotInterruption'
  | 'crash'
  | 'database'
  | 'proxy'
  | 'rotator'
  | 'renewal'
  | 'cache'
  | 'loadTest';

/** What no metric holds, but the configuration does: needed to turn counts into shares. */
export type Quantity = 'capacityPerSecond' | 'maxTasks' | 'maxInstances' | 'maxConnections' | 'databaseStorageBytes';

/** CloudWatch's statistics; percentiles are computed by CloudWatch from raw values, never averaged by us. */
export type Statistic = 'Average' | 'Sum' | 'Minimum' | 'Maximum' | 'p50' | 'p95' | 'p99';

/** One CloudWatch metric. `scale` turns its own unit into the signal's: 0.01 for percent → ratio, 1e6 for seconds → µs. */
export interface CloudMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: Statistic;
  readonly of: CloudResource;
  readonly scale: number;
}

/** Metric math over named readings. Source: CloudWatch User Guide, "Using math expressions with CloudWatch metrics". */
export interface CloudFormula {
  readonly math: string;
  readonly using: Readonly<Record<string, CloudReading>>;
}

/** How a signal is read in CloudWatch, as data. */
export type CloudReading = CloudMetric | CloudFormula | { readonly quantity: Quantity };

export type DashboardName = 'service' | 'resources' | 'load-test';

/** `page`: users are hurt now, on-call gets up. `notice`: a cause or a forerunner, read in working hours. */
export type Severity = 'page' | 'notice';

/** What on-call is woken by, and what its message says. `docs/runbooks/<id>.md` is its runbook. */
export interface CloudAlarm {
  readonly id: string;
  readonly severity: Severity;
  /** In the signal's unit; drawn into its graph. */
  readonly limit: Limit;
  /** So many one-minute readings beyond the limit … */
  readonly forMinutes: number;
  /** … of so many in a row. */
  readonly ofMinutes: number;
  /** How missing data counts: `breaching` where a healthy system always reports, `notBreaching` where only trouble is reported. */
  readonly missing: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
  /** One sentence: what it means for users. */
  readonly meaning: string;
  /** The first three things to look at, in order. */
  readonly lookAt: readonly [string, string, string];
}

/** A signal in AWS: how it is read, the graph it is drawn in, and its alarm if it has one. */
export interface Cloud {
  readonly reading: CloudReading;
  readonly drawn: { readonly on: DashboardName; readonly graph: string };
  readonly alarm?: CloudAlarm;
}

const metricsOf =
  (namespace: string, of: CloudResource) =>
  (metric: string, statistic: Statistic, scale = 1): CloudMetric => ({ namespace, metric, statistic, of, scale });

/** Metrics of the whole balancer: Elastic Load Balancing, "CloudWatch metrics for your Application Load Balancer". */
export const balancerMetric = metricsOf('AWS/ApplicationELB', 'loadBalancer');
/** Metrics of one target group behind it. */
export const targetsMetric = metricsOf('AWS/ApplicationELB', 'targetGroup');
/** ECS service utilisation, in percent of what the task definition reserves. */
export const serviceMetric = metricsOf('AWS/ECS', 'service');
/** ECS Container Insights: task counts, and what tasks use. */
export const insightsMetric = metricsOf('ECS/ContainerInsights', 'insights');
/** ECS managed scaling of a capacity provider. */
export const capacityMetric = metricsOf('AWS/ECS/ManagedScaling', 'capacityProvider');
/** EC2 Auto Scaling group metrics, which must be switched on. */
export const groupMetric = metricsOf('AWS/AutoScaling', 'autoScalingGroup');
/** The rule that listens for interruptions counts them: EventBridge, "Monitoring Amazon EventBridge". */
export const spotMetric = metricsOf('AWS/Events', 'spotInterruption');
/** So does the rule that listens for tasks that ended by themselves. */
export const crashMetric = metricsOf('AWS/Events', 'crash');
/** Amazon RDS instance metrics. */
export const databaseMetric = metricsOf('AWS/RDS', 'database');
/** Amazon RDS User Guide, "Monitoring RDS Proxy metrics with Amazon CloudWatch". */
export const proxyMetric = metricsOf('AWS/RDS', 'proxy');
/** The function that rotates the database password: AWS Lambda Developer Guide, "Types of metrics for Lambda functions". */
export const rotatorMetric = metricsOf('AWS/Lambda', 'rotator');
/** What replaces tasks after a rotation: AWS Step Functions Developer Guide, "Monitoring Step Functions metrics using Amazon CloudWatch". */
export const renewalMetric = metricsOf('AWS/States', 'renewal');
/** ElastiCache for Valkey, one series a node. */
export const cacheMetric = metricsOf('AWS/ElastiCache', 'cache');
/** What the load test publishes of itself. */
export const loadTestMetric = metricsOf('Plimsoll', 'loadTest');

export const formula = (math: string, using: Readonly<Record<string, CloudReading>>): CloudFormula => ({ math, using });

export const quantity = (name: Quantity): CloudReading => ({ quantity: name });

/** CloudWatch reports utilisation in percent; signals are ratios. */
export const PERCENT = 0.01;

/** Container Insights reports memory in what task definitions reserve it in, MiB; signals are bytes. */
export const MEBIBYTES = 2 ** 20;

/** CloudWatch reports times in seconds; signals are microseconds. */
export const SECONDS = 1e6;
