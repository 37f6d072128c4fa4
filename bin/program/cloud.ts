import type { Command } from 'commander';

/** Commands for the deployed load test. */
export function addCloud(program: Command): void {
  const cloud = program
    .command('cloud')
    .description('Start, watch and stop runs of the deployed load test, and fetch their reports.');
  for (const add of [addStart, addWatch, addStop, addReport, addMetrics, addList, addTestAlarms]) add(cloud);
}

/** Every command of the cloud finds the load test alike. */
const inCloud = (cloud: Command, name: string, description: string): Command =>
  cloud
    .command(name)
    .description(description)
    .option('--env <name>', 'an environment that config/ has a file for')
    .option('--bucket <name>', 'the results bucket, if not that of the environment; also s3://… or file:///…')
    .option('--state-machine <arn>', 'the workflow, if not that of the environment');

function addStart(cloud: Command): void {
  inCloud(cloud, 'start', 'Start a run, after saying what it may cost.')
    .argument('<plan>', 'a plan file, which is uploaded, or the name of a plan in the bucket')
    .option('--phase <name...>', 'run only these phases')
    .option('--capacity', "search for the capacity instead of running the plan's phases")
    .option('--yes', 'start without asking')
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll cloud start plans/week7.yaml --env staging\n  plimsoll cloud start smoke --env staging --yes',
    )
    .action(async (plan: string, options: Record<string, string>) => {
      const { cloudStartCommand } = await import('../commands/cloud/start.ts');
      process.exitCode = await cloudStartCommand(plan, options);
    });
}

function addWatch(cloud: Command): void {
  inCloud(cloud, 'watch', 'Show a run while it goes on, and end with its verdict and exit code.')
    .argument('[run]', 'a run or an execution (default: the one that runs, else the newest)')
    .action(async (run: string | undefined, options: Record<string, string>) => {
      const { cloudWatchCommand } = await import('../commands/cloud/watch.ts');
      process.exitCode = await cloudWatchCommand(run, options);
    });
}

function addStop(cloud: Command): void {
  inCloud(cloud, 'stop', 'Stop a run, and wait until it is really over.')
    .argument('[run]', 'a run or an execution (default: the one that runs, else the newest)')
    .action(async (run: string | undefined, options: Record<string, string>) => {
      const { cloudStopCommand } = await import('../commands/cloud/stop.ts');
      process.exitCode = await cloudStopCommand(run, options);
    });
}

function addReport(cloud: Command): void {
  inCloud(cloud, 'report', 'Fetch the report of a run.')
    .argument('[run]', 'a run or an execution (default: the one that runs, else the newest)')
    .option('--out <folder>', 'write into this folder (default: runs/<id>)')
    .action(async (run: string | undefined, options: Record<string, string>) => {
      const { cloudReportCommand } = await import('../commands/cloud/runs.ts');
      process.exitCode = await cloudReportCommand(run, options);
    });
}

function addMetrics(cloud: Command): void {
  inCloud(cloud, 'metrics', "Print CloudWatch's figures of a run's system as CSV, one row a minute.")
    .argument('[run]', 'a run or an execution (default: the newest)')
    .option('--from <moment>', 'such as 2026-03-02T12:00:00Z (default: the start of the run)')
    .option('--to <moment>', 'likewise (default: the end of the run)')
    .action(async (run: string | undefined, options: Record<string, string>) => {
      const { cloudMetricsCommand } = await import('../commands/cloud/metrics.ts');
      process.exitCode = await cloudMetricsCommand(run, options);
    });
}

function addTestAlarms(cloud: Command): void {
  cloud
    .command('test-alarms')
    .description(
      'Set off each alarm of an environment on purpose, see its notification, and clear it; first only list them.',
    )
    .option('--env <name>', 'an environment that config/ has a file for')
    .option('--alarm <name...>', 'only these, such as error-rate')
    .option('--yes', 'do it: all subscribers are notified of each')
    .option('--confirm <name>', 'the name of the environment once more, where it looks like production')
    .addHelpText('after', '\nExample:\n  plimsoll cloud test-alarms --env staging --alarm error-rate --yes')
    .action(async (options: Record<string, string>) => {
      const { cloudTestAlarmsCommand } = await import('../commands/cloud/test-alarms.ts');
      process.exitCode = await cloudTestAlarmsCommand(options);
    });
}

function addList(cloud: Command): void {
  inCloud(cloud, 'list', 'List the newest runs: start, verdict, plan, id.').action(
    async (options: Record<string, string>) => {
      const { cloudListCommand } = await import('../commands/cloud/runs.ts');
      process.exitCode = await cloudListCommand(options);
    },
  );
}
