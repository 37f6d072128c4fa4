import type { Command } from 'commander';

/** Commands that load a target, or check the plan for it. */
export function addLoading(program: Command): void {
  for (const add of [addRun, addWorker, addCapacity, addTry, addValidate]) add(program);
}

const OUTPUT =
  'stream figures out while it runs: prometheus, otlp, influx, statsd, ndjson, cloudwatch; may be given again (docs/outputs.md)';

/** An option that may be given several times. */
const another = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

type RunOptions = Record<string, string | boolean> & { readonly output?: string[] };

function addRun(program: Command): void {
  program
    .command('run')
    .argument('[plan]', 'a plan file, or a script of another tool: docs/convert.md (default: plimsoll.yaml)')
    .description('Load the target as the plan says, judge every phase, and write the report.')
    .option('--url <url>', 'without a plan: get this, again and again, with --users or --rate')
    .option('--users <number>', 'virtual users who wait for each reply')
    .option('--rate <number>', 'arrivals a second that wait for none')
    .option('--duration <duration>', 'how long (default: 30s)')
    .option('--target <url>', "load this instead of the plan's target")
    .option('--out <folder>', 'write into this folder (default: runs/<id>, and runs/latest points at it)')
    .option(
      '--compress <factor>',
      'run every phase in a fraction of its time, at unchanged rates: 60 makes hours minutes',
    )
    .option('--workers <number>', 'threads that share the load (default: 1 on loopback, elsewhere one a core)')
    .option('--repeat <times>', 'run the plan so often, and say how much the runs differ: docs/compare.md')
    .option('--json', 'print summary.json on standard output instead of the summary for people')
    .option('--output <kind[=address]>', OUTPUT, another)
    .option('-e, --environment <name>', 'of a script that has several environments')
    .option('--accept-differences', 'run a script though something of it is left out')
    .addHelpText('after', examplesOfRun())
    .action(async (plan: string | undefined, options: RunOptions) => {
      const { runCommand } = await import('../commands/run.ts');
      process.exitCode = await runCommand(plan, options);
    });
}

function addWorker(program: Command): void {
  program
    .command('worker')
    .argument('[plan]', 'a plan file, which worker 0 reads', 'plimsoll.yaml')
    .description('Be one of several workers that share the load of a run and meet in a store: docs/kubernetes.md.')
    .option('--target <url>', "load this instead of the plan's target")
    .addHelpText(
      'after',
      `
Environment, the same in every worker but for JOB_COMPLETION_INDEX, which Kubernetes sets in an Indexed Job:
  PLIMSOLL_STORE=file:///folder or s3://bucket/prefix, PLIMSOLL_EXECUTION=NAME, PLIMSOLL_WORKERS=NUMBER,
  PLIMSOLL_ENVIRONMENT=NAME, PLIMSOLL_BARRIER_SECONDS=300, JOB_COMPLETION_INDEX=0 to NUMBER - 1`,
    )
    .action(async (plan: string, options: Record<string, string>) => {
      const { workerCommand } = await import('../commands/worker.ts');
      process.exitCode = await workerCommand(plan, options);
    });
}

function addCapacity(program: Command): void {
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
    .option('--repeat <times>', 'search so often, and say how much the answers differ: docs/compare.md')
    .option('--json', 'print summary.json on standard output instead of the summary for people')
    .option('--output <kind[=address]>', OUTPUT, another)
    .addHelpText(
      'after',
      '\nExamples:\n  plimsoll capacity plans/laptop.yaml\n  plimsoll capacity my.yaml --target http://127.0.0.1:8080 --budget 2m',
    )
    .action(async (plan: string, options: RunOptions) => {
      const { runCommand } = await import('../commands/run.ts');
      process.exitCode = await runCommand(plan, { ...options, search: true });
    });
}

function addTry(program: Command): void {
  program
    .command('try')
    .argument('[plan]', 'a plan file', 'plimsoll.yaml')
    .description('Send one journey of each scenario, and print what was sent and what came back, secrets hidden.')
    .option('--target <url>', "send to this instead of the plan's target")
    .addHelpText('after', '\nExample:\n  plimsoll try my.yaml --target http://127.0.0.1:8080')
    .action(async (plan: string, options: Record<string, string>) => {
      const { tryCommand } = await import('../commands/try.ts');
      process.exitCode = await tryCommand(plan, options);
    });
}

function addValidate(program: Command): void {
  program
    .command('validate')
    .argument('[plan]', 'a plan file', 'plimsoll.yaml')
    .description('Check a plan, and list every problem with its line, without sending anything.')
    .addHelpText('after', '\nExample:\n  plimsoll validate plans/week7.yaml')
    .action(async (plan: string) => {
      const { validateCommand } = await import('../commands/offline.ts');
      process.exitCode = await validateCommand(plan);
    });
}

function examplesOfRun(): string {
  return `
Examples:
  plimsoll run plans/laptop.yaml                    the whole story against the built-in service
  plimsoll run --url http://127.0.0.1:8080/jobs --users 50 --duration 30s
  plimsoll run my.yaml --target http://127.0.0.1:8080 --out results
  plimsoll run my.yaml --output prometheus --output influx='http://127.0.0.1:8086/write?db=load'
  plimsoll run plans/week7.yaml --compress 60       hours as minutes, at unchanged rates
  plimsoll run my.yaml --repeat 5 --out runs/before five runs, to compare with five others

Exit codes: 0 passed (or warned), 3 objectives failed, 4 measurement void, 5 plan invalid,
6 target unreachable, 9 no verdict for want of figures, 130 interrupted; plimsoll explain lists all.`;
}
