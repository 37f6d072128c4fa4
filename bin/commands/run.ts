import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPlan, type LoadedPlan, type LoadOptions } from '../../lib/adapters/node/plan-file.ts';
import { pointLatestAt, RunFolder } from '../../lib/adapters/node/run-folder.ts';
import type { LoadedScript } from '../../lib/adapters/node/script-file.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { secondsToEnd } from '../../lib/plan/objective.ts';
import { describePlan } from '../../lib/plan/describe-load.ts';
import type { ChosenOutput } from '../../lib/outputs/output.ts';
import { compressPlan, isSearch, type Plan } from '../../lib/plan/plan.ts';
import { reportAnnotations } from '../../lib/report/annotations.ts';
import { renderMarkdown } from '../../lib/report/formats/markdown.ts';
import { oneLine } from '../../lib/report/numbers.ts';
import type { Report } from '../../lib/report/report.ts';
import { runId } from '../../lib/run/run-id.ts';
import { signals } from '../../lib/signals/index.ts';
import { counted } from '../../lib/units.ts';
import { callerPath, shownPath, typedName } from '../paths.ts';
import { describeDifferences } from '../local/differences.ts';
import { publishToGitHub } from '../local/github.ts';
import { listenForInterrupt } from '../local/interrupt.ts';
import { measure, type Measuring } from '../local/measure.ts';
import { printReport, renderReport } from '../local/printed-report.ts';
import { searched, type SearchOptions } from '../local/search-options.ts';
import { planOfAddress, refuseAddress, type AddressOptions } from '../local/address-plan.ts';
import { exitCodeOfVerdict, printMessage } from '../terminal.ts';

interface Options extends SearchOptions, AddressOptions {
  readonly search?: true;
  readonly target?: string;
  readonly out?: string;
  readonly compress?: string;
  readonly workers?: string;
  readonly json?: boolean;
  readonly repeat?: string;
  readonly output?: readonly string[];
  readonly environment?: string;
  readonly acceptDifferences?: boolean;
}

/** Runs a plan, once or several times, and returns the exit code. */
export async function runCommand(planPath: string | undefined, options: Options): Promise<number> {
  const times = timesOf(options);
  const loaded = await loaderFor(planPath, options)({ signalIds: signals.map(({ id }) => id), env: process.env });
  const plan = withOptions(loaded.plan, options);
  const outputs = await outputsOf(options);
  const id = runId(Date.now(), plan);
  const path = callerPath(options.out ?? join('runs', id));
  const [json, isLatest] = [options.json === true, options.out === undefined];
  const interrupt = listenForInterrupt();
  printMessage(`${oneLine(plan.name)}: ${describePlan(plan)}`);
  const run = {
    plan,
    planSha256: loaded.sha256,
    compress: options.compress,
    workers: workersOf(options),
    signal: interrupt.signal,
    outputs,
  };
  const code =
    times === undefined
      ? await runOnce({ ...run, id, path }, { json, isLatest })
      : await runTimes({ ...run, id, path }, { json, isLatest, times });
  interrupt.close();
  return code;
}

type Run = Omit<Measuring, 'folder'> & { readonly path: string };

async function runOnce(run: Run, { json, isLatest }: { json: boolean; isLatest: boolean }): Promise<number> {
  const { report } = await measured(run, (made) => printReport(made, json));
  if (isLatest) await pointLatestAt(run.path);
  return report.summary.partial === true ? exitCodes.interrupted : exitCodeOfVerdict[report.summary.verdict];
}

async function runTimes(run: Run, how: { json: boolean; isLatest: boolean; times: number }): Promise<number> {
  const { runRepeatedly } = await import('../local/repeated-run.ts');
  const { id, path, signal } = run;
  return await runRepeatedly({
    id,
    path,
    signal,
    ...how,
    run: async (repeatId, folder, repeat) => (await measured({ ...run, id: repeatId, path: folder, repeat })).report,
  });
}

/**
 * Measures, and writes the report.
 * @throws PlimsollError E-OUT where the folder has not taken everything
 */
async function measured({ path, ...run }: Run, onReport?: (report: Report) => void): Promise<{ report: Report }> {
  const folder = await RunFolder.create(path);
  const report = await measure({ ...run, folder }).catch(async (error: unknown) => {
    await folder.leaveNothing();
    throw error;
  });
  // Shown before it is written: where no disk takes the report, this is all there is.
  onReport?.(report);
  const written = await folder.write(renderReport(report));
  printWhere(written.path);
  publishToGitHub({
    annotations: reportAnnotations(report),
    markdown: renderMarkdown(report),
    outputs: { verdict: report.summary.verdict, report: written.path },
  });
  if (written.failure !== undefined || folder.failure !== undefined) {
    const reason = written.failure ?? folder.failure ?? '';
    throw new PlimsollError(
      'E-OUT',
      `${shownPath(folder.path)} did not take everything (${reason}); the report is in ${written.path}.`,
    );
  }
  return { report };
}

