import type { Command } from 'commander';
import { PlimsollError } from '../../lib/errors.ts';

/** Commands of the fault lab: one failure at a time, and what the diagnosis says of it. */
export function addLab(program: Command): void {
  const lab = program
    .command('lab')
    .description('Learn how services fail: one fault at a time, under load, in a service of the lab: docs/lab.');
  for (const add of [addLabList, addLabRun, addLabLevels, addLabGrade]) add(lab);
}

function addLabList(lab: Command): void {
  lab
    .command('list')
    .description('List the faults, and which bottleneck each is.')
    .option('--json', 'with parameters and their bounds, as JSON')
    .action(async (options: { json?: boolean }) => {
      const { labListCommand } = await import('../commands/lab.ts');
      process.exitCode = await labListCommand(options);
    });
}

function addLabRun(lab: Command): void {
  lab
    .command('run')
    .argument('<fault...>', 'one fault or several, or all')
    .description('Load a healthy service, switch the fault on and off, and say what the diagnosis made of it.')
    .option('--set <name=value...>', "instead of the experiment's parameters")
    .option('--out <folder>', 'write into this folder (default: runs/lab/<fault>)')
    .option('--target <url>', 'a service of the lab that runs already; PLIMSOLL_LAB holds its token')
    .option('--json', 'print results and grade as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll lab run hot-row\n  plimsoll lab run cpu-intensive --set complexity=36\n  plimsoll lab run healthy slow db-pool-exhaust\n  plimsoll lab run all',
    )
    .action(async (faults: string[], options: { json?: boolean; set?: string[]; out?: string; target?: string }) => {
      const { labRunCommand } = await import('../commands/lab.ts');
      process.exitCode = await labRunCommand(faults, options);
    });
}

function addLabLevels(lab: Command): void {
  lab
    .command('levels')
    .description('Measure one process, workers, a reload in mid-load, a queue, and several nodes, and judge each step.')
    .option('--level <number...>', 'only these, of 0 to 4')
    .option('--out <folder>', 'write into this folder (default: runs/lab)')
    .option('--json', 'print figures and checks as JSON')
    .action(async (options: { level?: string[]; out?: string; json?: boolean }) => {
      const { levels } = await import('../../lib/lab/levels.ts');
      const wrong = options.level?.find((text) => !levels.some(({ level }) => String(level) === text));
      if (wrong !== undefined) throw new PlimsollError('E-USAGE', `--level takes numbers from 0 to 4, not ${wrong}.`);
      const { labLevelsCommand } = await import('../commands/lab.ts');
      const chosen = levels.filter(({ level }) => options.level?.includes(String(level)) ?? true);
      process.exitCode = await labLevelsCommand(chosen, options);
    });
}

function addLabGrade(lab: Command): void {
  lab
    .command('grade')
    .description(
      'Run every fault several times: how often the diagnosis is right, false alarms, confusion, calibration.',
    )
    .option('--runs <number>', 'of each fault', '5')
    .option('--fault <name...>', 'only these')
    .option('--resume', 'keep what an earlier grade has measured, but for void runs, and measure the others')
    .option('--record <folder>', 'write what the analysis needs of each run there, with its label')
    .option('--json', 'print results and grade as JSON')
    .action(async (options: { runs: string; fault?: string[]; record?: string; resume?: boolean; json?: boolean }) => {
      if (!/^[1-9]\d?$/.test(options.runs))
        throw new PlimsollError('E-USAGE', `--runs takes a number from 1 to 99, not ${options.runs}.`);
      const { labGradeCommand } = await import('../commands/lab.ts');
      process.exitCode = await labGradeCommand(Number(options.runs), options);
    });
}
