import { describe, expect, jest, test } from '@jest/globals';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { EcsTasks } from '../../../../lib/adapters/aws/ecs-tasks.ts';
import { S3Store } from '../../../../lib/adapters/aws/s3-store.ts';
import { type Answer, cut, Endpoint, PATIENCE_MS, refuse } from './endpoint.ts';

const storeOf = (config: object): S3Store => new S3Store(new S3Client(config), { bucket: 'results', prefix: '' });

/** An endpoint whose answers come in this order, the last of them for ever. */
async function answering(...answers: readonly Answer[]): Promise<Endpoint> {
  let at = 0;
  return await Endpoint.open((reply, asked) => {
    const answer = answers[Math.min(at, answers.length - 1)];
    at += 1;
    answer?.(reply, asked);
  });
}

const object =
  (text: string, headers: Record<string, string> = {}): Answer =>
  (reply) =>
    void reply.writeHead(200, { etag: '"1"', ...headers }).end(text);

const textOf = async (store: S3Store): Promise<string> => Buffer.from((await store.get('a'))?.body ?? []).toString();

const written: Answer = (reply) => void reply.writeHead(200, { etag: '"1"' }).end();
/** Takes what is sent, and hangs up instead of replying. */
const lost: Answer = (reply) => void reply.destroy();

