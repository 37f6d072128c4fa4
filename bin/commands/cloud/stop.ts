import { setTimeout as sleep } from 'node:timers/promises';
import type { StepFunctionsWorkflow } from '../../../lib/adapters/aws/step-functions-workflow.ts';
import { exitCodes, PlimsollError } from '../../../lib/errors.ts';
import { consoleLink } from '../../../lib/run/workflow/arn.ts';
import { readRun, runOf } from '../../../lib/run/archive/run-record.ts';
import { noSuchRun } from '../../../lib/run/archive/runs.ts';
import { printMessage } from '../../terminal.ts';
import { type CloudOptions, type LoadTestLocation, locateLoadTest } from '../../cloud/load-test-location.ts';
import { holdsLock, type FoundRun, findNamedRun, workflowOf } from '../../cloud/found-run.ts';

const POLL_MS = 1000;

/** The aftermath tries three times for three minutes each to stop tasks. */
const PATIENCE_MS = 12 * 60e3;

/** Stops a run's execution, and waits until its tasks are gone and what they measured is reported. */
export async function cloudStopCommand(wanted: string | undefined, options: CloudOptions): Promise<number> {
  const location = await locateLoadTest(options);
  const workflow = workflowOf(location);
  if (workflow === undefined)
    throw new PlimsollError('E-USAGE', 'A run in a folder is stopped where it was started, with Ctrl-C.');
  const found = await findNamedRun(location, wanted, workflow);
  if (found === undefined) throw await noSuchRun(location.store, wanted);
  const execution = await executionOf(location, found);
  if (await isOver(location, workflow, execution)) {
    const name = found.run ?? execution;
    printMessage(
      wanted === undefined
        ? `The newest run, ${name}, is over already; name one that was just started.`
        : `${name} is over already.`,
    );
    return exitCodes.passed;
  }
  await workflow.stop(execution, 'plimsoll cloud stop');
  printMessage('Stopped; waiting until its tasks are gone and what was measured is reported …');
  await ended(location, workflow, execution);
  const run = await runOf(location.store, execution);
  printMessage(
    run === undefined
      ? 'It is over; nothing was loaded yet.'
      : `It is over: plimsoll cloud report ${run} ${location.again}`,
  );
  return exitCodes.passed;
}

const executionOf = async ({ store }: LoadTestLocation, { run, execution }: FoundRun): Promise<string> =>
  run === undefined ? (execution?.arn ?? '') : (await readRun(store, run)).facts.execution;

/** A run's lock is released when its tasks are gone and its report is written; an execution without a run loads nothing. */
async function isOver(
  location: LoadTestLocation,
  workflow: StepFunctionsWorkflow,
  execution: string,
): Promise<boolean> {
  if (await workflow.isRunning(execution)) return false;
  return !(await holdsLock(location, execution)) || (await runOf(location.store, execution)) === undefined;
}

async function ended(location: LoadTestLocation, workflow: StepFunctionsWorkflow, execution: string): Promise<void> {
  for (const untilMs = Date.now() + PATIENCE_MS; !(await isOver(location, workflow, execution)); await sleep(POLL_MS)) {
    if (Date.now() < untilMs) continue;
    const sentence = 'The execution was stopped, but after 12 min its end is not reported: tasks may still run.';
    throw new PlimsollError('E-LOAD-STOP', sentence, [consoleLink(execution)]);
  }
}
