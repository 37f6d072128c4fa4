import type { Command } from 'commander';

/** Commands of the first minutes, before anything is loaded. */
export function addStarting(program: Command): void {
  for (const add of [addInit, addDoctor, addCompletion]) add(program);
}

function addInit(program: Command): void {
  program
    .command('init')
    .argument('[plan]', 'the file to write', 'plimsoll.yaml')
    .description('Write a first plan, by asking four questions.')
    .option('--url <url>', 'load this, and ask nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll init\n  plimsoll init load/first.yaml --url http://127.0.0.1:8080/jobs',
    )
    .action(async (plan: string, options: { url?: string }) => {
      const { initCommand } = await import('../commands/init.ts');
      process.exitCode = await initCommand(plan, options);
    });
}

function addDoctor(program: Command): void {
  program
    .command('doctor')
    .argument('[plan]', 'a plan that is to be run here (default: one that loads the built-in service)')
    .description('Say what this machine lacks for a run, and what to do about it.')
    .option('--cloud', 'and for deploying and running in the cloud')
    .addHelpText('after', '\nExamples:\n  plimsoll doctor\n  plimsoll doctor plans/week7.yaml --cloud')
    .action(async (plan: string | undefined, options: { cloud?: boolean }) => {
      const { doctorCommand } = await import('../commands/doctor.ts');
      process.exitCode = await doctorCommand(plan, options);
    });
}

function addCompletion(program: Command): void {
  program
    .command('completion')
    .argument('<shell>', 'bash, zsh or fish')
    .description('Print the script that makes a shell complete commands, options and file names.')
    .addHelpText('after', '\nExample, in ~/.bashrc:\n  source <(plimsoll completion bash)')
    .action(async (shell: string) => {
      const { completionCommand } = await import('../commands/completion.ts');
      process.exitCode = completionCommand(shell, program);
    });
}
