import { errorTable, exitCodes, PlimsollError } from '../../lib/errors.ts';
import { failureKinds } from '../../lib/measure/failures.ts';
import { result } from '../say.ts';

/** Prints the three tables, or what one name in them means. */
export function explain(name: string | undefined): number {
  const lines = [...errorLines(), ...failureLines(), ...exitLines()];
  const shown = name === undefined ? lines : lines.filter(([key]) => key === name);
  if (shown.length === 0) throw new PlimsollError('E-USAGE', `${name} is no error code, failure kind or exit code.`);
  const width = Math.max(...shown.map(([key]) => key.length));
  result(shown.map(([key, text]) => `${key.padEnd(width)}  ${text}`).join('\n'));
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
