import { exitCodes, errorTable, PlimsollError } from '../../lib/errors.ts';
import { loadPlan } from '../../lib/adapters/node/plan-file.ts';
import { describeLoad, describePlan } from '../../lib/plan/describe-load.ts';
import { signals } from '../../lib/signals/index.ts';
import { formatSpan } from '../../lib/units.ts';
import { callerPath } from '../paths.ts';
import { printMessage, printResult } from '../terminal.ts';
import { failureKinds } from '../../lib/measure/failures.ts';

/**
 * Checks a plan and says what it would do; throws with every problem where it is not valid. What only a run needs, secrets first among
 * it, need not be here: it is said.
 */
export async function validateCommand(path: string): Promise<number> {
  const { plan } = await loadPlan(callerPath(path), {
    signalIds: signals.map(({ id }) => id),
    env: process.env,
    onLacking: (problem) => printMessage(`Before a run: ${problem}`),
  });
  printResult(`${path} is valid: ${describePlan(plan)}`);
  for (const phase of plan.phases) {
    printResult(`  ${phase.name} (${phase.kind}), ${formatSpan(phase.durationUs)}: ${describeLoad(phase)}`);
  }
  return exitCodes.passed;
}

/** Prints the three tables, or what one name in them means. */
export function explainCommand(name: string | undefined): number {
  const lines = [...errorLines(), ...failureLines(), ...exitLines()];
  const shown = name === undefined ? lines : lines.filter(([key]) => key === name);
  if (shown.length === 0) throw new PlimsollError('E-USAGE', `${name} is no error code, failure kind or exit code.`);
  const width = Math.max(...shown.map(([key]) => key.length));
  printResult(shown.map(([key, text]) => `${key.padEnd(width)}  ${text}`).join('\n'));
  return exitCodes.passed;
}

type Line = readonly [name: string, text: string];

const errorLines = (): Line[] =>
  Object.entries(errorTable).map(([code, { exit, remedy }]) => [code, `${remedy} (exit ${exitCodes[exit]})`]);

const failureLines = (): Line[] => [
  ...Object.entries(failureKinds),
  ['status.<code>', 'The reply has a status that the step does not accept; without an expectation, 400 and above.'],
];

const exitLines = (): Line[] => Object.entries(exitCodes).map(([name, code]) => [String(code), `Exit code: ${name}.`]);
