import { isNativeError } from 'node:util/types';

/** Every way a request can fail: its HTTP status and one sentence for the client. Nothing internal is ever sent. */
const problems = {
  'invalid-request': [400, 'The request does not fit the schema.'],
  'not-authenticated': [401, 'Send the token from POST /api/auth/login as "Authorization: Bearer …".'],
  'wrong-credentials': [401, 'The e-mail address or the password is wrong.'],
  'not-verified': [403, 'Verify the e-mail address first.'],
  'not-allowed': [403, 'This account may not do that.'],
  'not-found': [404, 'There is no such thing, or it is not yours.'],
  'email-taken': [409, 'There is an account with this e-mail address already.'],
  'already-bid': [409, 'You have a bid on this job already.'],
  'job-not-open': [409, 'The job is no longer open.'],
  'escrow-state': [409, 'The escrow account is not in a state that allows this.'],
  'dispute-resolved': [409, 'The dispute is resolved already.'],
  'payment-pending': [
    409,
    'Another payment for this escrow account is pending; repeat it with its own Idempotency-Key.',
  ],
  'amount-mismatch': [422, 'Pay exactly the amount of the escrow account.'],
  'card-declined': [402, 'The payment provider declined the card.'],
  'too-many-requests': [429, 'There are too many requests; try again later.'],
  'pool-timeout': [503, 'The service is busy; try again later.'],
  'database-unavailable': [503, 'The service is unavailable; try again later.'],
  'database-timeout': [503, 'The service took too long; try again later.'],
  'provider-error': [502, 'The payment provider failed; repeat the payment with the same Idempotency-Key.'],
  'provider-timeout': [
    504,
    'The payment provider did not answer in time; repeat the payment with the same Idempotency-Key.',
  ],
  internal: [500, 'The service failed.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof problems;

/** An answer other than success. `detail` is extra text for the client, and safe to send. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;

  constructor(code: ProblemCode, detail?: string) {
    super(detail ?? problems[code][1]);
    this.code = code;
    this.status = problems[code][0];
  }
}

/** SQLSTATEs that are no fault of the statement: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const databaseProblems: Readonly<Record<string, ProblemCode>> = {
  '57014': 'database-timeout', // query_canceled, by statement_timeout
  '55P03': 'database-timeout', // lock_not_available
  '25P03': 'database-timeout', // idle_in_transaction_session_timeout
  '40001': 'database-timeout', // serialization_failure
  '40P01': 'database-timeout', // deadlock_detected
  '53300': 'database-unavailable', // too_many_connections
  '57P01': 'database-unavailable', // admin_shutdown
  '57P02': 'database-unavailable', // crash_shutdown
  '57P03': 'database-unavailable', // cannot_connect_now
  ECONNREFUSED: 'database-unavailable',
  ECONNRESET: 'database-unavailable',
  EPIPE: 'database-unavailable',
  ENOTFOUND: 'database-unavailable',
  ETIMEDOUT: 'database-unavailable',
};

/** The answer that a client gets for an error; undefined for an unexpected one. */
export function problemFrom(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  // Unlike instanceof, this knows errors of Node's own from any context.
  if (!isNativeError(error)) return undefined;
  const { code, statusCode } = error as Error & { code?: string; statusCode?: number };
  const known = databaseProblems[code ?? ''];
  if (known !== undefined) return new Problem(known);
  // pg gives its own connection losses no code.
  if (/^Connection terminated|^timeout expired|is not queryable$/.test(error.message)) {
    return new Problem('database-unavailable');
  }
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500
    ? clientProblem(error, statusCode)
    : undefined;
}

/** Fastify's own: a body that is no JSON, too large, of the wrong type, or not as the schema says. */
function clientProblem(error: Error, status: number): Problem {
  return Object.assign(new Problem('invalid-request', error.message), { status });
}
