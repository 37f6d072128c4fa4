import { loadPlan } from '../../lib/adapters/node/plan-file.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { signals } from '../../lib/signals/index.ts';
import { checkMachine, type CheckedLine } from '../doctor/checks.ts';
import { machineFacts } from '../doctor/facts.ts';
import { callerPath } from '../paths.ts';
import { printResult } from '../terminal.ts';

/**
 * Prints what this machine has and lacks for a run of that plan.
 * @throws PlimsollError E-MACHINE where the run is not possible
 */
export async function doctorCommand(planPath: string | undefined, options: { cloud?: boolean }): Promise<number> {
  const sources = { signalIds: signals.map(({ id }) => id), env: process.env };
  const loaded = planPath === undefined ? undefined : await loadPlan(callerPath(planPath), sources);
  const lines = checkMachine(await machineFacts(), { plan: loaded?.plan, cloud: options.cloud === true });
  printResult(describeChecks(lines));
  const lacking = lines.filter(({ state }) => state === 'lacks').map(({ subject }) => subject);
  if (lacking.length > 0)
    throw new PlimsollError(
      'E-MACHINE',
      `${planPath ?? 'A run'} is not possible here for want of: ${[...new Set(lacking)].join(', ')}.`,
    );
  return exitCodes.passed;
}

/** A line each, with its remedy below it. */
export function describeChecks(lines: readonly CheckedLine[]): string {
  const width = Math.max(...lines.map(({ subject }) => subject.length));
  const indent = ' '.repeat('lacks'.length + 1 + width + 2);
  return lines
    .flatMap(({ state, subject, says, remedy }) => [
      `${state.padEnd('lacks'.length)} ${subject.padEnd(width)}  ${says}`,
      ...(remedy === undefined ? [] : [`${indent}${remedy}`]),
    ])
    .join('\n');
}
