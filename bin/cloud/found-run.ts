import { StepFunctionsWorkflow } from '../../lib/adapters/aws/step-functions-workflow.ts';
import { executionArn } from '../../lib/run/workflow/arn.ts';
import type { ExecutionStatus } from '../../lib/run/workflow/execution-status.ts';
import { lockHolder } from '../../lib/run/archive/lock.ts';
import { runOf } from '../../lib/run/archive/run-record.ts';
import { findRun } from '../../lib/run/archive/runs.ts';
import type { Store } from '../../lib/run/archive/store.ts';
import type { LoadTestLocation } from './load-test-location.ts';

interface Execution {
  readonly arn: string;
  readonly standing: ExecutionStatus;
}

/** What a person named: a run, or an execution that has no run yet or never had one. */
export interface FoundRun {
  readonly run?: string;
  readonly execution?: Execution;
}

/** The run or execution with the wanted name, else the newest; undefined where there is none. */
export async function findNamedRun(
  { store, stateMachine }: LoadTestLocation,
  wanted: string | undefined,
  workflow: StepFunctionsWorkflow | undefined,
): Promise<FoundRun | undefined> {
  const beginning = wanted === undefined ? await atItsChecklist(store, workflow) : undefined;
  if (beginning !== undefined) return { execution: beginning };
  const run = await findRun(store, wanted);
  if (run !== undefined) return { run };
  const execution = await standingOf(workflow, arnOf(wanted, stateMachine));
  return execution && { execution };
}

/** The execution that has the lock and no run yet: it is what runs now. */
async function atItsChecklist(
  store: Store,
  workflow: StepFunctionsWorkflow | undefined,
): Promise<Execution | undefined> {
  const arn = (await lockHolder(store))?.execution;
  if (arn === undefined || (await runOf(store, arn)) !== undefined) return undefined;
  const execution = await standingOf(workflow, arn);
  return execution?.standing.endedAtMs === undefined ? execution : undefined;
}

async function standingOf(
  workflow: StepFunctionsWorkflow | undefined,
  arn: string | undefined,
): Promise<Execution | undefined> {
  const standing = arn === undefined ? undefined : await workflow?.standing(arn);
  return arn === undefined || standing === undefined ? undefined : { arn, standing };
}

function arnOf(wanted: string | undefined, stateMachine: string | undefined): string | undefined {
  if (wanted === undefined || wanted.startsWith('arn:')) return wanted;
  return stateMachine === undefined || !/^[\w-]+$/.test(wanted) ? undefined : executionArn(stateMachine, wanted);
}

/** Step Functions knows nothing of runs in a folder: their executions are not in the account, whatever their ARNs look like. */
export const workflowOf = ({ isFolder }: LoadTestLocation): StepFunctionsWorkflow | undefined =>
  isFolder ? undefined : new StepFunctionsWorkflow();

export const holdsLock = async ({ store }: LoadTestLocation, execution: string): Promise<boolean> =>
  (await lockHolder(store))?.execution === execution;
