import type { Command } from 'commander';

/** What goes on watching a service when the load test is over. */
export function addMonitoring(program: Command): void {
  program
    .command('monitoring')
    .description(
      'Write Prometheus rules, their tests and a Grafana dashboard, with the limits of the CloudWatch alarms.',
    )
    .option('--out <folder>', 'write them into this folder', 'monitoring')
    .option(
      '--jobs <names>',
      "the system's jobs in Prometheus, such as shop,postgres,redis (default: all that it scrapes)",
    )
    .option('--plan <file>', 'a plan whose signals.names say what the service calls its metrics')
    .option(
      '--policy <file>',
      'a scaling policy, such as config/scaling/staging.yaml, for the capacity that was measured',
    )
    .option('--runbooks <url>', 'the address below which <alarm>.md can be read (default: docs/runbooks)')
    .option('--period <duration>', 'one reading of an alarm', '1m')
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll monitoring --jobs shop,postgres,redis --runbooks https://wiki.example.org/runbooks\n  plimsoll monitoring --period 2s --out trial     (alarms fire within seconds)',
    )
    .action(async (options: Record<string, string>) => {
      const { monitoringCommand } = await import('../commands/monitoring.ts');
      process.exitCode = await monitoringCommand(options);
    });
}