/** Where nothing streams out of a run, nothing that would is loaded. */
async function outputsOf({ output = [] }: Options): Promise<ChosenOutput[]> {
  if (output.length === 0) return [];
  const { chooseOutput } = await import('../../lib/outputs/choose.ts');
  return output.map((each) => chooseOutput(each, { env: process.env, pathOf: callerPath }));
}

function timesOf({ repeat }: Options): number | undefined {
  if (repeat === undefined) return undefined;
  if (!/^(?:[2-9]|[1-9]\d)$/.test(repeat))
    throw new PlimsollError('E-USAGE', `--repeat takes a number from 2 to 99, not ${repeat}.`);
  return Number(repeat);
}

/** A script is converted in memory; where it does more than its plan, a person has to have accepted that. */
async function loadPlanOrScript(path: string, options: Options, load: LoadOptions): Promise<LoadedPlan> {
  try {
    return await loadPlan(callerPath(path), load);
  } catch (error) {
    // No script is a plan too, and what reads scripts is as large as all that a run of a plan needs.
    const { isScript, loadScript } = await import('../../lib/adapters/node/script-file.ts');
    if (!(await isScript(callerPath(path)))) throw error;
    return accepted(path, await loadScript(callerPath(path), { ...load, environment: options.environment }), options);
  }
}

function accepted(path: string, loaded: LoadedScript, { acceptDifferences }: Options): LoadedScript {
  const lines = describeDifferences(path, loaded.differences);
  const leftOut = loaded.differences.filter(({ effect }) => effect === 'left out').length;
  if (leftOut > 0 && acceptDifferences !== true)
    throw new PlimsollError(
      'E-SCRIPT-DIFFERS',
      `${counted(leftOut, 'thing')} of the ${loaded.kind} ${path} would be left out.`,
      lines,
    );
  for (const line of lines) printMessage(line);
  return loaded;
}

type Loader = (options: LoadOptions) => Promise<Pick<LoadedPlan, 'plan' | 'sha256'>>;

/** Where the plan comes from: a file, or the options that stand for one. */
function loaderFor(planPath: string | undefined, options: Options): Loader {
  const { url, users, rate, duration, target } = options;
  if (url === undefined) {
    if (users !== undefined || rate !== undefined || duration !== undefined)
      throw new PlimsollError('E-USAGE', '--users, --rate and --duration are for --url; a plan says its own load.');
    return async (load) => await loadPlanOrScript(planPath ?? 'plimsoll.yaml', options, load);
  }
  if (planPath !== undefined || target !== undefined)
    throw new PlimsollError(
      'E-USAGE',
      `--url takes the place of a plan and its target; leave out ${planPath ?? '--target'}.`,
    );
  return async (load) => await planOfAddress({ url, users, rate, duration }, load);
}

function withOptions(plan: Plan, options: Options): Plan {
  const { target, compress } = options;
  const factor = Number(compress ?? 1);
  if (!(factor >= 1)) throw new PlimsollError('E-USAGE', `--compress takes a number of 1 or more, not ${compress}.`);
  if (target !== undefined) refuseAddress('--target', target);
  const aimed = target === undefined ? plan : { ...plan, target };
  if (target !== undefined && /[?#]/.test(target))
    throw new PlimsollError('E-USAGE', `--target takes no query and no #, which no step would send: ${target}.`);
  const chosen = options.search === true ? searched(aimed, options) : aimed;
  if (factor !== 1 && isSearch(chosen))
    throw new PlimsollError(
      'E-USAGE',
      '--compress shortens the phases of a plan, and a search sets its own: give it a smaller budget.',
    );
  if (factor === 1) return chosen;
  const short = compressPlan(chosen, factor);
  for (const { phase, text } of endlessAfter(chosen, short))
    printMessage(`--compress ${compress}: ${phase} is too short for "${text}" to end it.`);
  return short;
}

/** The conditions that could end a phase, and can't in the time that is left of it. */
const endlessAfter = (plan: Plan, short: Plan): { phase: string; text: string }[] =>
  plan.phases.flatMap(({ name, durationUs, abortOn = [] }, i) =>
    abortOn
      .map((condition) => ({ phase: name, text: condition.text, needsUs: secondsToEnd(condition) * 1e6 }))
      .filter(({ needsUs }) => durationUs > needsUs && (short.phases[i]?.durationUs ?? 0) <= needsUs),
  );

function workersOf({ workers }: Options): number | undefined {
  if (workers === undefined) return undefined;
  if (!/^[1-9]\d?$/.test(workers))
    throw new PlimsollError('E-USAGE', `--workers takes a number from 1 to 99, not ${workers}.`);
  return Number(workers);
}

function printWhere(folder: string): void {
  printMessage(`Report: ${pathToFileURL(join(folder, 'report.html')).href}`);
  printMessage(`Again:  ${typedName()} report ${shownPath(folder)}`);
}
