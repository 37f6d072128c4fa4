import type { MetricQuery } from '../../signals/cloudwatch/query.ts';
import type { LogEvent } from '../../signals/log-lines.ts';
import type { Store } from '../archive/store.ts';
import type { ExecutionStatus } from './execution-status.ts';

/** What a run in the cloud needs of the world besides its store. Every method rejects with a PlimsollError. */
export interface CloudPorts {
  readonly store: Store;
  readonly tasks: Tasks;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly executions: Executions;
  readonly service: ServicePort;
  /** One message to all subscribers. The subject is cut to what e-mail takes: 99 printable ASCII characters. */
  notify(subject: string, text: string): Promise<void>;
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  /** One GET. Never rejects: what went wrong is in the answer. */
  readHealth(url: string): Promise<HealthReply>;
}

export interface HealthReply {
  /** 0 where no reply came. */
  readonly status: number;
  readonly tookMs: number;
  /** Of the reply, 64 KiB at the most; or why there was none. */
  readonly text: string;
}

/** The generator's tasks. */
export interface Tasks {
  /**
   * ARNs of a run's tasks that have not ended yet: starting, running and stopping ones alike, so an empty list means that
   * none is left. A task belongs to the run that its variable PLIMSOLL_RUN names.
   */
  listRunning(runId: string): Promise<readonly string[]>;
  /** Why tasks of the run have stopped, as ECS says it, each once; of those that it has not forgotten after an hour. */
  whyStopped(runId: string): Promise<readonly string[]>;
  /** Sends SIGTERM and returns at once. Stopping what has ended is no error. */
  stop(taskArn: string, reason: string): Promise<void>;
}

export interface MetricWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** The finest wanted; CloudWatch keeps old points only in coarser ones. */
  readonly periodSeconds: number;
}

export interface MetricsReply {
  /** By query; ascending in time, [start of the period in ms since the epoch, value]. Silence has no entry. */
  readonly points: ReadonlyMap<string, readonly (readonly [atMs: number, value: number])[]>;
  /** The period that the points really have. */
  readonly periodSeconds: number;
  /** Why something may be missing, in sentences; empty when all is there. */
  readonly doubts: readonly string[];
}

export interface Metrics {
  /** Waits, up to a limit of the adapter's, for points that CloudWatch has not got yet. */
  read(queries: readonly MetricQuery[], window: MetricWindow): Promise<MetricsReply>;
}

export interface AlarmState {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
}

export interface Alarms {
  /** Metric and composite alarms of these names; of one that is not there, nothing. */
  states(names: readonly string[]): Promise<readonly AlarmState[]>;
}

export interface AlarmHistoryPort {
  /** JSON of all changes of state in a span, as `aws cloudwatch describe-alarm-history` prints it. */
  changesIn(fromMs: number, toMs: number): Promise<string>;
}

export interface LogWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the service under test logs. */
export interface ServiceLog {
  /** For people who look for it. */
  readonly name: string;
  /** Lines of a window that may speak of trouble, oldest first, page by page; pages may be empty. */
  troubleIn(window: LogWindow): AsyncIterable<readonly LogEvent[]>;
}

/** What an alarm did when it changed, such as publishing to its topic. */
export interface AlarmAction {
  readonly succeeded: boolean;
  readonly text: string;
}

/** Alarms that are set off on purpose. */
export interface SettableAlarms {
  set(alarm: AlarmState, reason: string): Promise<void>;
  /** Oldest first; CloudWatch writes them down some seconds later. */
  actionsSince(name: string, sinceMs: number): Promise<readonly AlarmAction[]>;
}

/** The error of an execution that `Executions.stop` has ended. */
export const STOPPED_BY_US = 'Plimsoll.Stopped';

/** Executions of the workflow. */
export interface Executions {
  /** False too for an execution that Step Functions does not know, or has forgotten. */
  isRunning(arn: string): Promise<boolean>;
  /** Undefined for such a one. */
  standing(arn: string): Promise<ExecutionStatus | undefined>;
  /** Stopping what has ended is no error. */
  stop(arn: string, cause: string): Promise<void>;
}

export interface TaskCounts {
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
}

export interface TargetHealth {
  readonly healthy: number;
  readonly total: number;
}

/** Facts about the system under test and the account. Undefined: the environment names no such resource to ask. */
export interface ServicePort {
  taskCounts(): Promise<TaskCounts | undefined>;
  /** Emergency mitigation; returns once the service took the number, not once the tasks run. */
  setDesiredTasks(count: number): Promise<void>;
  targetHealth(): Promise<TargetHealth | undefined>;
  /** `active` when it takes requests. */
  balancerState(): Promise<string | undefined>;
  /** `available` when all is well. */
  databaseStatus(): Promise<string | undefined>;
  /** When the newest finished snapshot was taken; `none` where the database has no snapshot. */
  newestSnapshot(): Promise<{ readonly takenAtMs: number } | 'none' | undefined>;
  /** How many vCPUs of Fargate the account may use at once, running ones included. */
  fargateVcpus(capacity: 'on-demand' | 'spot'): Promise<number>;
}
