import { join } from 'node:path';
import { readCapacityRun } from '../../lib/adapters/node/capacity-run.ts';
import { RunFolder } from '../../lib/adapters/node/run-folder.ts';
import type { ScalingPolicy } from '../../lib/environment/scaling-policy.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { hostOf, USUAL_SPOT_RISK } from '../../lib/scaling/host.ts';
import { coursePage } from '../../lib/scaling/page/course-page.ts';
import { modelOf, modelOfPolicy, type ServiceModel } from '../../lib/scaling/service-model.ts';
import { describeSimulation, describeTuning, simulationCsv } from '../../lib/scaling/simulate/describe.ts';
import { simulate } from '../../lib/scaling/simulate/simulate.ts';
import { tune } from '../../lib/scaling/simulate/tune.ts';
import { describeVerification } from '../../lib/analysis/scaling/describe.ts';
import { verifyScaling } from '../../lib/analysis/scaling/verify.ts';
import { historyOfSimulation } from '../../lib/scaling/verify/of-simulation.ts';
import { taskCapacity } from '../../lib/scaling/task-capacity.ts';
import { plainPolicy } from '../../lib/scaling/writers/policy-file.ts';
import { callerPath, shownPath } from '../paths.ts';
import { printMessage, printResult } from '../terminal.ts';
import { countOf, policyAndEnvironment, startUpOf, trafficOf } from './scaling-options.ts';

interface SimulateOptions {
  readonly policy?: string;
  readonly traffic?: string;
  readonly timezone?: string;
  readonly run?: string;
  readonly env?: string;
  readonly tasks?: string;
  readonly startUp?: string;
  readonly tune?: boolean;
  readonly failOn?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Of a profile, the peak is this part of what the most tasks carry. */
const PEAK_RATIO = 0.8;

/** Simulates a policy under traffic, or searches for a better one. */
export async function simulateCommand(options: SimulateOptions): Promise<number> {
  const { failOn } = options;
  if (failOn !== undefined && failOn !== 'fail')
    throw new PlimsollError('E-USAGE', `--fail-on takes fail, and not "${failOn}".`);
  const { policy, environment } = await policyAndEnvironment(options);
  const model = await modelFor(policy, options);
  const traffic = await trafficOf(options, model.capacityPerSecond * policy.tasks.max * PEAK_RATIO);
  if (traffic === undefined)
    throw new PlimsollError('E-USAGE', '--traffic is missing: a CSV file, or one of office-hours, flash-sale, global.');
  const system = { policy, model, host: hostOf(environment), spot: USUAL_SPOT_RISK };
  const course = simulate(system, traffic);
  const verification = verifyScaling(historyOfSimulation(course, model, policy));
  const files = new Map([
    ['simulation.html', coursePage(course, { traffic, model, findings: verification })],
    ['simulation.csv', simulationCsv(course)],
  ]);
  const { minutes: _, ...figures } = course;
  if (options.tune === true) {
    printMessage(
      'Simulating about a hundred policies; a month of traffic takes some twenty seconds, a year some minutes.',
    );
    const tuning = tune(system, traffic);
    printResult(
      options.json === true ? JSON.stringify({ simulation: figures, tuning }, null, 2) : describeTuning(tuning),
    );
    files.set('tuned.yaml', plainPolicy(tuning.best.policy));
  } else {
    printResult(
      options.json === true
        ? JSON.stringify({ simulation: figures, verification }, null, 2)
        : [describeSimulation(course, traffic, model), 'verified', describeVerification(verification)].join('\n'),
    );
  }
  if (options.out !== undefined) await write(callerPath(options.out), files);
  const failed = Object.values(verification).some(({ verdict }) => verdict === 'fail');
  return failOn === 'fail' && failed ? exitCodes.objectivesFailed : exitCodes.passed;
}

async function write(path: string, files: ReadonlyMap<string, string>): Promise<void> {
  const folder = await RunFolder.create(path);
  await RunFolder.rewrite(folder.path, files);
  for (const name of files.keys()) printMessage(`Written: ${shownPath(join(folder.path, name))}`);
}

async function modelFor(policy: ScalingPolicy, { run, tasks, startUp }: SimulateOptions): Promise<ServiceModel> {
  const startUpSeconds = await startUpOf(startUp);
  const count = countOf('--tasks', tasks);
  if (run === undefined && count !== undefined)
    throw new PlimsollError('E-USAGE', '--tasks says what carried the load of --run, and needs it.');
  if (run === undefined) {
    const model = modelOfPolicy(policy);
    return startUpSeconds === undefined ? model : { ...model, startUpSeconds };
  }
  const measured = await readCapacityRun(callerPath(run));
  return modelOf(taskCapacity(measured, { tasks: count, startUpSeconds }));
}
