import type { Command } from 'commander';

/** Commands that look at what was measured. */
export function addResults(program: Command): void {
  for (const add of [addReport, addList, addImport, addExplain]) add(program);
}

function addReport(program: Command): void {
  program
    .command('report')
    .argument('[run]', 'the folder of a run', 'runs/latest')
    .description('Render the report of an earlier run again, in every format or in one.')
    .option('--format <name>', 'html, markdown, csv, json or junit, to standard output')
    .addHelpText('after', '\nExamples:\n  plimsoll report runs/latest\n  plimsoll report runs/latest --format markdown')
    .action(async (folder: string, options: Record<string, string>) => {
      const { reportCommand } = await import('../commands/report.ts');
      process.exitCode = await reportCommand(folder, options['format']);
    });
}

function addList(program: Command): void {
  program
    .command('list')
    .argument('[folder]', 'the folder of runs', 'runs')
    .description('List the newest runs of a folder: start, verdict, plan, id.')
    .addHelpText('after', '\nExample:\n  plimsoll list')
    .action(async (folder: string) => {
      const { listCommand } = await import('../commands/list.ts');
      process.exitCode = await listCommand(folder);
    });
}

function addImport(program: Command): void {
  program
    .command('import')
    .argument('<file...>', "another tool's results")
    .description(
      'Make a run of the results of k6, Artillery, JMeter, Locust, Gatling, wrk and others: docs/interop.md.',
    )
    .option('--out <folder>', 'write into this folder (default: runs/<id>); of one file only')
    .option('--json', 'print summary.json on standard output instead of the summary for people')
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll import results.jtl\n  plimsoll import locust_stats.csv locust_stats_history.csv',
    )
    .action(async (files: readonly string[], options: Record<string, string | boolean>) => {
      const { importCommand } = await import('../commands/import.ts');
      process.exitCode = await importCommand(files, options);
    });
}

function addExplain(program: Command): void {
  program
    .command('explain')
    .argument('[code]', 'an error code, such as E-PLAN-INVALID')
    .description('Say what an error code, a failure kind or an exit code means.')
    .addHelpText('after', '\nExamples:\n  plimsoll explain\n  plimsoll explain E-TARGET-REFUSED')
    .action(async (code: string | undefined) => {
      const { explainCommand } = await import('../commands/offline.ts');
      process.exitCode = explainCommand(code);
    });
}
