import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPlan, type LoadedPlan, type LoadOptions } from '../../lib/adapters/node/plan-file.ts';
import { pointLatestAt, RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { isScript, loadScript } from '../../lib/adapters/node/script-file.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { secondsToEnd } from '../../lib/plan/objective.ts';
import { chooseOutput } from '../../lib/outputs/choose.ts';
import { asSearch, compressPlan, describePlan, isSearch, type Plan } from '../../lib/plan/plan.ts';
import { oneLine } from '../../lib/report/numbers.ts';
import { runId } from '../../lib/run/run-id.ts';
import { signals } from '../../lib/signals/index.ts';
import { counted } from '../../lib/units.ts';
import { callerPath, shownPath } from '../paths.ts';
import { describeDifferences } from '../local/differences.ts';
import { measure } from '../local/measure.ts';
import { printReport, renderReport } from '../local/printed-report.ts';
import { planOfAddress, refuseAddress, spanOf, type AddressOptions } from '../local/address-plan.ts';
import { exitCodeOfVerdict, printMessage } from '../terminal.ts';

/** Of `plimsoll capacity`: what takes the place of the plan's own `capacity`. */
interface SearchOptions {
  readonly budget?: string;
  readonly hold?: string;
  readonly from?: string;
  readonly max?: string;
}

interface Options extends SearchOptions, AddressOptions {
  readonly search?: true;
  readonly target?: string;
  readonly out?: string;
  readonly compress?: string;
  readonly workers?: string;
  readonly json?: boolean;
  readonly output?: readonly string[];
  readonly environment?: string;
  readonly acceptDifferences?: boolean;
}

/** Runs a plan and returns the exit code. */
export async function runCommand(planPath: string | undefined, options: Options): Promise<number> {
  const loaded = await loaderFor(planPath, options)({ signalIds: signals.map(({ id }) => id), env: process.env });
  const plan = withOptions(loaded.plan, options);
  const outputs = (options.output ?? []).map((each) => chooseOutput(each, { env: process.env, pathOf: callerPath }));
  const id = runId(Date.now(), plan);
  const folder = await RunFolder.create(callerPath(options.out ?? join('runs', id)));
  const interrupt = listenForInterrupt();
  printMessage(`${oneLine(plan.name)}: ${describePlan(plan)}`);
  const report = await measure({
    plan,
    planSha256: loaded.sha256,
    id,
    compress: options.compress,
    workers: workersOf(options),
    folder,
    signal: interrupt.signal,
    outputs,
  }).catch(async (error: unknown) => {
    await folder.leaveNothing();
    throw error;
  });
  // Shown before it is written: where no disk takes the report, this is all there is.
  printReport(report, options.json === true);
  const written = await folder.write(renderReport(report));
  if (options.out === undefined && written.failure === undefined) await pointLatestAt(folder.path);
  printWhere(written.path);
  interrupt.close();
  if (written.failure !== undefined || folder.failure !== undefined) {
    const reason = written.failure ?? folder.failure ?? '';
    throw new PlimsollError(
      'E-OUT',
      `${shownPath(folder.path)} did not take everything (${reason}); the report is in ${written.path}.`,
    );
  }
  return report.summary.partial === true ? exitCodes.interrupted : exitCodeOfVerdict[report.summary.verdict];
}

/** A script is converted in memory; where it does more than its plan, a person has to have accepted that. */
async function loadPlanOrScript(path: string, options: Options, load: LoadOptions): Promise<LoadedPlan> {
  const { environment, acceptDifferences } = options;
  if (!(await isScript(callerPath(path)))) return loadPlan(callerPath(path), load);
  const loaded = await loadScript(callerPath(path), { ...load, environment });
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

function searched(plan: Plan, { budget, hold, from, max }: SearchOptions): Plan {
  const { capacity } = plan;
  return asSearch({
    ...plan,
    capacity: {
      ...capacity,
      ...(budget !== undefined && { budgetUs: spanOf('--budget', budget) }),
      ...(hold !== undefined && { holdUs: spanOf('--hold', hold) }),
      ...(from !== undefined && { fromPerSecond: rateOf('--from', from) }),
      ...(max !== undefined && { maxPerSecond: rateOf('--max', max) }),
    },
  });
}

function rateOf(option: string, text: string): number {
  if (!(Number(text) > 0)) throw new PlimsollError('E-USAGE', `${option} takes arrivals a second, not ${text}.`);
  return Number(text);
}

function workersOf({ workers }: Options): number | undefined {
  if (workers === undefined) return undefined;
  if (!/^[1-9]\d?$/.test(workers))
    throw new PlimsollError('E-USAGE', `--workers takes a number from 1 to 99, not ${workers}.`);
  return Number(workers);
}

function printWhere(folder: string): void {
  printMessage(`Report: ${pathToFileURL(join(folder, 'report.html')).href}`);
  printMessage(`Again:  plimsoll report ${shownPath(folder)}`);
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first Ctrl-C (SIGTERM, or SIGHUP of a terminal that closes) stops the load and says what follows, a report by default; a second one ends the process at once. */
export function listenForInterrupt(says = 'Stopping the load; the report follows.'): {
  signal: AbortSignal;
  close(): void;
} {
  const controller = new AbortController();
  const interrupted = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    printMessage(`${says} Once more ends at once.`);
  };
  for (const name of SIGNALS) process.on(name, interrupted);
  return {
    signal: controller.signal,
    close: () => {
      for (const name of SIGNALS) process.off(name, interrupted);
    },
  };
}
