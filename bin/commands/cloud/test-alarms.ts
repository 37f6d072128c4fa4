import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchAlarmDrill } from '../../../lib/adapters/aws/alarm-drill.ts';
import { CloudWatchAlarms } from '../../../lib/adapters/aws/cloudwatch-alarms.ts';
import { StepFunctionsWorkflow } from '../../../lib/adapters/aws/step-functions-workflow.ts';
import { exitCodes, PlimsollError } from '../../../lib/errors.ts';
import { looksLikeProduction } from '../../../lib/run/safety.ts';
import { drillAlarm, type DrillPorts } from '../../../lib/run/workflow/alarm-drill.ts';
import type { AlarmState } from '../../../lib/run/workflow/ports.ts';
import { signals } from '../../../lib/signals/index.ts';
import { locateLoadTest } from '../../cloud/load-test-location.ts';
import { environmentName } from '../../environment.ts';
import { printMessage, printResult } from '../../terminal.ts';
import { refuseSecond } from './start.ts';

interface Options {
  readonly env?: string;
  readonly alarm?: readonly string[];
  readonly yes?: boolean;
  readonly confirm?: string;
}

/** Sets off the alarms of an environment one by one; without `--yes` it lists them, and changes nothing. */
export async function cloudTestAlarmsCommand(options: Options): Promise<number> {
  const env = environmentName(options.env);
  refuseProduction(env, options);
  // Some alarms stop a run that is under way.
  await refuseSecond(await locateLoadTest(options), new StepFunctionsWorkflow());
  const deployed = await new CloudWatchAlarms().states(namesOf(env, options.alarm));
  if (deployed.length === 0)
    throw new PlimsollError('E-CLOUD-MISSING', `No alarm of ${env} is deployed in this account and region.`);
  for (const { name, state } of deployed) printMessage(`${state.padEnd(18)}${name}`);
  if (options.yes !== true) {
    printMessage('Nothing was changed: with --yes each is set off, which notifies all subscribers, and cleared.');
    return exitCodes.passed;
  }
  return await drillAll(deployed, {
    alarms: new CloudWatchAlarmDrill(),
    nowMs: () => Date.now(),
    sleep: (ms) => sleep(ms),
  });
}

function refuseProduction(env: string, { confirm }: Options): void {
  if (!looksLikeProduction(env) || confirm === env) return;
  throw new PlimsollError(
    'E-USAGE',
    `${env} looks like production: give --confirm ${env} if its alarms may be set off.`,
  );
}

function namesOf(env: string, wanted: readonly string[] | undefined): string[] {
  const declared = signals.flatMap(({ cloud }) => cloud?.alarm?.id ?? []);
  const unknown = wanted?.find((id) => !declared.includes(id));
  if (unknown !== undefined)
    throw new PlimsollError('E-USAGE', `--alarm ${unknown} is none of ${declared.join(', ')}.`);
  return (wanted ?? declared).map((id) => `plimsoll-${env}-${id}`);
}

async function drillAll(deployed: readonly AlarmState[], ports: DrillPorts): Promise<number> {
  let failed = false;
  for (const alarm of deployed) {
    const { name, verdict, evidence } = await drillAlarm(ports, alarm);
    printResult(`${verdict.padEnd(8)}${name}  ${evidence}`);
    failed ||= verdict === 'fail';
  }
  return failed ? exitCodes.objectivesFailed : exitCodes.passed;
}
