import { expect, test } from '@jest/globals';
import { mayFollow } from '../../../lib/run/safety.ts';

test.each([
  ['http://staging.example.com/x', true],
  ['http://STAGING.example.com:8080/x', true],
  ['http://other.example.com/x', false],
  ['http://staging.example.com.evil.example/x', false],
  ['http://127.0.0.1:9/x', false],
  ['http://169.254.169.254/latest', false],
  ['http://www.prod.example.com/x', false],
])('a reply that leads to %s is followed: %s', (url, followed) => {
  expect(mayFollow(new URL(url), { hosts: ['staging.example.com', 'www.prod.example.com'], production: [] })).toBe(
    followed,
  );
});

test('a reply may lead to loopback where it is named', () => {
  expect(mayFollow(new URL('http://127.0.0.1:9/x'), { hosts: ['127.0.0.1'], production: [] })).toBe(true);
});
