#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { codeOf, exitCodes } from '../lib/errors.ts';
import { version } from './version.ts';
import { reportError } from './terminal.ts';

// Compiled code is stored between runs, for threads and child processes too: starting takes half the CPU and a third less memory.
// It lies beside the code and not in the system's temporary folder, where another user could put code of their own.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/plimsoll', import.meta.url));
enableCompileCache(process.env['NODE_COMPILE_CACHE']);

/** The command line. Commands are loaded when they are called, so that --help answers at once. */
const program = new Command('plimsoll')
  .description('Finds how much load a backend carries safely, and what gives way first.')
  .version(version)
  .showHelpAfterError('(plimsoll --help shows the commands)')
  .exitOverride();

program
  .command('run')
  .argument('[plan]', 'a plan file', 'plimsoll.yaml')
  .description('Load the target as the plan says, judge every phase, and write the report.')
  .option('--target <url>', "load this instead of the plan's target")
  .option('--out <folder>', 'write into this folder (default: runs/<id>, and runs/latest points at it)')
  .option(
    '--compress <factor>',
    'run every phase in a fraction of its time, at unchanged rates: 60 makes hours minutes',
  )
  .option('--workers <number>', 'threads that share the load (default: 1 on loopback, elsewhere one a core)')
  .option('--json', 'print summary.json on standard output instead of the summary for people')
  .addHelpText('after', examplesOfRun())
  .action(async (plan: string, options: Record<string, string | boolean>) => {
    const { runCommand } = await import('./commands/run.ts');
    process.exitCode = await runCommand(plan, options);
  });

program
  .command('capacity')
  .argument('[plan]', 'a plan file', 'plimsoll.yaml')
  .description('Search for the highest load at which every objective of the plan holds.')
  .option('--target <url>', "load this instead of the plan's target")
  .option('--out <folder>', 'write into this folder (default: runs/<id>, and runs/latest points at it)')
  .option('--budget <duration>', 'of load, at most; then the best answer so far is given (default: 4m)')
  .option('--hold <duration>', 'how long the answer is held to confirm it (default: 30s)')
  .option('--from <rate>', 'arrivals a second to begin with (default: 10)')
  .option('--max <rate>', 'arrivals a second that are never exceeded (default: 10000)')
  .option('--workers <number>', 'threads that share the load (default: 1 on loopback, elsewhere one a core)')
  .option('--json', 'print summary.json on standard output instead of the summary for people')
  .addHelpText(
    'after',
    '\nExamples:\n  plimsoll capacity plans/laptop.yaml\n  plimsoll capacity my.yaml --target http://127.0.0.1:8080 --budget 2m',
  )
  .action(async (plan: string, options: Record<string, string | boolean>) => {
    const { runCommand } = await import('./commands/run.ts');
    process.exitCode = await runCommand(plan, { ...options, search: true });
  });

program
  .command('policy')
  .argument('[run]', 'the folder of a search for the capacity, or its summary.json', 'runs/latest')
  .description('Derive a scaling policy from a capacity, and show what it changes and why.')
  .option('--env <name>', 'the environment whose policy is in force (default: staging)')
  .option('--traffic <file>', 'requests by the hour as CSV, or office-hours, flash-sale, global')
  .option('--timezone <name>', 'of times without an offset, and of the schedule: Europe/London (default: UTC)')
  .option('--tasks <number>', 'tasks that carried the load (default: what the run saw, else 1)')
  .option('--start-up <duration>', 'from the decision until a new task answers (default: 60s)')
  .option('--headroom <share>', 'growth that the tasks carry as they are (default: 25%)')
  .option('--out <folder>', 'write policy, Kubernetes HPA and scaling-process.md into this folder')
  .option('--write', "overwrite the environment's policy in config/scaling")
  .option('--json', 'print the policy, its reasons and changes as JSON')
  .addHelpText(
    'after',
    '\nExamples:\n  plimsoll policy runs/latest --traffic hours.csv --timezone Europe/London --out policy\n  plimsoll policy runs/latest --env staging --tasks 2 --start-up 45s --write',
  )
  .action(async (run: string, options: Record<string, string | boolean>) => {
    const { policyCommand } = await import('./commands/policy.ts');
    process.exitCode = await policyCommand(run, options);
  });

