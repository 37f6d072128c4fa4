import { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  type CapacityProviderStrategy,
  FargatePlatformVersion,
  type ICluster,
  PropagatedTagSource,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  IntegrationPattern,
  JsonPath,
  Map,
  Pass,
  Succeed,
  type TaskStateBase,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  CapacityProviderOptions,
  EcsEc2LaunchTarget,
  EcsFargateLaunchTarget,
  EcsRunTask,
  LambdaInvoke,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { StepName } from '../../run/workflow/settings.ts';
import { MOST_WORKERS } from '../../environment/quotas.ts';
import type { GeneratorTask } from './generator-task.ts';

/** The functions of the steps. */
export type Steps = Readonly<Record<StepName, IFunction>>;

export interface LoadProps {
  readonly task: GeneratorTask;
  readonly spot: boolean;
  readonly subnets: SubnetSelection;
  readonly groups: readonly ISecurityGroup[];
  readonly reset?: ResetTask | undefined;
}

/** A task of the system under test that cleans its test data. */
export interface ResetTask {
  readonly cluster: ICluster;
  readonly taskDefinition: TaskDefinition;
  readonly command: readonly string[];
  readonly subnets: SubnetSelection;
  readonly group: ISecurityGroup;
  readonly strategies: readonly CapacityProviderStrategy[];
  /** On machines of the cluster; else on Fargate. */
  readonly onInstances: boolean;
}

/** Any function of a step has ended by itself before this. */
const STEP_TIMEOUT = Timeout.duration(Duration.minutes(16));

/**
 * Prepare → phase after phase: load, gate → report. What goes wrong on the way ends the load, and is reported as far as it went. What
 * passes between the states is lib/run/workflow/step.ts; everything else is in the store.
 */
export function workflow(scope: Construct, steps: Steps, props: LoadProps): IChainable {
  const report = reported(scope, invoke(scope, 'Report', steps.report));
  const broken = aborted(scope, steps.abort).next(report);
  const prepare = withPatience(invoke(scope, 'Prepare', steps.prepare)).addCatch(broken, CAUGHT);
  const gate = withPatience(invoke(scope, 'Gate', steps.gate)).addCatch(broken, CAUGHT);
  const phase = load(scope, props).addCatch(broken, CAUGHT).next(gate);
  const refused = new Fail(scope, 'Refused', { errorPath: '$.error', causePath: '$.cause' });
  const next = new Choice(scope, 'HavePhase?');
  if (props.reset !== undefined) {
    const clean = cleanData(scope, props.reset).addCatch(broken, CAUGHT).next(phase);
    next.when(Condition.isPresent('$.clean'), clean);
  }
  next
    .when(Condition.stringEquals('$.do', 'load'), phase)
    .when(Condition.stringEquals('$.do', 'refuse'), refused)
    .otherwise(report);
  gate.next(next);
  prepare.next(next);
  return prepare;
}

/** After an execution that ended otherwise than by its own states: ends its load, reports what is known. */
export function aftermath(scope: Construct, steps: Pick<Steps, 'abort' | 'report'>): IChainable {
  const done = new Succeed(scope, 'Done');
  // The execution of which this is the aftermath, not this one.
  const of = JsonPath.stringAt('$.execution');
  const report = withRetry(invoke(scope, 'ReportPartial', steps.report, { of, state: '$.end' })).next(done);
  const next = new Choice(scope, 'HaveRun?').when(Condition.stringEquals('$.end.do', 'report'), report).otherwise(done);
  // What the function answers stands beside the execution, which the report needs too.
  return withRetry(invoke(scope, 'EndLoad', steps.abort, { of, resultPath: '$.end' })).next(next);
}

const CAUGHT = { resultPath: '$.error' };

interface Invocation {
  /** The execution that the step is about; this one if nothing else is said. */
  readonly of?: string;
  /** Where the step's input stands. */
  readonly state?: string;
  readonly resultPath?: string;
}

function invoke(scope: Construct, id: string, lambdaFunction: IFunction, invocation: Invocation = {}): LambdaInvoke {
  const { of = JsonPath.executionId, state = '$', resultPath } = invocation;
  return new LambdaInvoke(scope, id, {
    lambdaFunction,
    payload: TaskInput.fromObject({ execution: of, state: JsonPath.objectAt(state) }),
    payloadResponseOnly: true,
    taskTimeout: STEP_TIMEOUT,
    ...(resultPath !== undefined && { resultPath }),
  });
}

/** Steps that end a run are worth more than one try, whatever went wrong. */
const withRetry = (step: LambdaInvoke): TaskStateBase =>
  step.addRetry({ errors: ['States.ALL'], maxAttempts: 2, interval: Duration.seconds(5), backoffRate: 2 });

/** Where AWS was at fault: by our own names, and those of AWS Lambda that the library's own retry leaves out. */
const PASSING = ['E-AWS', 'E-STORE', 'Lambda.TooManyRequestsException', 'Lambda.Unknown', 'Sandbox.Timedout'];

/** Steps on the way are worth another try where AWS was at fault. */
const withPatience = (step: LambdaInvoke): TaskStateBase =>
  step.addRetry({ errors: PASSING, maxAttempts: 2, interval: Duration.seconds(5), backoffRate: 2 });

/** Stops every task and sees that none is left; where one is, the execution says so loudly. */
function aborted(scope: Construct, abort: IFunction): TaskStateBase {
  const left = new Fail(scope, 'LoadNotStopped', { error: 'LoadNotStopped', causePath: '$.error.Cause' });
  return withRetry(invoke(scope, 'Abort', abort)).addCatch(left, CAUGHT);
}

const verdictIs = (verdict: string): Condition => Condition.stringEquals('$.verdict', verdict);

/** The execution fails where the verdict is no good, so that the console and CI show red. */
function reported(scope: Construct, report: LambdaInvoke): LambdaInvoke {
  const failed = (name: string): Fail => new Fail(scope, name, { error: name, causePath: '$.cause' });
  const verdict = new Choice(scope, 'Verdict?')
    .when(Condition.or(verdictIs('pass'), verdictIs('warn')), new Succeed(scope, 'Passed'))
    .when(verdictIs('fail'), failed('ObjectivesFailed'))
    .when(verdictIs('aborted'), failed('Aborted'))
    .otherwise(failed('NoVerdict'));
  const lost = new Fail(scope, 'ReportFailed', { error: 'ReportFailed', causePath: '$.error.Cause' });
  withRetry(report).addCatch(lost, CAUGHT).next(verdict);
  return report;
}

/**
 * One task a worker, all at once. A task that fails is tried again while the others wait for it (BARRIER_SECONDS), longer and
 * longer later: Spot may have none to give at this moment. Once the phase has begun another try ends at once.
 */
function load(scope: Construct, props: LoadProps): Map {
  const run = runTask(scope, props)
    .addRetry({ errors: ['States.TaskFailed'], maxAttempts: 3, interval: Duration.seconds(15), backoffRate: 2 })
    .addCatch(lostTask(scope), { resultPath: '$.failure' });
  return new Map(scope, 'Load', {
    itemsPath: '$.workers',
    itemSelector: {
      run: JsonPath.stringAt('$.run'),
      phase: JsonPath.stringAt('$.phase'),
      loadSeconds: JsonPath.numberAt('$.loadSeconds'),
      worker: JsonPath.stringAt('$$.Map.Item.Value'),
    },
    maxConcurrency: MOST_WORKERS,
    resultPath: '$.load',
  }).itemProcessor(run);
}

/**
 * Why a worker was lost, in a few words. A task that ended has its whole description as the cause, and forty of them would be more than
 * a state may hold (256 KiB: Step Functions, "Quotas"), so the reasons are taken out of it; a task that could not be started has a
 * sentence, such as that capacity is unavailable; one that took too long has neither.
 */
function lostTask(scope: Construct): Choice {
  const lost = (id: string, why: Readonly<Record<string, unknown>> = {}): Pass =>
    new Pass(scope, id, {
      parameters: { worker: JsonPath.stringAt('$.worker'), lost: JsonPath.stringAt('$.failure.Error'), ...why },
    });
  const ended = lost('LostAtItsEnd', {
    stopped: JsonPath.stringAt('$.task.read.StoppedReason'),
    containers: JsonPath.objectAt('$.task.read.Containers'),
  });
  const unknown = lost('Lost');
  const read = new Pass(scope, 'ReadTask', {
    parameters: { read: JsonPath.stringToJson(JsonPath.stringAt('$.failure.Cause')) },
    resultPath: '$.task',
  });
  const hasReasons = Condition.and(
    Condition.isPresent('$.task.read.StoppedReason'),
    Condition.isPresent('$.task.read.Containers'),
  );
  read.next(new Choice(scope, 'HasReasons?').when(hasReasons, ended).otherwise(unknown));
  const hasCause = Condition.isPresent('$.failure.Cause');
  return new Choice(scope, 'WhyLost?')
    .when(Condition.and(hasCause, Condition.stringMatches('$.failure.Cause', '{*')), read)
    .when(hasCause, lost('LostAtItsStart', { refused: JsonPath.stringAt('$.failure.Cause') }))
    .otherwise(unknown);
}

/** Long enough for a hundred thousand users. */
const CLEAN_TIMEOUT = Timeout.duration(Duration.minutes(15));

function cleanData(scope: Construct, reset: ResetTask): EcsRunTask {
  const capacityProviderOptions = CapacityProviderOptions.custom([...reset.strategies]);
  const { defaultContainer: containerDefinition } = reset.taskDefinition;
  if (containerDefinition === undefined) throw new Error('a task that cleans data has a container');
  return new EcsRunTask(scope, 'CleanData', {
    integrationPattern: IntegrationPattern.RUN_JOB,
    cluster: reset.cluster,
    taskDefinition: reset.taskDefinition,
    launchTarget: reset.onInstances
      ? new EcsEc2LaunchTarget({ capacityProviderOptions })
      : new EcsFargateLaunchTarget({ platformVersion: FargatePlatformVersion.LATEST, capacityProviderOptions }),
    subnets: reset.subnets,
    securityGroups: [reset.group],
    containerOverrides: [{ containerDefinition, command: [...reset.command] }],
    taskTimeout: CLEAN_TIMEOUT,
    resultPath: JsonPath.DISCARD,
  });
}

/** The task's description at its end is dropped: forty of them would be more than a state may hold. */
function runTask(scope: Construct, { task, spot, subnets, groups }: LoadProps): EcsRunTask {
  const capacityProvider = spot ? 'FARGATE_SPOT' : 'FARGATE';
  return new EcsRunTask(scope, 'Generate', {
    integrationPattern: IntegrationPattern.RUN_JOB,
    cluster: task.cluster,
    taskDefinition: task.definition,
    launchTarget: new EcsFargateLaunchTarget({
      platformVersion: FargatePlatformVersion.LATEST,
      capacityProviderOptions: CapacityProviderOptions.custom([{ capacityProvider, weight: 1 }]),
    }),
    // Costs go by tags, and a task has none of its own.
    propagatedTagSource: PropagatedTagSource.TASK_DEFINITION,
    assignPublicIp: false,
    subnets,
    securityGroups: [...groups],
    containerOverrides: [
      {
        containerDefinition: task.container,
        environment: [
          { name: 'PLIMSOLL_RUN', value: JsonPath.stringAt('$.run') },
          { name: 'PLIMSOLL_PHASE', value: JsonPath.stringAt('$.phase') },
          { name: 'PLIMSOLL_WORKER', value: JsonPath.stringAt('$.worker') },
        ],
      },
    ],
    taskTimeout: Timeout.at('$.loadSeconds'),
    resultPath: JsonPath.DISCARD,
  });
}
