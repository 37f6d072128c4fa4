import { type ErrorCode, errorTable, PlimsollError } from '../../errors.ts';

/** An execution as it stands; `endedAtMs` where it runs no more. */
export interface ExecutionStatus {
  readonly status: string;
  readonly endedAtMs?: number;
  readonly error?: string;
  readonly cause?: string;
}

export interface RunSeen {
  /** Undefined where Step Functions has no such execution, as for a store in a folder. */
  readonly execution: ExecutionStatus | undefined;
  /** Whether the run still holds the lock: what ends it lets that go last. */
  readonly holdsLock: boolean;
  readonly nowMs: number;
}

/**
 * What the aftermath of an execution may take: three tries of three minutes to stop tasks, the checks and the teardown with their
 * tries to start, three of three minutes to stop them, then three of the report; with the waits in between.
 */
export const AFTERMATH_MINUTES = 90;

/** Whether a run that has no report yet can still get one. */
export function mayStillReport({ execution, holdsLock, nowMs }: RunSeen): boolean {
  if (execution === undefined) return holdsLock;
  if (execution.endedAtMs === undefined) return true;
  return holdsLock && nowMs - execution.endedAtMs < AFTERMATH_MINUTES * 60e3;
}

const isCode = (name: string): name is ErrorCode => Object.hasOwn(errorTable, name);

/** What is said of an execution that ended without a report: its own refusal where it was one, else how it ended. */
export function reportMissing({ status, error = '', cause = '' }: ExecutionStatus): PlimsollError {
  if (!isCode(error)) {
    const reason = [error, cause.split('\n')[0]].filter((part) => part !== '' && part !== undefined).join(': ');
    const sentence = `The execution ended without a report: ${status}${reason === '' ? '' : `, ${reason}`}.`;
    return new PlimsollError('E-CLOUD-NO-REPORT', sentence);
  }
  const { remedy } = errorTable[error];
  const [sentence = '', ...details] = cause.split('\n').filter((line) => line !== remedy);
  return new PlimsollError(error, sentence, details);
}
