import { inspect } from 'node:util';

/** What can keep the target from starting. Each sentence says what to do; the detail is the cause, in one line. */
const sentences = {
  'E-TARGET-OPTION':
    'Use whole numbers: --users (2 or more, at most 999999) and --jobs (0 or more); see target/README.md.',
  'E-TARGET-PLATFORM':
    'No embedded PostgreSQL is installed: run "npm install --include=optional"; where there is none for your platform, set DATABASE_URL to an empty database, or load a service of your own (target: in the plan).',
  'E-TARGET-POSTGRES':
    'The embedded PostgreSQL did not start: read the cause here, or set DATABASE_URL to an empty database.',
  'E-TARGET-DATABASE': 'The database in DATABASE_URL cannot be used: check the address, the account and its rights.',
  'E-TARGET-NOT-OURS':
    'The database in DATABASE_URL holds other data: give an empty one (the target only resets a database that carries its marker table plimsoll_test_data).',
  'E-TARGET-SEED':
    'The test data could not be loaded: check the free disk space and the rights of the database account.',
  'E-TARGET-CACHE': 'The cache did not answer: check REDIS_URL, or unset it to use a cache started here.',
  'E-TARGET-FOLDER':
    'The temporary folder cannot be used: set TMPDIR to a folder that exists, has room and can be written.',
  'E-TARGET-CHILD':
    'A part of the target did not start: read its lines above; a full process table or memory is the usual cause.',
  'E-TARGET-LAB':
    'Faults run in the lab only: start them with plimsoll lab run, which sets PLIMSOLL_LAB; unset it for a service of your own.',
  'E-TARGET-ENVIRONMENT': 'An environment variable is missing or malformed: see the table in target/README.md.',
} as const;

export type FailureCode = keyof typeof sentences;

/** A failure the user can act on. `message` is the whole stderr line: code, sentence, cause. */
export class TargetFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, cause?: unknown) {
    super(`${code}: ${sentences[code]}${causeLine(cause)}`, { cause });
    this.code = code;
  }
}

function causeLine(cause: unknown): string {
  if (cause === undefined) return '';
  const text =
    cause instanceof Error
      ? cause.message || (cause as NodeJS.ErrnoException).code || cause.name
      : typeof cause === 'string'
        ? cause
        : inspect(cause);
  // A URL in a driver's message may carry a password.
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/:\/\/[^@\s/]*@/g, '://…@')
    .trim();
  return ` (${line.slice(0, 300)})`;
}

/** The one stderr line for any error that reached an entry point; anything unforeseen is E-TARGET-CHILD with its cause. */
export function failureLine(error: unknown): string {
  return (error instanceof TargetFailure ? error : new TargetFailure('E-TARGET-CHILD', error)).message;
}

/** Ends the process with exit code 1 and the failure's line. */
export function exitWith(error: unknown): void {
  process.stderr.write(`${failureLine(error)}\n`, () => process.exit(1));
}
