import { setTimeout as sleep } from 'node:timers/promises';
import type { StepFunctionsWorkflow } from '../../../lib/adapters/aws/step-functions-workflow.ts';
import { exitCodes, PlimsollError } from '../../../lib/errors.ts';
import { consoleLink } from '../../../lib/run/workflow/arn.ts';
import { readRun, runOf } from '../../../lib/run/archive/run-record.ts';
import { noSuchRun } from '../../../lib/run/archive/runs.ts';
import { say } from '../../say.ts';
import { type CloudOptions, type Place, placeOf } from '../../cloud/place.ts';
import { holdsLock, type Named, namedIn, workflowOf } from '../../cloud/run-in-place.ts';

const POLL_MS = 1000;

/** The aftermath tries three times for three minutes each to stop tasks. */
const PATIENCE_MS = 12 * 60e3;

/** Stops a run's execution, and waits until its tasks are gone and what they measured is reported. */
export async function stop(wanted: string | undefined, options: CloudOptions): Promise<number> {
  const place = await placeOf(options);
  const workflow = workflowOf(place);
  if (workflow === undefined)
    throw new PlimsollError('E-USAGE', 'A run in a folder is stopped where it was started, with Ctrl-C.');
  const named = await namedIn(place, wanted, workflow);
  if (named === undefined) throw await noSuchRun(place.store, wanted);
  const execution = await executionOf(place, named);
  if (await isOver(place, workflow, execution)) {
    const name = named.run ?? execution;
    say(
      wanted === undefined
        ? `The newest run, ${name}, is over already; name one that was just started.`
        : `${name} is over already.`,
    );
    return exitCodes.passed;
  }
  await workflow.stop(execution, 'plimsoll cloud stop');
  say('Stopped; waiting until its tasks are gone and what was measured is reported …');
  await ended(place, workflow, execution);
  const run = await runOf(place.store, execution);
  say(
    run === undefined
      ? 'It is over; nothing was loaded yet.'
      : `It is over: plimsoll cloud report ${run} ${place.again}`,
  );
  return exitCodes.passed;
}

const executionOf = async ({ store }: Place, { run, execution }: Named): Promise<string> =>
  run === undefined ? (execution?.arn ?? '') : (await readRun(store, run)).facts.execution;

/** The lock of a run is let go when its tasks were seen to be gone and its report is written; one that has no run loads nothing. */
async function isOver(place: Place, workflow: StepFunctionsWorkflow, execution: string): Promise<boolean> {
  if (await workflow.isRunning(execution)) return false;
  return !(await holdsLock(place, execution)) || (await runOf(place.store, execution)) === undefined;
}

async function ended(place: Place, workflow: StepFunctionsWorkflow, execution: string): Promise<void> {
  for (const untilMs = Date.now() + PATIENCE_MS; !(await isOver(place, workflow, execution)); await sleep(POLL_MS)) {
    if (Date.now() < untilMs) continue;
    const sentence = 'The execution was stopped, but after 12 min its end is not reported: tasks may still run.';
    throw new PlimsollError('E-LOAD-STOP', sentence, [consoleLink(execution)]);
  }
}
