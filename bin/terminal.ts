import packageJson from '../package.json' with { type: 'json' };
import { codeOf, errorTable, exitCodes, messageOf, PlimsollError } from '../lib/errors.ts';

/** Progress and other messages go to standard error, so that a pipe gets results only. What users wrote must not steer the terminal. */
export const printMessage = (line: string): void =>
  void process.stderr.write(`${line.replaceAll(/[^\P{Cc}\n\t]/gu, '\u{FFFD}')}\n`);

/** Results go to standard output. */
/** A file or a pipe breaks no line, and then what reads it finds whole names. */
export const outputColumns = (): number => (process.stdout.isTTY ? Math.max(80, process.stdout.columns) : 200);

export const printResult = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);

/** Prints an error with its code and remedy, and returns the exit code. A stack is shown with PLIMSOLL_DEBUG only, and of a defect only. */
export function reportError(error: unknown): number {
  const known =
    error instanceof PlimsollError
      ? error
      : (missingPackage(error) ?? new PlimsollError('E-INTERNAL', messageOf(error), firstFrames(error)));
  for (const detail of known.details) printMessage(detail);
  printMessage(`${known.code}: ${known.message}`);
  printMessage(`  ${errorTable[known.code].remedy}`);
  return known.exitCode;
}

/** Of the packages that only some commands need, npm installs none by itself. */
function missingPackage(error: unknown): PlimsollError | undefined {
  if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND') return undefined;
  const name = /Cannot find package '([^']+)'/.exec(messageOf(error))?.[1];
  if (name === undefined || !Object.hasOwn(packageJson.peerDependencies, name)) return undefined;
  const others = Object.keys(packageJson.peerDependencies).filter((each) => each.startsWith('@aws-sdk/'));
  const wanted = others.includes(name) ? others.join(' ') : name;
  return new PlimsollError(
    'E-PACKAGE-MISSING',
    `This command needs ${name}, which is not installed: npm install ${wanted}`,
  );
}

/** A defect is reported with the place where it happened, which is what its reporter has to copy. */
function firstFrames(error: unknown): string[] {
  if (process.env['PLIMSOLL_DEBUG'] === undefined || !(error instanceof Error)) return [];
  return [error.stack ?? ''];
}

export const exitCodeOfVerdict = {
  pass: exitCodes.passed,
  warn: exitCodes.passed,
  fail: exitCodes.objectivesFailed,
  void: exitCodes.void,
  unknown: exitCodes.unknown,
} as const;
