import { PlimsollError } from '../../errors.ts';

/** Of two runs in one file neither is the other, and their moments may count from the start of each. */
export const secondTable = (line: number): PlimsollError =>
  new PlimsollError(
    'E-IMPORT-DAMAGED',
    `It holds several tables, the second from line ${line} on: give each a file of its own.`,
  );

/** What tools write of failed requests, and the kind under which the ledger counts it (lib/measure/failures.ts). */
const KINDS: readonly (readonly [pattern: RegExp, kind: string])[] = [
  // What oha calls requests that its own end has cut.
  [/aborted due to deadline/i, 'cut'],
  [/refused/i, 'refused'],
  [/time[d -]{0,2}out|deadline exceeded|ETIMEDOUT|ESOCKETTIMEDOUT/i, 'timedOut'],
  [/no such host|UnknownHost|ENOTFOUND|EAI_AGAIN|name or service|failed to lookup|resolve/i, 'dns'],
  [/reset|EPIPE|broken pipe/i, 'reset'],
  [/x509|certificate|\btls\b|\bssl/i, 'tls'],
  [/unreachable|no route/i, 'unreachable'],
  [/too many open files|EMFILE|cannot assign requested address|EADDRNOTAVAIL/i, 'sockets'],
  [/\bEOF\b|hang up|connection closed|closed connection|NoHttpResponse|ended prematurely|IncompleteMessage/i, 'closed'],
];

const MOST_LETTERS = 80;

/** Of what a failure was; its words, such as those of `/reset-password`, say nothing of how it came about. */
const ADDRESS = /\bhttps?:\/\/[^\s"'`]+/gi;

/**
 * The kind of a failure that a tool has described in words: one of ours where the words are known, else `error: …`, cut where it
 * is long. `timedOut` and `cut` are entries of the ledger, and no kinds of failure.
 */
export function failureOf(text: string): string {
  const short = text.slice(0, 500).replaceAll(ADDRESS, '');
  const known = KINDS.find(([pattern]) => pattern.test(short))?.[1];
  return known ?? `error: ${text.slice(0, MOST_LETTERS).replaceAll(/\s+/g, ' ').trim() || 'not named'}`;
}

/** `ok`, or the kind of failure of a reply with this status. Statuses from 400 on are failures where the tool has no say of its own. */
export const outcomeOfStatus = (status: number): string => (status >= 100 && status < 400 ? 'ok' : `status.${status}`);
