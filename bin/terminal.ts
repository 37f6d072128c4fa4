import { errorTable, exitCodes, messageOf, PlimsollError } from '../lib/errors.ts';

/** Progress and other messages go to standard error, so that a pipe gets results only. What users wrote must not steer the terminal. */
export const printMessage = (line: string): void =>
  void process.stderr.write(`${line.replaceAll(/[^\P{Cc}\n\t]/gu, '\u{FFFD}')}\n`);

/** Results go to standard output. */
export const printResult = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);

/** Prints an error with its code and remedy, and returns the exit code. A stack is shown with PLIMSOLL_DEBUG only, and of a defect only. */
export function reportError(error: unknown): number {
  const known =
    error instanceof PlimsollError ? error : new PlimsollError('E-INTERNAL', messageOf(error), firstFrames(error));
  for (const detail of known.details) printMessage(detail);
  printMessage(`${known.code}: ${known.message}`);
  printMessage(`  ${errorTable[known.code].remedy}`);
  return known.exitCode;
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
