import type { Command } from 'commander';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { listed } from '../../lib/units.ts';
import { completableCommands } from '../completion/completable.ts';
import { completions } from '../completion/index.ts';
import { printResult } from '../terminal.ts';

/** Prints the script that makes a shell complete the program's commands and options. */
export function completionCommand(shell: string, program: Command): number {
  const script = Object.hasOwn(completions, shell) ? completions[shell] : undefined;
  if (script === undefined)
    throw new PlimsollError(
      'E-USAGE',
      `There is completion for ${listed(Object.keys(completions))}, and not "${shell}".`,
    );
  printResult(script(completableCommands(program)));
  return exitCodes.passed;
}
