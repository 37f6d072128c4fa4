import { readCapacityRun } from '../../lib/adapters/node/capacity-run.ts';
import { exitCodes } from '../../lib/errors.ts';
import { describeVerification } from '../../lib/scaling/verify/describe.ts';
import { verifyScaling } from '../../lib/scaling/verify/index.ts';
import { historyOfRun } from '../../lib/scaling/verify/of-run.ts';
import { callerPath } from '../paths.ts';
import { printResult } from '../terminal.ts';
import { policyAndEnvironment } from './scaling-options.ts';

interface VerifyOptions {
  readonly policy?: string;
  readonly json?: boolean;
}

/** Judges how a service scaled while a run loaded it. */
export async function verifyCommand(run: string, options: VerifyOptions): Promise<number> {
  const { policy } = await policyAndEnvironment(options);
  const found = verifyScaling(historyOfRun(await readCapacityRun(callerPath(run)), policy));
  printResult(
    options.json === true ? JSON.stringify(found, null, 2) : `Scaling during ${run}:\n${describeVerification(found)}`,
  );
  return Object.values(found).some(({ verdict }) => verdict === 'fail') ? exitCodes.objectivesFailed : exitCodes.passed;
}
