import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { JsonPath, TaskInput, type TaskStateBase, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** What people read beside a state in the console. */
const COMMENTS: Readonly<Record<string, string>> = {
  Prepare: 'Reads and checks the plan, takes the lock of the environment, goes through the checklist',
  Gate: 'Puts together what the workers have stored, judges the phase, decides what comes next',
  Mitigate: 'A phase failed: raises the service, and sees how it is then; mitigation.json says how to undo it',
  Report: 'Judges with every signal, writes the report, announces it, lets the lock go',
  Abort: 'Stops every task of the run, and waits until none is left',
  EndLast: 'Stops a task of checks and teardown that is stuck',
  EndLastAfter: 'Stops a task of checks and teardown that is stuck',
  EndLoad: 'Stops what an execution that broke off has left running',
  ReportPartial: 'Reports what was measured until then',
};

/** Any function of a step has ended by itself before this. */
const STEP_TIMEOUT = Timeout.duration(Duration.minutes(16));

/** A state that catches keeps its input, and this beside it. */
export const CAUGHT = { resultPath: '$.error' };

interface Invocation {
  /** The execution that the step is about; this one if nothing else is said. */
  readonly of?: string;
  /** Where the step's input stands. */
  readonly state?: string;
  readonly resultPath?: string;
}

/** A state that runs the function of a step. */
export function invoke(
  scope: Construct,
  id: string,
  lambdaFunction: IFunction,
  invocation: Invocation = {},
): LambdaInvoke {
  const { of = JsonPath.executionId, state = '$', resultPath } = invocation;
  const comment = COMMENTS[id];
  return new LambdaInvoke(scope, id, {
    ...(comment !== undefined && { comment }),
    lambdaFunction,
    payload: TaskInput.fromObject({ execution: of, state: JsonPath.objectAt(state) }),
    payloadResponseOnly: true,
    taskTimeout: STEP_TIMEOUT,
    ...(resultPath !== undefined && { resultPath }),
  });
}

/** Steps that end a run are worth more than one try, whatever went wrong. */
export const withRetry = (step: LambdaInvoke): TaskStateBase =>
  step.addRetry({ errors: ['States.ALL'], maxAttempts: 2, interval: Duration.seconds(5), backoffRate: 2 });

/** Where AWS was at fault: by our own names, and those of AWS Lambda that the library's own retry leaves out. */
const PASSING = ['E-AWS', 'E-STORE', 'Lambda.TooManyRequestsException', 'Lambda.Unknown', 'Sandbox.Timedout'];

/** Steps on the way are worth another try where AWS was at fault. */
export const withPatience = (step: LambdaInvoke): TaskStateBase =>
  step.addRetry({ errors: PASSING, maxAttempts: 2, interval: Duration.seconds(5), backoffRate: 2 });
