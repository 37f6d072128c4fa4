import type { Command } from 'commander';

/** Commands that look at what was measured. */
export function addResults(program: Command): void {
  for (const add of [addReport, addList, addHistory, addCompare, addUi, addImport, addExplain]) add(program);
}

function addReport(program: Command): void {
  program
    .command('report')
    .argument('[run]', 'the folder of a run', 'runs/latest')
    .description('Render the report of an earlier run again, in every format or in one.')
    .option('--format <name>', 'html, markdown, csv, json, junit or openmetrics, to standard output')
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

function addHistory(program: Command): void {
  program
    .command('history')
    .argument('[folder]', 'the folder of runs', 'runs')
    .description('Show the runs of a plan over time, and since which run a figure has changed: docs/compare.md.')
    .option('--plan <name>', "the plan's name (default: that of the newest run)")
    .option('--format <name>', 'text, markdown or json', 'text')
    .option('--json', 'the same as --format json')
    .addHelpText('after', '\nExample:\n  plimsoll history runs --plan nightly')
    .action(async (folder: string, options: Record<string, string | boolean>) => {
      const { historyCommand } = await import('../commands/history.ts');
      process.exitCode = await historyCommand(folder, options);
    });
}

function addCompare(program: Command): void {
  program
    .command('compare')
    .argument(
      '<run...>',
      'folders of runs, or of the runs of run --repeat: the baselines, and last what is compared with them',
    )
    .description('Say what has shifted from earlier runs to a later one, and how sure that is: docs/compare.md.')
    .option('--last <count>', 'how many of the folders, the last ones, are compared with the others', '1')
    .option(
      '--noise <folder>',
      'runs of one build, such as those of run --repeat, which show how much such runs differ',
    )
    .option('--tolerance <percent>', 'the shift of times and throughput that does not matter, such as 5%')
    .option('--fail-on <verdict>', 'worse: exit code 11 where any figure is worse, 9 where no figure could be judged')
    .option('--format <name>', 'text, markdown, html or json', 'text')
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll compare runs/base1 runs/base2 runs/base3 runs/latest\n  plimsoll compare runs/base* runs/latest --fail-on worse --format markdown\n  plimsoll compare runs/five-before runs/five-after --format html > comparison.html',
    )
    .action(async (folders: readonly string[], options: Record<string, string | boolean>) => {
      const { compareCommand } = await import('../commands/compare.ts');
      process.exitCode = await compareCommand(folders, options);
    });
}

function addUi(program: Command): void {
  program
    .command('ui')
    .argument('[folder]', 'the folder of runs', 'runs')
    .description('Serve a page of runs, live ones too, on loopback: docs/ui.md.')
    .option('--port <number>', 'listen here (default: a free port)')
    .addHelpText('after', '\nExample:\n  plimsoll ui')
    .action(async (folder: string, options: Record<string, string>) => {
      const { uiCommand } = await import('../commands/ui.ts');
      process.exitCode = await uiCommand(folder, options);
    });
}

function addImport(program: Command): void {
  program
    .command('import')
    .argument(
      '<file...>',
      "another tool's results, or phase=file: phases of one run (warm-up, sustained, stress, recovery)",
    )
    .description(
      'Make a run of the results of k6, Artillery, JMeter, Locust, Gatling, wrk and others: docs/interop.md.',
    )
    .option('--out <folder>', 'write into this folder (default: runs/<id>); of one run only')
    .option('--json', 'print summary.json on standard output instead of the summary for people')
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll import results.jtl\n  plimsoll import locust_stats.csv locust_stats_history.csv\n  plimsoll import warm-up=warm-up.json sustained=sustained.json stress=stress.ndjson',
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