describe('over the wire, with the defaults of every client', () => {
  test('S3 slows us down twice, then serves', async () => {
    const slow = refuse('s3', 503, 'SlowDown');
    using endpoint = await answering(slow, slow, object('there'));
    expect(await textOf(storeOf(endpoint.config))).toBe('there');
    expect(endpoint.asked).toHaveLength(3);
  });

  test('what fails five times is given up', async () => {
    using endpoint = await answering(refuse('s3', 500, 'InternalError'));
    await expect(storeOf(endpoint.config).get('a')).rejects.toMatchObject({
      code: 'E-AWS',
      message: 's3:GetObject: InternalError it is',
    });
    expect(endpoint.asked).toHaveLength(5);
  });

  test('no credentials at all', async () => {
    using endpoint = await answering(object(''));
    const none = () => Promise.reject(Object.assign(new Error('Could not load'), { name: 'CredentialsProviderError' }));
    await expect(storeOf({ ...endpoint.config, credentials: none }).get('a')).rejects.toMatchObject({
      code: 'E-AWS-CREDENTIALS',
    });
    expect(endpoint.asked).toEqual([]);
  });

  test.each([
    // What the SDK says where neither the environment nor a profile has one.
    ['Region is missing', () => Promise.reject(new Error('Region is missing'))],
    ['Region not accepted', async () => 'eu west'],
  ])('%s: told like missing credentials, whose remedy names the region too', async (says, region) => {
    using endpoint = await answering(object(''));
    await expect(storeOf({ ...endpoint.config, region }).get('a')).rejects.toMatchObject({
      code: 'E-AWS-CREDENTIALS',
      message: expect.stringContaining(`s3:GetObject: ${says}`),
    });
    expect(endpoint.asked).toEqual([]);
  });

  test('a clock that is wrong is set right by the reply', async () => {
    const aheadMs = 3_600_000;
    const skewed: Answer = (reply, asked) => {
      reply.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
      refuse('s3', 403, 'RequestTimeTooSkewed')(reply, asked);
    };
    using endpoint = await answering(skewed, object('there'));
    expect(await textOf(storeOf(endpoint.config))).toBe('there');
    const [first = Number.NaN, second = Number.NaN] = endpoint.asked.map(({ headers }) =>
      Date.parse(
        String(headers['x-amz-date']).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
      ),
    );
    expect(Math.round((second - first) / 60_000)).toBe(60);
  });

  test('an endpoint that never answers is asked again, and given up', async () => {
    using endpoint = await answering(() => undefined);
    await expect(storeOf({ ...endpoint.hurried, maxAttempts: 2 }).get('a')).rejects.toMatchObject({
      code: 'E-AWS',
      message: expect.stringContaining(String(PATIENCE_MS)),
    });
    expect(endpoint.asked).toHaveLength(2);
  });

  test('one where nobody listens', async () => {
    const endpoint = await answering(() => undefined);
    const { config } = endpoint;
    endpoint.close();
    await expect(storeOf({ ...config, maxAttempts: 1 }).get('a')).rejects.toMatchObject({
      code: 'E-AWS',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  // Such as the page of a proxy that wants somebody to sign in.
  test('one that answers with a page', async () => {
    const page: Answer = (reply) => void reply.end('<!doctype html>\n<html>Sign in\n</html>');
    using endpoint = await answering(page);
    const tasks = new EcsTasks(new ECSClient(endpoint.config), { cluster: 'load' });
    await expect(tasks.listRunning('mine')).rejects.toMatchObject({
      code: 'E-AWS',
      message: expect.stringMatching(/^ecs:ListTasks: [^\n]+$/),
    });
  });
});

describe('half an object is none', () => {
  test.each<[string, Answer]>([
    ['stops in the middle', (reply) => void reply.writeHead(200, { 'content-length': '1000' }).write('half')],
    ['hangs up in the middle', cut('half')],
    ['hangs up without having said how much there is', (reply) => void reply.write('half', () => reply.destroy())],
    // CRC-32 of nothing.
    ['gives other bytes than were stored', object('half', { 'x-amz-checksum-crc32': 'AAAAAA==' })],
  ])('from an endpoint that %s', async (_, answer) => {
    using endpoint = await answering(answer);
    await expect(storeOf({ ...endpoint.hurried, maxAttempts: 1 }).get('a')).rejects.toMatchObject({
      code: 'E-AWS',
      message: expect.stringMatching(/^s3:GetObject: ./),
    });
  });
});

test('an empty text is put as one, without a word on stderr', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  using endpoint = await answering(written);
  expect(await storeOf(endpoint.config).put('a', '')).toBe(true);
  expect(endpoint.asked.map(({ headers }) => headers['content-length'])).toEqual(['0']);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

describe('conditions', () => {
  test('a put whose reply was lost, and which then meets itself, did hold', async () => {
    using endpoint = await answering(lost, refuse('s3', 412, 'PreconditionFailed'), object('mine'));
    expect(await storeOf(endpoint.config).put('lock', 'mine', 'absent')).toBe(true);
    expect(endpoint.asked.map(({ operation, headers }) => [operation, headers['if-none-match']])).toEqual([
      ['PutObject', '*'],
      ['PutObject', '*'],
      ['GetObject', undefined],
    ]);
  });

  test('one whose reply was lost, and which then meets another, did not', async () => {
    using endpoint = await answering(lost, refuse('s3', 412, 'PreconditionFailed'), object('theirs'));
    expect(await storeOf(endpoint.config).put('lock', 'mine', { unchangedSince: '"1"' })).toBe(false);
    expect(endpoint.asked.map(({ headers }) => headers['if-match'])).toEqual(['"1"', '"1"', undefined]);
  });

  test('two at the same moment: S3 asks to try again, under the same condition', async () => {
    using endpoint = await answering(refuse('s3', 409, 'ConditionalRequestConflict'), written);
    expect(await storeOf(endpoint.config).put('a', 'x', { unchangedSince: '"1"' })).toBe(true);
    expect(endpoint.asked.map(({ headers }) => headers['if-match'])).toEqual(['"1"', '"1"']);
  });
});

describe('a bucket', () => {
  test.each([
    [301, 'PermanentRedirect'],
    [307, 'TemporaryRedirect'],
    [400, 'AuthorizationHeaderMalformed'],
    [400, 'IllegalLocationConstraintException'],
  ])('of another region (%s %s) is told as one that is not here', async (status, code) => {
    using endpoint = await answering(refuse('s3', status, code, 'use eu-west-1'));
    const store = storeOf(endpoint.config);
    const told = {
      code: 'E-STORE',
      message: expect.stringMatching(/^The bucket results can't be used from this region: s3:\w+: use eu-west-1$/),
    };
    await expect(store.get('a')).rejects.toMatchObject(told);
    await expect(store.put('a', 'x', 'absent')).rejects.toMatchObject(told);
    await expect(Array.fromAsync(store.list(''))).rejects.toMatchObject(told);
  });

  test.each([
    [404, 'NoSuchBucket'],
    [400, 'InvalidBucketName'],
  ])('that nobody has (%s %s)', async (status, code) => {
    using endpoint = await answering(refuse('s3', status, code));
    const none = { code: 'E-STORE', message: 'There is no bucket results.' };
    await expect(storeOf(endpoint.config).get('a')).rejects.toMatchObject(none);
    await expect(storeOf(endpoint.config).put('a', 'x')).rejects.toMatchObject(none);
  });
});