program
  .command('simulate')
  .description('Simulate a scaling policy under traffic: response time, violated minutes, tasks, cost.')
  .option('--policy <file>', 'a scaling policy, such as config/scaling/staging.yaml')
  .option('--traffic <file>', 'requests by the hour as CSV, or office-hours, flash-sale, global')
  .option('--timezone <name>', 'of times without an offset (default: UTC)')
  .option('--run <folder>', "the search for the capacity whose service is simulated (default: the policy's measured)")
  .option('--tasks <number>', 'tasks that carried the load of that search')
  .option('--start-up <duration>', 'from the decision until a new task answers (default: 60s)')
  .option('--env <name>', "machines and prices of this environment (default: that of the policy's name, else Fargate)")
  .option('--tune', 'search for the cheapest policy that misses the objectives no more often')
  .option('--out <folder>', 'write charts, the course by the minute, and the tuned policy into this folder')
  .option('--json', 'print the figures as JSON')
  .addHelpText(
    'after',
    '\nExamples:\n  plimsoll simulate --policy config/scaling/staging.yaml --traffic office-hours\n  plimsoll simulate --policy config/scaling/staging.yaml --traffic hours.csv --tune --out tuned',
  )
  .action(async (options: Record<string, string | boolean>) => {
    const { simulateCommand } = await import('./commands/simulate.ts');
    process.exitCode = await simulateCommand(options);
  });

program
  .command('verify')
  .argument('[run]', 'the folder of a run in the cloud', 'runs/latest')
  .description('Judge, rule by rule, how the service scaled while a run loaded it.')
  .option('--policy <file>', 'the policy that was in force, such as config/scaling/staging.yaml')
  .option('--activities <file>', 'what aws application-autoscaling describe-scaling-activities printed')
  .option('--alarms <file>', 'what aws cloudwatch describe-alarm-history printed')
  .option('--env <name>', "the environment whose alarms they are (default: that of the policy's name)")
  .option('--json', 'print the findings as JSON')
  .addHelpText('after', '\nExample:\n  plimsoll verify runs/latest --policy config/scaling/staging.yaml')
  .action(async (run: string, options: Record<string, string | boolean>) => {
    const { verifyCommand } = await import('./commands/verify.ts');
    process.exitCode = await verifyCommand(run, options);
  });

program
  .command('validate')
  .argument('[plan]', 'a plan file', 'plimsoll.yaml')
  .description('Check a plan, and list every problem with its line, without sending anything.')
  .addHelpText('after', '\nExample:\n  plimsoll validate plans/week7.yaml')
  .action(async (plan: string) => {
    const { validateCommand } = await import('./commands/offline.ts');
    process.exitCode = await validateCommand(plan);
  });

program
  .command('report')
  .argument('[run]', 'the folder of a run', 'runs/latest')
  .description('Render the report of an earlier run again, in every format or in one.')
  .option('--format <name>', 'html, markdown, csv, json or junit, to standard output')
  .addHelpText('after', '\nExamples:\n  plimsoll report runs/latest\n  plimsoll report runs/latest --format markdown')
  .action(async (folder: string, options: Record<string, string>) => {
    const { reportCommand } = await import('./commands/report.ts');
    process.exitCode = await reportCommand(folder, options['format']);
  });

program
  .command('explain')
  .argument('[code]', 'an error code, such as E-PLAN-INVALID')
  .description('Say what an error code, a failure kind or an exit code means.')
  .addHelpText('after', '\nExamples:\n  plimsoll explain\n  plimsoll explain E-TARGET-REFUSED')
  .action(async (code: string | undefined) => {
    const { explainCommand } = await import('./commands/offline.ts');
    process.exitCode = explainCommand(code);
  });

const cloud = program
  .command('cloud')
  .description('Start, watch and stop runs of the deployed load test, and fetch their reports.');

