import { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  type CapacityProviderStrategy,
  FargatePlatformVersion,
  type ICluster,
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
  Succeed,
  type TaskStateBase,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  CapacityProviderOptions,
  EcsEc2LaunchTarget,
  EcsFargateLaunchTarget,
  EcsRunTask,
  type LambdaInvoke,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { StepName } from '../../run/workflow/settings.ts';
import { collection } from './collection.ts';
import type { FargateTask } from './fargate-run.ts';
import { generation, type GenerationProps } from './generation.ts';
import { CAUGHT, invoke, withPatience, withRetry } from './invocation.ts';
import { onceTask } from './once.ts';

/** The functions of the steps. */
export type Steps = Readonly<Record<StepName, IFunction>>;

export interface WorkflowProps extends GenerationProps {
  readonly reset?: ResetTask | undefined;
  readonly collection?: FargateTask | undefined;
  /** Whether the service is raised where a phase fails its objectives. */
  readonly mitigatesFailures: boolean;
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

/**
 * Prepare → phase after phase: load, gate → report. What goes wrong on the way ends the load, and is reported as far as it went. What
 * passes between the states is lib/run/workflow/step.ts; everything else is in the store.
 */
export function workflow(scope: Construct, steps: Steps, props: WorkflowProps): IChainable {
  const report = reported(scope, invoke(scope, 'Report', steps.report));
  const last = sendLast(scope, { id: 'SendLast', run: '$.run', after: report }, props, steps.abort);
  const ended = new Choice(scope, 'HaveLast?', { comment: 'Whether the plan has checks or a teardown to be sent' })
    .when(Condition.isPresent('$.sendLast'), last)
    .otherwise(report);
  const broken = aborted(scope, steps.abort).next(ended);
  const prepare = withPatience(invoke(scope, 'Prepare', steps.prepare)).addCatch(broken, CAUGHT);
  const gate = withPatience(invoke(scope, 'Gate', steps.gate)).addCatch(broken, CAUGHT);
  const phase = generation(scope, props).addCatch(broken, CAUGHT).next(gate);
  const refused = new Fail(scope, 'Refused', { errorPath: '$.error', causePath: '$.cause' });
  const next = new Choice(scope, 'HavePhase?', { comment: 'Load the next phase, report, or refuse' });
  if (props.mitigatesFailures) {
    // Before anything else: the service is in trouble.
    const mitigate = withPatience(invoke(scope, 'Mitigate', steps.abort))
      .addCatch(broken, CAUGHT)
      .next(next);
    next.when(Condition.isPresent('$.mitigate'), mitigate);
  }
  // A load without the system's own figures is better than none, and its report says so.
  const { setUp, begin, first } = beginning(scope, props, { broken, phase });
  if (props.reset !== undefined) {
    const clean = cleanData(scope, props.reset)
      .addCatch(broken, CAUGHT)
      .next(first ?? begin);
    next.when(Condition.isPresent('$.clean'), clean);
  }
  if (first !== undefined) next.when(Condition.isPresent('$.collect'), first);
  next
    .when(Condition.isPresent('$.setUp'), setUp)
    .when(Condition.stringEquals('$.do', 'load'), phase)
    .when(Condition.isPresent('$.sendLast'), last)
    .when(Condition.stringEquals('$.do', 'refuse'), refused)
    .otherwise(report);
  gate.next(next);
  prepare.next(next);
  return prepare;
}

const SETS_UP = "Sends the plan's setup, whose captures every worker then has";

interface Ways {
  readonly broken: IChainable;
  readonly phase: IChainable;
}

/** What stands before the first phase: a collector that reads the system, and the plan's setup. */
function beginning(scope: Construct, props: WorkflowProps, { broken, phase }: Ways) {
  const setUp = onceTask(scope, 'SetUp', props, { steps: 'setup', run: '$.run', comment: SETS_UP })
    .addCatch(broken, CAUGHT)
    .next(phase);
  const begin = new Choice(scope, 'HaveSetup?', { comment: 'Whether the plan has a setup to be sent first' })
    .when(Condition.isPresent('$.setUp'), setUp)
    .otherwise(phase);
  const collect = props.collection && collection(scope, props.collection).addCatch(begin, CAUGHT).next(begin);
  const first =
    collect &&
    new Choice(scope, 'HaveCollector?', { comment: 'Whether there is something for a collector to read' })
      .when(Condition.isPresent('$.collect'), collect)
      .otherwise(begin);
  return { setUp, begin, first };
}

/** After an execution that ended otherwise than by its own states: ends its load, reports what is known. */
export function aftermath(
  scope: Construct,
  steps: Pick<Steps, 'abort' | 'report'>,
  generator: FargateTask,
): IChainable {
  const done = new Succeed(scope, 'Done');
  // The execution of which this is the aftermath, not this one.
  const of = JsonPath.stringAt('$.execution');
  const report = withRetry(invoke(scope, 'ReportPartial', steps.report, { of, state: '$.end' })).next(done);
  const last = sendLast(scope, { id: 'SendLastAfter', run: '$.end.run', after: report, of }, generator, steps.abort);
  const next = new Choice(scope, 'HaveRun?', { comment: 'Whether there is a run without a report' })
    .when(Condition.isPresent('$.end.sendLast'), last)
    .when(Condition.stringEquals('$.end.do', 'report'), report)
    .otherwise(done);
  // What the function answers stands beside the execution, which the report needs too.
  return withRetry(invoke(scope, 'EndLoad', steps.abort, { of, resultPath: '$.end' })).next(next);
}

interface LastProps {
  readonly id: 'SendLast' | 'SendLastAfter';
  readonly run: string;
  readonly after: IChainable;
  /** The execution whose run it is; this one if nothing else is said. */
  readonly of?: string;
}

/**
 * The report follows, whatever became of it. Step Functions does not end a task for which it waits no longer, and after a run that
 * passed nothing else would: so the step that stops tasks does.
 */
function sendLast(
  scope: Construct,
  { id, run, after, of }: LastProps,
  generator: FargateTask,
  abort: IFunction,
): IChainable {
  const invocation = { ...(of !== undefined && { of }), resultPath: JsonPath.DISCARD };
  const endStuck = withRetry(invoke(scope, id === 'SendLast' ? 'EndLast' : 'EndLastAfter', abort, invocation))
    .addCatch(after, CAUGHT)
    .next(after);
  return onceTask(scope, id, generator, { steps: 'last', run, comment: "Sends the plan's checks, then its teardown" })
    .addCatch(endStuck, { ...CAUGHT, errors: ['States.Timeout'] })
    .addCatch(after, CAUGHT)
    .next(after);
}

/** Stops every task and sees that none is left; where one is, the execution says so loudly. */
function aborted(scope: Construct, abort: IFunction): TaskStateBase {
  const left = new Fail(scope, 'LoadNotStopped', { error: 'LoadNotStopped', causePath: '$.error.Cause' });
  return withRetry(invoke(scope, 'Abort', abort)).addCatch(left, CAUGHT);
}

const verdictIs = (verdict: string): Condition => Condition.stringEquals('$.verdict', verdict);

/** The execution fails where the verdict is no good, so that the console and CI show red. */
function reported(scope: Construct, report: LambdaInvoke): LambdaInvoke {
  const failed = (name: string): Fail => new Fail(scope, name, { error: name, causePath: '$.cause' });
  const verdict = new Choice(scope, 'Verdict?', { comment: 'The execution fails where the verdict is no good' })
    .when(Condition.or(verdictIs('pass'), verdictIs('warn')), new Succeed(scope, 'Passed'))
    .when(verdictIs('fail'), failed('ObjectivesFailed'))
    .when(verdictIs('aborted'), failed('Aborted'))
    .otherwise(failed('NoVerdict'));
  const lost = new Fail(scope, 'ReportFailed', { error: 'ReportFailed', causePath: '$.error.Cause' });
  withRetry(report).addCatch(lost, CAUGHT).next(verdict);
  return report;
}

/** Long enough for a hundred thousand users. */
const CLEAN_TIMEOUT = Timeout.duration(Duration.minutes(15));

function cleanData(scope: Construct, reset: ResetTask): EcsRunTask {
  const capacityProviderOptions = CapacityProviderOptions.custom([...reset.strategies]);
  const { defaultContainer: containerDefinition } = reset.taskDefinition;
  if (containerDefinition === undefined) throw new Error('a task that cleans data has a container');
  return new EcsRunTask(scope, 'CleanData', {
    comment: 'Cleans the test data, as a task of the service; refuses a database without the marker of test data',
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
