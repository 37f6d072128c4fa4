import { exitCodes } from '../../lib/errors.ts';
import { loadPlan } from '../../lib/adapters/node/plan-file.ts';
import { describeLoad } from '../../lib/plan/describe-load.ts';
import { signals } from '../../lib/signals/index.ts';
import { counted, formatSpan } from '../../lib/units.ts';
import { callerPath } from '../paths.ts';
import { result } from '../say.ts';

/** Checks a plan and says what it would do; throws with every problem where it is not valid. */
export async function validate(path: string): Promise<number> {
  const { plan } = await loadPlan(callerPath(path), { signalIds: signals.map(({ id }) => id), env: process.env });
  const totalUs = plan.phases.reduce((sum, phase) => sum + phase.durationUs, 0);
  result(`${path} is valid: ${counted(plan.phases.length, 'phase')} in ${formatSpan(totalUs)}`);
  for (const phase of plan.phases) {
    result(`  ${phase.name} (${phase.kind}), ${formatSpan(phase.durationUs)}: ${describeLoad(phase)}`);
  }
  return exitCodes.passed;
}
