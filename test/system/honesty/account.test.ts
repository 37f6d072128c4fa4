import { expect, test } from '@jest/globals';
import { Account, keyOf } from './account.ts';
import { RequestReader } from './request-reader.ts';

test('a request that comes twice is a wrong, and counts twice', () => {
  const account = new Account();
  account.read('/a', '1');
  account.read('/a', '2');
  account.read('/a', '1');
  expect(account.of('/a').read).toBe(3);
  expect(account.wrongs).toEqual(['request 1 for /a came twice']);
});

test('outcomes are one key whatever their order', () => {
  expect(keyOf(['reset', 'closed'])).toBe(keyOf(['closed', 'reset']));
});

const TWO = 'POST /a HTTP/1.1\r\nX-Id: 1\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nx-id: 2\r\n\r\n';

test.each([1, 2, 7, TWO.length])('requests are read the same in pieces of %i bytes', (size) => {
  const reader = new RequestReader(false);
  const pieces = TWO.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  const read = pieces.flatMap((piece) => reader.read(Buffer.from(piece)));
  expect(read.map(({ path, body, headers }) => [path, body, headers.get('x-id')])).toEqual([
    ['/a', 'abc', '1'],
    ['/b', '', '2'],
  ]);
});

test('read before its body, the body is passed over', () => {
  const reader = new RequestReader(true);
  expect(reader.read(Buffer.from(TWO)).map(({ path, body }) => [path, body])).toEqual([
    ['/a', ''],
    ['/b', ''],
  ]);
});
