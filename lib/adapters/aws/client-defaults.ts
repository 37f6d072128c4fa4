import { codeOf, messageOf, PlimsollError, type ErrorCode } from '../../errors.ts';

/**
 * How every client is made: it gives up on a silent endpoint within seconds instead of minutes, and asks five times in all,
 * with growing pauses, where AWS throttles or fails (AWS SDKs Reference Guide, "Retry behavior", standard mode).
 */
export const clientDefaults = {
  maxAttempts: 5,
  requestHandler: {
    connectionTimeout: 3000,
    requestTimeout: 15_000,
    socketTimeout: 15_000,
    throwOnRequestTimeout: true,
  },
};

/**
 * Common errors of the AWS APIs, S3's "Error responses", and the SDK's own: no credentials found, or none that hold any more.
 */
const CREDENTIALS =
  /^(?:ExpiredToken|RequestExpired|RequestTimeTooSkewed|InvalidClientTokenId|InvalidAccessKeyId|InvalidSecurity|InvalidIdentityToken|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|CredentialsProvider|TokenProvider|TokenRefreshRequired|MissingAuthenticationToken|AuthFailure|InvalidToken)/;
/** Denied by the service itself, or by a key on its behalf: `KMSAccessDeniedException` of SNS and Step Functions. */
const DENIED =
  /^(?:(?:KMS)?AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized|Forbidden|AllAccessDisabled)/i;

/** The SDK gives these no name: there is no region, or what stands for it is none. */
const NO_REGION = /^Region (?:is missing|not accepted)/;

/** The name that AWS gives an error, such as `NoSuchKey`; empty for what is no error. */
export const awsErrorName = (error: unknown): string => (error instanceof Error ? error.name : '');

/**
 * Calls AWS, and turns what goes wrong into one sentence. `action` is the permission that the call needs, as IAM writes it: these
 * are all that a role must be given.
 *
 * @throws PlimsollError E-AWS-CREDENTIALS, E-AWS-DENIED, E-AWS
 */
export async function callAws<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const code = codeFor(error);
    // The SDK's message may span lines and name a request, but never holds a secret.
    // Where every address of an endpoint was tried in vain, Node gives a code and no message.
    const reason = messageOf(error).split('\n')[0] || codeOf(error) || awsErrorName(error);
    throw new PlimsollError(code, `${action}: ${reason}`, [], error);
  }
}

function codeFor(error: unknown): ErrorCode {
  const name = awsErrorName(error);
  if (CREDENTIALS.test(name) || NO_REGION.test(messageOf(error))) return 'E-AWS-CREDENTIALS';
  return DENIED.test(name) ? 'E-AWS-DENIED' : 'E-AWS';
}

/** What AWS called the error that `callAws` threw. */
export const causeName = (error: unknown): string =>
  error instanceof PlimsollError ? awsErrorName(error.cause) : awsErrorName(error);
