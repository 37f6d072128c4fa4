import type { Command } from 'commander';

/** The command that makes a plan of another tool's script. */
export function addConverting(program: Command): void {
  program
    .command('convert')
    .argument('<script>', "another tool's script")
    .description('Write a plan from a script of another tool, and list what the plan says otherwise: docs/convert.md.')
    .option('--out <file>', 'write the plan, and the files it names, here (default: the plan to standard output)')
    .option('-e, --environment <name>', 'of a script that has several environments')
    .option('--accept-differences', 'exit code 0 though something of the script is left out')
    .addHelpText('after', '\nExample:\n  plimsoll convert script.yml --out plan.yaml')
    .action(async (script: string, options: Record<string, string | boolean>) => {
      const { convertCommand } = await import('../commands/convert.ts');
      process.exitCode = await convertCommand(script, options);
    });
}
