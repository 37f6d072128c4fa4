import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import type { StepFunctionsWorkflow } from '../../../lib/adapters/aws/step-functions-workflow.ts';
import { exitCodes, PlimsollError } from '../../../lib/errors.ts';
import { oneLine } from '../../../lib/report/numbers.ts';
import { textSummary } from '../../../lib/report/formats/text.ts';
import type { Report } from '../../../lib/report/report.ts';
import { mayStillReport, reportMissing } from '../../../lib/run/workflow/execution-status.ts';
import { type StoredRun, readRun } from '../../../lib/run/archive/run-record.ts';
import { storedReport, noSuchRun } from '../../../lib/run/archive/runs.ts';
import { LiveView } from '../../local/live-view.ts';
import { exitCodeOfVerdict, printResult, printMessage } from '../../terminal.ts';
import { type CloudOptions, type LoadTestLocation, locateLoadTest } from '../../cloud/load-test-location.ts';
import { RunFollower } from '../../cloud/run-follower.ts';
import { holdsLock, findNamedRun, workflowOf } from '../../cloud/found-run.ts';

/** Workers store their seconds five at a time. */
const POLL_MS = 2000;

/** Shows a run while it goes on, and how it ended: the same view, the same words and the same exit code as `plimsoll run`. */
export async function cloudWatchCommand(wanted: string | undefined, options: CloudOptions): Promise<number> {
  const location = await locateLoadTest(options);
  const stopping = new AbortController();
  const stopped = (): void => stopping.abort();
  process.on('SIGINT', stopped).on('SIGTERM', stopped).on('SIGHUP', stopped);
  try {
    return await watchIn({ location, workflow: workflowOf(location), signal: stopping.signal }, wanted);
  } finally {
    process.off('SIGINT', stopped).off('SIGTERM', stopped).off('SIGHUP', stopped);
  }
}

interface Watching {
  readonly location: LoadTestLocation;
  readonly workflow: StepFunctionsWorkflow | undefined;
  readonly signal: AbortSignal;
}

async function watchIn(watching: Watching, wanted: string | undefined): Promise<number> {
  const id = await begun(watching, wanted);
  if (id === undefined) return leave(watching.location, wanted ?? '');
  const stored = await readRun(watching.location.store, id);
  printMessage(`${id}: ${oneLine(stored.plan.name)} against ${stored.facts.target}`);
  const view = new LiveView(stored.plan, process.stderr);
  const report = await followed(watching, stored, view).finally(() => view.clear());
  return report === undefined ? leave(watching.location, id) : show(report, watching.location);
}

const pause = async (signal: AbortSignal): Promise<void> =>
  await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);

/** The run that was named, once there is one: an execution has none before its first step is over. */
async function begun(
  { location, workflow, signal }: Watching,
  wanted: string | undefined,
): Promise<string | undefined> {
  for (let isAwaited = false; !signal.aborted; await pause(signal)) {
    const found = await findNamedRun(location, wanted, workflow);
    if (found === undefined) throw await noSuchRun(location.store, wanted);
    if (found.run !== undefined) return found.run;
    if (found.execution?.standing.endedAtMs !== undefined) throw reportMissing(found.execution.standing);
    if (!isAwaited) printMessage('The checklist is gone through before any load …');
    isAwaited = true;
  }
  return undefined;
}

async function followed(watching: Watching, stored: StoredRun, view: LiveView): Promise<Report | undefined> {
  const { location, signal } = watching;
  const follower = new RunFollower(location.store, stored, view);
  for (let heardAtMs = Date.now(); !signal.aborted; await pause(signal)) {
    try {
      const report = await storedReport(location.store, stored.facts.id);
      await follower.look(report !== undefined, Date.now());
      if (report !== undefined) return report;
      await refuseLost(watching, stored);
      heardAtMs = Date.now();
    } catch (error) {
      if (!isPassing(error) || Date.now() - heardAtMs > OUT_OF_REACH_MS) throw error;
    }
  }
  return undefined;
}

/** For this long AWS may be out of reach, as when a laptop changes networks, before watching ends with an error. */
const OUT_OF_REACH_MS = 5 * 60e3;

const isPassing = (error: unknown): boolean => error instanceof PlimsollError && error.code === 'E-AWS';

/** @throws PlimsollError where no report will come any more */
async function refuseLost({ location, workflow }: Watching, { facts }: StoredRun): Promise<void> {
  const lock = await holdsLock(location, facts.execution);
  const execution = await workflow?.standing(facts.execution);
  if (mayStillReport({ execution, holdsLock: lock, nowMs: Date.now() })) return;
  // It may have come between the two looks.
  if ((await storedReport(location.store, facts.id)) !== undefined) return;
  throw execution === undefined
    ? new PlimsollError('E-CLOUD-NO-REPORT', `${facts.id} has ended without a report.`)
    : reportMissing(execution);
}

function show(report: Report, { again }: LoadTestLocation): number {
  const { verdict, partial, run } = report.summary;
  printResult(`\n${textSummary(report, (style, text) => styleText(style, text, { stream: process.stdout }))}`);
  printMessage(`Report: plimsoll cloud report ${run.id} ${again}`);
  return partial === true ? exitCodes.interrupted : exitCodeOfVerdict[verdict];
}

function leave({ isFolder, again }: LoadTestLocation, run: string): number {
  printMessage(isFolder ? 'No longer watched.' : `No longer watched; to end it: plimsoll cloud stop ${run} ${again}`);
  return exitCodes.interrupted;
}
