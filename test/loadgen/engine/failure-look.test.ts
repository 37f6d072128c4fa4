import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { failureLook } from '../../../loadgen/engine/reply/failure-look.ts';
import { User } from '../../../loadgen/engine/user.ts';
import { SHARED_POOL, type Outgoing, type Reply } from '../../../loadgen/senders/sender.ts';
import { planOf } from '../../lib/run/plan.ts';

const look = failureLook(
  {
    ...planOf([]),
    headers: { 'x-key': '{{ $env(API_KEY) }}' },
    variables: { password: '"open sesame"', city: '"York, in the north"' },
  },
  { API_KEY: 'value/of+env' },
);

function lookAt(body: string | Buffer, headers: Reply['headers'] = {}) {
  const user = new User(0, SHARED_POOL, () => 0.5);
  user.variables.set('users.token', 'captured-4711');
  const asked = {
    headers: { authorization: 'Bearer sent-0815-sent', 'x-request': 'harmless-id' },
  } as unknown as Outgoing;
  return look({ status: 500, headers, body: Buffer.from(body) }, asked, user);
}

describe('the text of a failure', () => {
  test.each([
    ['a value of the environment', 'key value/of+env is wrong', 'key ••• is wrong'],
    ['the same in an address', '?k=value%2Fof%2Benv', '?k=•••'],
    ['a variable that is called a secret', 'no open sesame here', 'no ••• here'],
    ['what the user has captured', 'bad captured-4711!', 'bad •••!'],
    ['what the user has sent', 'who is Bearer sent-0815-sent?', 'who is •••?'],
    ['the same without its scheme', 'who is sent-0815-sent?', 'who is •••?'],
    ['a field that is called a secret', '{"session":"abc","id":7}', '{"session":"•••","id":7}'],
    ['a token by its form', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln here', 'got ••• here'],
  ])('holds not %s', (_, body, text) => {
    expect(lookAt(body)).toEqual({ status: 500, text });
  });

  test('holds what is no secret, and steers no terminal', () => {
    expect(lookAt('York, in the north: \u001B[31mharmless-id')).toEqual({
      status: 500,
      text: 'York, in the north:  [31mharmless-id',
    });
  });

  test('is a kilobyte at the most, and nothing of what was cut off', () => {
    const text = lookAt('ab cd '.repeat(2000)).text ?? '';
    expect(text).toHaveLength(1024);
    // 4,096 bytes are read; a secret that lies across their end is left out with it.
    const across = `{"password":"${'x'.repeat(3900)}", "a":1} ${'-'.repeat(150)} open sesame`.slice(0, 4092);
    expect(lookAt(across.padEnd(4096, 'open')).text).not.toContain('open');
  });

  test.each<readonly [string, Buffer | string, Reply['headers'], string | undefined]>([
    ['an empty body', '', {}, undefined],
    ['bytes', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0x00]), {}, '(6 bytes that are no text)'],
    ['a compressed body', gzipSync('pool is full'), { 'content-encoding': 'gzip' }, 'pool is full'],
  ])('of %s', (_, body, headers, text) => {
    expect(lookAt(body, headers)).toEqual({ status: 500, ...(text !== undefined && { text }) });
  });
});
