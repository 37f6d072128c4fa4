import { CloudWatchAlarmHistory } from '../../lib/adapters/aws/alarm-history.ts';
import { basename, dirname } from 'node:path';
import { readReportAssets } from '../../lib/adapters/node/report-assets.ts';
import { REPORT_FILE, RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { type ScalingFinding, scalingFinding } from '../../lib/analysis/scaling/finding.ts';
import { renderersWith } from '../../lib/report/formats/index.ts';
import { isReport } from '../../lib/report/report.ts';
import { readCapacityRun, readText } from '../../lib/adapters/node/capacity-run.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { describeVerification } from '../../lib/analysis/scaling/describe.ts';
import { verifyScaling } from '../../lib/analysis/scaling/verify.ts';
import type { Environment } from '../../lib/environment/environment.ts';
import type { MeasuredRun } from '../../lib/scaling/task-capacity.ts';
import { historyOfRun, spanOfRun } from '../../lib/scaling/verify/of-run.ts';
import { callerPath } from '../paths.ts';
import { printResult } from '../terminal.ts';
import { policyAndEnvironment } from './scaling-options.ts';

interface VerifyOptions {
  readonly policy?: string;
  readonly env?: string;
  readonly activities?: string;
  readonly alarms?: string;
  readonly json?: boolean;
  readonly write?: boolean;
}

/** Judges how a service scaled while a run loaded it. */
export async function verifyCommand(run: string, options: VerifyOptions): Promise<number> {
  const { policy, name, environment } = await policyAndEnvironment(options);
  const measured = await readCapacityRun(callerPath(run));
  const alarms = options.alarms === FROM_AWS ? await alarmsOf(measured, environment) : await recordAt(options.alarms);
  if (alarms !== undefined && name === undefined)
    throw new PlimsollError('E-USAGE', '--alarms needs --env NAME: the names of alarms begin with it.');
  const history = historyOfRun(measured, policy, {
    activities: await recordAt(options.activities),
    alarms: alarms && { ...alarms, prefix: `plimsoll-${name}` },
  });
  const found = verifyScaling(history);
  if (options.write === true) await writeInto(measured, scalingFinding(found));
  printResult(
    options.json === true ? JSON.stringify(found, null, 2) : `Scaling during ${run}:\n${describeVerification(found)}`,
  );
  return Object.values(found).some(({ verdict }) => verdict === 'fail') ? exitCodes.objectivesFailed : exitCodes.passed;
}

/** What AWS recorded after the run's report was made belongs into it too. */
async function writeInto({ report, path }: MeasuredRun, scaling: ScalingFinding): Promise<void> {
  if (!isReport(report))
    throw new PlimsollError('E-RUN-MISSING', `${path} holds no ${REPORT_FILE} that this version can write into.`);
  const judged = { ...report, summary: { ...report.summary, scaling } };
  const rendered = renderersWith(readReportAssets()).map((each) => [each.fileName, each.render(judged)] as const);
  const folder = basename(path) === 'summary.json' ? dirname(path) : path;
  await RunFolder.rewrite(folder, new Map([[REPORT_FILE, JSON.stringify(judged)], ...rendered]));
}

/** In place of a file: CloudWatch itself is asked. */
const FROM_AWS = 'aws';
/** Alarms clear some minutes after what set them off. */
const CLEARING_MS = 30 * 60_000;

async function alarmsOf(
  measured: MeasuredRun,
  environment: Environment | undefined,
): Promise<{ path: string; text: string }> {
  const { fromMs, toMs } = spanOfRun(measured);
  if (environment?.region !== undefined) process.env['AWS_REGION'] = environment.region;
  return { path: 'CloudWatch', text: await new CloudWatchAlarmHistory().changesIn(fromMs, toMs + CLEARING_MS) };
}

const recordAt = async (path: string | undefined): Promise<{ path: string; text: string } | undefined> =>
  path === undefined ? undefined : { path, text: await readText(callerPath(path), path, 'E-USAGE') };
