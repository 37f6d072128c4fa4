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
  interrupted: 130,
} as const;

export type ExitName = keyof typeof exitCodes;

/** Every error that a person can meet: what it means, what to do, and how the command ends. */
export const errorTable = {
  'E-USAGE': { exit: 'usage', remedy: 'Run plimsoll --help for the commands and their options.' },
  'E-PLAN-MISSING': { exit: 'planInvalid', remedy: 'Give the path of a plan, such as plans/laptop.yaml.' },
  'E-PLAN-TOO-LARGE': { exit: 'planInvalid', remedy: 'Move data into CSV feeders; a plan holds 1 MiB at most.' },
  'E-PLAN-INVALID': { exit: 'planInvalid', remedy: 'Mend the lines above; plimsoll validate checks without loading.' },
  'E-TARGET-MISSING': { exit: 'planInvalid', remedy: 'Write target: URL in the plan, or give --target URL.' },
  'E-TARGET-REFUSED': {
    exit: 'targetRefused',
    remedy: 'Load only what you may: loopback, or a host named in PLIMSOLL_ALLOW.',
  },
  'E-TARGET-UNREACHABLE': { exit: 'targetUnreachable', remedy: 'Start the service, or correct the address.' },
  'E-TARGET-START': { exit: 'targetUnreachable', remedy: 'See target.log in the run folder for what it said.' },
  'E-OUT': { exit: 'outputFailed', remedy: 'Free disk space or give --out DIR that can be written.' },
  'E-RUN-MISSING': { exit: 'usage', remedy: 'Give a folder that plimsoll run has written, such as runs/latest.' },
  'E-CONFIGURATION-MISSING': {
    exit: 'usage',
    remedy: 'Name an environment that config/ has a file for: -c env=dev.',
  },
  'E-CONFIGURATION-INVALID': {
    exit: 'planInvalid',
    remedy: 'Mend the lines above; nothing was synthesised.',
  },
  'E-INTERRUPTED': { exit: 'interrupted', remedy: 'Nothing was measured yet; start it again when you are ready.' },
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
