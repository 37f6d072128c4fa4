import { CloudWatchMetrics } from '../../../lib/adapters/aws/cloudwatch-metrics.ts';
import { exitCodes, PlimsollError } from '../../../lib/errors.ts';
import { findRun, noSuchRun } from '../../../lib/run/archive/runs.ts';
import { metricsOfRun } from '../../../lib/run/workflow/metrics-csv.ts';
import { type CloudOptions, locateLoadTest } from '../../cloud/load-test-location.ts';
import { printMessage, printResult } from '../../terminal.ts';

interface Options extends CloudOptions {
  readonly from?: string;
  readonly to?: string;
}

/** Prints what CloudWatch knows of the system of a run as CSV, in the run's window or any other. */
export async function cloudMetricsCommand(wanted: string | undefined, options: Options): Promise<number> {
  const window = { fromMs: momentOf('--from', options.from), toMs: momentOf('--to', options.to) };
  const { store } = await locateLoadTest(options);
  const id = await findRun(store, wanted);
  if (id === undefined) throw await noSuchRun(store, wanted);
  // Made here: where it asks is known only now.
  const metrics = new CloudWatchMetrics();
  const { csv, doubts } = await metricsOfRun({ store, metrics }, id, window);
  for (const doubt of doubts) printMessage(doubt);
  printResult(csv);
  return exitCodes.passed;
}

/** With its zone, since a shell's zone is seldom that of a report. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

function momentOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const atMs = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(atMs)) return atMs;
  throw new PlimsollError('E-USAGE', `${option} ${text} is no moment; write it as 2026-03-02T12:00:00Z.`);
}
