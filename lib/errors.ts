/** Exit codes of the command line; CI builds on them, so none ever changes its meaning. */
export const exitCodes = {
  passed: 0,
  internal: 1,
  usage: 2,
  objectivesFailed: 3,
  void: 4,
  planInvalid: 5,
  targetUnreachable: 6,
  targetRefused: 7,
  outputFailed: 8,
  unknown: 9,
  cloudFailed: 10,
  worse: 11,
  differs: 12,
  lacking: 13,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof exitCodes;

/** Every error that a person can meet: what it means, what to do, and how the command ends. */
export const errorTable = {
  'E-USAGE': { exit: 'usage', remedy: 'Run plimsoll --help for the commands and their options.' },
  'E-INIT-EXISTS': { exit: 'usage', remedy: 'Give another name: plimsoll init other.yaml. Nothing is overwritten.' },
  'E-INIT-UNASKED': { exit: 'usage', remedy: 'Give --url URL where there is no terminal to ask at.' },
  'E-MACHINE': { exit: 'lacking', remedy: 'Do what stands below each line that begins with lacks.' },
  'E-PLAN-MISSING': { exit: 'planInvalid', remedy: 'Give the path of a plan, such as plans/laptop.yaml.' },
  'E-PLAN-TOO-LARGE': { exit: 'planInvalid', remedy: 'Move data into CSV feeders; a plan holds 1 MiB at most.' },
  'E-PLAN-TOO-LONG': {
    exit: 'planInvalid',
    remedy: 'Run some of its phases, or give loadTest.maxHours in config/ more and deploy.',
  },
  'E-PLAN-HOOKS': {
    exit: 'planInvalid',
    remedy: 'Run it with plimsoll run: workers elsewhere run no code of a plan.',
  },
  'E-HOOKS': {
    exit: 'planInvalid',
    remedy: 'Mend the module that the sentence names, or install what it imports; nothing was sent.',
  },
  'E-PLAN-SIGNAL': {
    exit: 'planInvalid',
    remedy:
      'Take the objective out, name a signal that docs/signals.md has for CloudWatch or the collector, or run it with plimsoll run.',
  },
  'E-PLAN-ABORT': {
    exit: 'planInvalid',
    remedy: 'Run it with plimsoll run, or write stopOnFail, which is looked at when a phase is over.',
  },
  'E-PLAN-INVALID': { exit: 'planInvalid', remedy: 'Mend the lines above; plimsoll validate checks without loading.' },
  'E-TARGET-MISSING': { exit: 'planInvalid', remedy: 'Write target: URL in the plan, or give --target URL.' },
  'E-TARGET-REFUSED': {
    exit: 'targetRefused',
    remedy:
      "Load only what you may: loopback, or a host named in PLIMSOLL_ALLOW, or in the cloud in the environment's allow.",
  },
  'E-TARGET-UNREACHABLE': { exit: 'targetUnreachable', remedy: 'Start the service, or correct the address.' },
  'E-SETUP': {
    exit: 'targetUnreachable',
    remedy: 'No load was sent. Send that request by hand, and correct the plan or the service.',
  },
  'E-TARGET-START': { exit: 'targetUnreachable', remedy: 'See target.log in the run folder for what it said.' },
  'E-LAB-FAULT': { exit: 'usage', remedy: 'plimsoll lab list shows the faults that there are.' },
  'E-LAB-PARAMETER': {
    exit: 'usage',
    remedy: 'Give --set NAME=VALUE within the bounds that plimsoll lab list --json shows.',
  },
  'E-LAB-TARGET': {
    exit: 'targetRefused',
    remedy: 'Leave --target out: the lab starts a service of its own. Faults are switched on nowhere else.',
  },
  'E-OUT': {
    exit: 'outputFailed',
    remedy: 'Free disk space, or name a place that can be written: --out DIR, or another file.',
  },
  'E-OUTPUT': {
    exit: 'usage',
    remedy: 'Correct the --output that the sentence names, or leave it out; docs/outputs.md lists kinds and addresses.',
  },
  'E-RUN-MISSING': { exit: 'usage', remedy: 'Give a folder that plimsoll run has written, such as runs/latest.' },
  'E-COMPARE-PLAN': {
    exit: 'usage',
    remedy: 'Give runs of one plan; plimsoll list shows which run is of which.',
  },
  'E-COMPARE-PHASES': {
    exit: 'usage',
    remedy: 'Give runs whose plans have a phase of the same name, other than a warm-up.',
  },
  'E-COMPARE-SECONDS': {
    exit: 'usage',
    remedy:
      'Give the folder of a run with its phases/ folder; of another tool import the file of single requests (docs/interop.md).',
  },
  'E-IMPORT-MISSING': { exit: 'usage', remedy: 'Give the path of a result file that can be read.' },
  'E-IMPORT-UNKNOWN': {
    exit: 'usage',
    remedy: 'Give a result file of a tool that docs/interop.md lists, unpacked and as the tool wrote it.',
  },
  'E-IMPORT-DAMAGED': {
    exit: 'usage',
    remedy: 'Export the results again, or mend or remove the line that the sentence names.',
  },
  'E-IMPORT-TOO-LARGE': {
    exit: 'usage',
    remedy: 'Export single requests instead (docs/interop.md): those files may be of any length.',
  },
  'E-SCRIPT-UNKNOWN': {
    exit: 'usage',
    remedy: 'Give a script of a tool that docs/convert.md lists, unpacked and as the tool reads it.',
  },
  'E-SCRIPT-REFUSED': { exit: 'planInvalid', remedy: 'Mend the lines above, or take out what they name.' },
  'E-SCRIPT-DIFFERS': {
    exit: 'differs',
    remedy: 'Read the lines above; --accept-differences goes on without what they name.',
  },
  'E-CONFIGURATION-MISSING': {
    exit: 'usage',
    remedy:
      'Name an environment that config/ has a file for: -c env=dev, or --env dev, in a folder that has a config/, such as a checkout. Every cdk command wants it, bootstrap and gc too: they run the application.',
  },
  'E-CONFIGURATION-INVALID': {
    exit: 'planInvalid',
    remedy: 'Mend the lines above; nothing was made of it.',
  },
  'E-CAPACITY-MISSING': {
    exit: 'usage',
    remedy: 'Give the folder of a search, such as runs/latest after plimsoll capacity.',
  },
  'E-CAPACITY-UNUSABLE': {
    exit: 'unknown',
    remedy:
      'Search again until a capacity is found: more budget, more workers, or objectives that hold at little load.',
  },
  'E-TRAFFIC-MISSING': {
    exit: 'usage',
    remedy: 'Give a CSV file with time and requestsPerSecond, or one of office-hours, flash-sale, global.',
  },
  'E-TRAFFIC-INVALID': {
    exit: 'planInvalid',
    remedy: 'Mend the lines above: one row an hour (or finer), no gaps, times with an offset or --timezone.',
  },
  'E-OBJECTIVES-CONTRADICT': {
    exit: 'planInvalid',
    remedy:
      'Relax the objective that the sentence names, or make the service faster; scaling adds tasks, and no speed.',
  },
  'E-POLICY-MISSING': {
    exit: 'usage',
    remedy: 'Give a policy such as config/scaling/staging.yaml, or write one: plimsoll policy RUN --out policy.',
  },
  'E-SCALING-IMPOSSIBLE': {
    exit: 'planInvalid',
    remedy: 'Raise the limit that the sentence names, in config/, or lower what each task takes of it.',
  },
  'E-STORE': {
    exit: 'cloudFailed',
    remedy: 'See that the bucket or folder exists, in this account and region, and may be read and written.',
  },
  'E-STORE-DAMAGED': {
    exit: 'cloudFailed',
    remedy: 'Delete or mend what the sentence names; only Plimsoll, in one version, should write there.',
  },
  'E-PACKAGE-MISSING': {
    exit: 'usage',
    remedy: 'Run that command in the folder where Plimsoll is installed.',
  },
  'E-AWS-CREDENTIALS': {
    exit: 'cloudFailed',
    remedy:
      "Sign in again (aws sso login), or give the credentials and region of the account; see that this machine's clock is right.",
  },
  'E-AWS-DENIED': { exit: 'cloudFailed', remedy: 'Let the role or the user do what the sentence names.' },
  'E-AWS': { exit: 'cloudFailed', remedy: 'Try again; if it stays, see the sentence and the health page of AWS.' },
  'E-WORKER-INPUT': { exit: 'usage', remedy: 'Set the variables named above: docs/kubernetes.md.' },
  'E-INPUT-INVALID': {
    exit: 'usage',
    remedy: 'Start it with { "plan": "NAME" }, and if wanted "phases", "workers": docs/deploy.md.',
  },
  'E-RUN-IN-PROGRESS': { exit: 'usage', remedy: 'Wait until it has ended, or stop its execution; then start again.' },
  'E-CHECKLIST': { exit: 'targetUnreachable', remedy: 'Mend what the lines above name; nothing was loaded.' },
  'E-LOAD-START': {
    exit: 'cloudFailed',
    remedy:
      "See why its workers did not come: the generator's log group and the stopped tasks in ECS, or kubectl describe pods.",
  },
  'E-LOAD-STOP': { exit: 'cloudFailed', remedy: 'Stop the tasks named above by hand, at once: aws ecs stop-task.' },
  'E-CLOUD-MISSING': {
    exit: 'usage',
    remedy: 'Deploy it (npx cdk deploy --all -c env=NAME), or say where it is with --bucket and --state-machine.',
  },
  'E-CLOUD-RUN-MISSING': { exit: 'usage', remedy: 'plimsoll cloud list shows the runs that there are.' },
  'E-CLOUD-UNCONFIRMED': { exit: 'usage', remedy: 'Give --yes where there is no terminal to ask at.' },
  'E-CLOUD-NO-REPORT': {
    exit: 'cloudFailed',
    remedy: 'See what went wrong in the execution, in the console of Step Functions.',
  },
  'E-INTERRUPTED': { exit: 'interrupted', remedy: 'Start it again when you are ready.' },
  'E-INTERNAL': {
    exit: 'internal',
    remedy: 'This is a defect of Plimsoll; please report it with the command that led to it.',
  },
} as const satisfies Record<string, { exit: ExitName; remedy: string }>;

export type ErrorCode = keyof typeof errorTable;

/** An error for a person: a code of the table, one sentence, and further lines where there is more than one problem. */
export class PlimsollError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly string[];

  constructor(code: ErrorCode, sentence: string, details: readonly string[] = [], cause?: unknown) {
    super(sentence, { cause });
    this.name = 'PlimsollError';
    this.code = code;
    this.details = details;
  }

  get exitCode(): number {
    return exitCodes[errorTable[this.code].exit];
  }
}

/** The message of anything thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The `code` of a Node or library error, such as ECONNREFUSED. */
export function codeOf(thrown: unknown): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : '';
}
