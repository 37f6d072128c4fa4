import { errorTable, exitCodes, messageOf, PlimsollError } from '../lib/errors.ts';

/** Results go to standard output, talk to standard error, so that a pipe gets results only. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

export const result = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);

/** Tells a person of an error, code and remedy included, and returns the exit code. A stack is never shown. */
export function reportError(error: unknown): number {
  const known =
    error instanceof PlimsollError ? error : new PlimsollError('E-INTERNAL', messageOf(error), firstFrames(error));
  for (const detail of known.details) say(detail);
  say(`${known.code}: ${known.message}`);
  say(`  ${errorTable[known.code].remedy}`);
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