/** Every command of the cloud finds the load test alike. */
const inCloud = (name: string, description: string): Command =>
  cloud
    .command(name)
    .description(description)
    .option('--env <name>', 'an environment that config/ has a file for')
    .option('--bucket <name>', 'the results bucket, if not that of the environment; also s3://… or file:///…')
    .option('--state-machine <arn>', 'the workflow, if not that of the environment');

inCloud('start', 'Start a run, after saying what it may cost.')
  .argument('<plan>', 'a plan file, which is uploaded, or the name of a plan in the bucket')
  .option('--phase <name...>', 'run only these phases')
  .option('--capacity', "search for the capacity instead of running the plan's phases")
  .option('--yes', 'start without asking')
  .addHelpText(
    'after',
    '\nExamples:\n  plimsoll cloud start plans/week7.yaml --env staging\n  plimsoll cloud start smoke --env staging --yes',
  )
  .action(async (plan: string, options: Record<string, string>) => {
    const { cloudStartCommand } = await import('./commands/cloud/start.ts');
    process.exitCode = await cloudStartCommand(plan, options);
  });

inCloud('watch', 'Show a run while it goes on, and end with its verdict and exit code.')
  .argument('[run]', 'a run or an execution (default: the one that runs, else the newest)')
  .action(async (run: string | undefined, options: Record<string, string>) => {
    const { cloudWatchCommand } = await import('./commands/cloud/watch.ts');
    process.exitCode = await cloudWatchCommand(run, options);
  });

inCloud('stop', 'Stop a run, and wait until it is really over.')
  .argument('[run]', 'a run or an execution (default: the one that runs, else the newest)')
  .action(async (run: string | undefined, options: Record<string, string>) => {
    const { cloudStopCommand } = await import('./commands/cloud/stop.ts');
    process.exitCode = await cloudStopCommand(run, options);
  });

inCloud('report', 'Fetch the report of a run.')
  .argument('[run]', 'a run or an execution (default: the one that runs, else the newest)')
  .option('--out <folder>', 'write into this folder (default: runs/<id>)')
  .action(async (run: string | undefined, options: Record<string, string>) => {
    const { cloudReportCommand } = await import('./commands/cloud/runs.ts');
    process.exitCode = await cloudReportCommand(run, options);
  });

inCloud('metrics', "Print CloudWatch's figures of a run's system as CSV, one row a minute.")
  .argument('[run]', 'a run or an execution (default: the newest)')
  .option('--from <moment>', 'such as 2026-03-02T12:00:00Z (default: the start of the run)')
  .option('--to <moment>', 'likewise (default: the end of the run)')
  .action(async (run: string | undefined, options: Record<string, string>) => {
    const { cloudMetricsCommand } = await import('./commands/cloud/metrics.ts');
    process.exitCode = await cloudMetricsCommand(run, options);
  });

inCloud('list', 'List the newest runs: start, verdict, plan, id.').action(async (options: Record<string, string>) => {
  const { cloudListCommand } = await import('./commands/cloud/runs.ts');
  process.exitCode = await cloudListCommand(options);
});

function examplesOfRun(): string {
  return `
Examples:
  plimsoll run plans/laptop.yaml                    the whole story against the built-in service
  plimsoll run my.yaml --target http://127.0.0.1:8080 --out results
  plimsoll run plans/week7.yaml --compress 60       hours as minutes, at unchanged rates

Exit codes: 0 passed (or warned), 3 objectives failed, 4 measurement void, 5 plan invalid,
6 target unreachable, 9 no verdict for want of figures, 130 interrupted; plimsoll explain lists all.`;
}

process.on('uncaughtException', (error) => process.exit(reportError(error)));
for (const stream of [process.stdout, process.stderr]) {
  // A reader who has seen enough, such as head, ends neither a run nor its exit code; nor does a terminal that was closed.
  stream.on('error', (error) => {
    if (!['EPIPE', 'EIO'].includes(codeOf(error) ?? '')) throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
  else process.exitCode = reportError(error);
}
