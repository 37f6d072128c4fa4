import { describe, expect, test } from '@jest/globals';
import { callAws, causeName } from '../../../../lib/adapters/aws/client-defaults.ts';

const refusal = (name: string, message = 'told'): Error => Object.assign(new Error(message), { name });
const failing = (why: Error): Promise<never> => Promise.reject(why);
const asking = (error: Error): Promise<never> => callAws('service:Action', () => failing(error));

describe('what AWS refuses is told by its code, with the permission it is about', () => {
  // Each as the SDK names it: by its models, or by the code on the wire.
  test.each([
    'ExpiredToken',
    'ExpiredTokenException',
    'RequestExpired',
    'TokenRefreshRequired',
    'InvalidToken',
    'InvalidAccessKeyId',
    'InvalidClientTokenId',
    'UnrecognizedClientException',
    'InvalidSecurity',
    'AuthFailure',
    'SignatureDoesNotMatch',
    'InvalidSignatureException',
    'IncompleteSignature',
    'MissingAuthenticationToken',
    'CredentialsProviderError',
    'TokenProviderError',
    'InvalidIdentityTokenException',
  ])('%s: sign in again', async (name) => {
    await expect(asking(refusal(name))).rejects.toMatchObject({
      code: 'E-AWS-CREDENTIALS',
      message: 'service:Action: told',
    });
  });

  test.each([
    'AccessDenied',
    'AccessDeniedException',
    'UnauthorizedOperation',
    'AuthorizationErrorException',
    // "You do not have permission to perform this action" (Common errors of the AWS APIs).
    'NotAuthorized',
    'AllAccessDisabled',
    // Who may publish, but not use the key of the topic; who may start, but not use the key of the state machine.
    'KMSAccessDeniedException',
    'KmsAccessDeniedException',
  ])('%s: let the role do it', async (name) => {
    await expect(asking(refusal(name))).rejects.toMatchObject({
      code: 'E-AWS-DENIED',
      message: 'service:Action: told',
    });
  });

  test.each(['SlowDown', 'InternalError', 'ThrottlingException', 'KMSDisabledException', 'AuthorizationNotFoundFault'])(
    '%s: try again',
    async (name) => {
      await expect(asking(refusal(name))).rejects.toMatchObject({ code: 'E-AWS', message: 'service:Action: told' });
    },
  );
});

describe('the sentence', () => {
  test('is the first line of the message', async () => {
    await expect(asking(refusal('X', 'one\ntwo'))).rejects.toMatchObject({ message: 'service:Action: one' });
  });

  // As Node throws it when it has tried every address of a name (net: autoSelectFamily).
  test('is the code where there is no message', async () => {
    const error = Object.assign(new AggregateError([new Error('one'), new Error('two')]), { code: 'ETIMEDOUT' });
    await expect(asking(error)).rejects.toMatchObject({ code: 'E-AWS', message: 'service:Action: ETIMEDOUT' });
  });

  test('is the name where there is neither', async () => {
    await expect(asking(refusal('TimeoutError', ''))).rejects.toMatchObject({
      message: 'service:Action: TimeoutError',
    });
  });
});

test('what AWS called it is known of its own errors and of ours', async () => {
  const thrown: unknown = await asking(refusal('NoSuchKey')).catch((error: unknown) => error);
  expect([causeName(thrown), causeName(refusal('NoSuchKey')), causeName('nothing')]).toEqual([
    'NoSuchKey',
    'NoSuchKey',
    '',
  ]);
});
