import type { Command } from 'commander';

/** Commands from a capacity to a scaling policy that is proved. */
export function addScaling(program: Command): void {
  for (const add of [addPolicy, addSimulate, addVerify]) add(program);
}

function addPolicy(program: Command): void {
  program
    .command('policy')
    .argument('[run]', 'the folder of a search for the capacity, or its summary.json', 'runs/latest')
    .description('Derive a scaling policy from a capacity, and show what it changes and why.')
    .option('--env <name>', 'the environment whose policy is in force (default: staging)')
    .option('--traffic <file>', 'requests by the hour as CSV, or office-hours, flash-sale, global')
    .option('--timezone <name>', 'of times without an offset, and of the schedule: Europe/London (default: UTC)')
    .option('--tasks <number>', 'tasks that carried the load (default: what the run saw, else 1)')
    .option(
      '--start-up <duration>',
      'from the decision until a new task answers, or a run that scaled out (default: 60s)',
    )
    .option('--headroom <share>', 'growth that the tasks carry as they are (default: 25%)')
    .option('--out <folder>', 'write policy, Kubernetes HPA and scaling-process.md into this folder')
    .option('--write', "overwrite the environment's policy in config/scaling")
    .option('--json', 'print the policy, its reasons and changes as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll policy runs/latest --traffic hours.csv --timezone Europe/London --out policy\n  plimsoll policy runs/latest --env staging --tasks 2 --start-up 45s --write',
    )
    .action(async (run: string, options: Record<string, string | boolean>) => {
      const { policyCommand } = await import('../commands/policy.ts');
      process.exitCode = await policyCommand(run, options);
    });
}

function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('Simulate a scaling policy under traffic: response time, violated minutes, tasks, cost.')
    .option('--policy <file>', 'a scaling policy, such as config/scaling/staging.yaml')
    .option('--traffic <file>', 'requests by the hour as CSV, or office-hours, flash-sale, global')
    .option('--timezone <name>', 'of times without an offset (default: UTC)')
    .option('--run <folder>', "the search for the capacity whose service is simulated (default: the policy's measured)")
    .option('--tasks <number>', 'tasks that carried the load of that search')
    .option(
      '--start-up <duration>',
      'from the decision until a new task answers, or a run that scaled out (default: 60s)',
    )
    .option(
      '--env <name>',
      "machines and prices of this environment (default: that of the policy's name, else Fargate)",
    )
    .option('--tune', 'search for the cheapest policy that misses the objectives no more often')
    .option('--fail-on <verdict>', 'fail: exit code 3 where a rule of the verification fails')
    .option('--out <folder>', 'write charts, the course by the minute, and the tuned policy into this folder')
    .option('--json', 'print the figures as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll simulate --policy config/scaling/staging.yaml --traffic office-hours\n  plimsoll simulate --policy config/scaling/staging.yaml --traffic hours.csv --tune --out tuned',
    )
    .action(async (options: Record<string, string | boolean>) => {
      const { simulateCommand } = await import('../commands/simulate.ts');
      process.exitCode = await simulateCommand(options);
    });
}

function addVerify(program: Command): void {
  program
    .command('verify')
    .argument('[run]', 'the folder of a run in the cloud', 'runs/latest')
    .description('Judge, rule by rule, how the service scaled while a run loaded it.')
    .option('--policy <file>', 'the policy that was in force, such as config/scaling/staging.yaml')
    .option('--activities <file>', 'what aws application-autoscaling describe-scaling-activities printed')
    .option('--alarms <file>', 'what aws cloudwatch describe-alarm-history printed, or aws: ask CloudWatch')
    .option('--env <name>', "the environment whose alarms they are (default: that of the policy's name)")
    .option('--write', "write the findings into the run's own summary and report")
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExample:\n  plimsoll verify runs/latest --policy config/scaling/staging.yaml')
    .action(async (run: string, options: Record<string, string | boolean>) => {
      const { verifyCommand } = await import('../commands/verify.ts');
      process.exitCode = await verifyCommand(run, options);
    });
}
