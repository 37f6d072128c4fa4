import { expect, test } from '@jest/globals';
import { compileAddress } from '../../../loadgen/engine/address.ts';
import { NoRequest, usable } from '../../../loadgen/engine/no-request.ts';
import { User } from '../../../loadgen/engine/user.ts';
import { SHARED_POOL } from '../../../loadgen/senders/sender.ts';

const PAGE = 'http://10.0.0.7:8080/api/v1/orders?page=1';

interface Place {
  readonly target?: string;
  readonly host?: string;
  /** Where the capture stood; undefined where the value is none. */
  readonly page?: string | undefined;
  readonly step?: string;
}

/** Where a request goes whose path begins with this value. */
function addressOf(value: string, { target = 'http://10.0.0.7:8080/api', host, page = PAGE, step }: Place = {}) {
  const mayLoad = ({ hostname }: URL): boolean => hostname === '127.0.0.1' || hostname === 'allowed.test';
  const user = new User(0, SHARED_POOL, () => 0);
  if (page !== '') user.pages = new Map([['to', page]]);
  const find = usable(compileAddress(step ?? '{{ to }}', { target: new URL(target), mayLoad }));
  const address = find(value, '', host, user);
  return address instanceof NoRequest ? undefined : address.origin + address.path;
}

const ORIGIN = 'http://10.0.0.7:8080';

/** RFC 3986 §5.2 against http://10.0.0.7:8080/api/v1/orders?page=1. */
test.each([
  [`${ORIGIN}/api/v1/orders/1`, `${ORIGIN}/api/v1/orders/1`],
  [`${ORIGIN}/elsewhere`, `${ORIGIN}/elsewhere`],
  [`HTTP://10.0.0.7:8080`, `${ORIGIN}/`],
  ['/api/v1/orders/1', `${ORIGIN}/api/v1/orders/1`],
  ['/other', `${ORIGIN}/other`],
  ['orders/1', `${ORIGIN}/api/v1/orders/1`],
  ['./1', `${ORIGIN}/api/v1/1`],
  ['../v2/x', `${ORIGIN}/api/v2/x`],
  ['?page=2', `${ORIGIN}/api/v1/orders?page=2`],
  ['#top', `${ORIGIN}/api/v1/orders?page=1`],
  ['/a#top', `${ORIGIN}/a`],
  ['//10.0.0.7:8080/x', `${ORIGIN}/x`],
  ['/café', `${ORIGIN}/caf%C3%A9`],
  ['/caf\udce9', `${ORIGIN}/caf%E9`],
  ['/a b', `${ORIGIN}/a%20b`],
  ['/a%20b', `${ORIGIN}/a%20b`],
])('a captured %s', (value, url) => {
  expect(addressOf(value)).toBe(url);
});

test.each([
  ['another host', 'http://evil.test/x'],
  ['another port', 'http://10.0.0.7:9090/x'],
  ['another scheme', 'https://10.0.0.7:8080/x'],
  ['another host, without a scheme', '//evil.test/x'],
  ['the metadata of a cloud', 'http://169.254.169.254/latest'],
  ['a backslash, which a URL takes for a slash', '\\\\evil.test/x'],
  ['a user name', 'http://ann:pw@10.0.0.7:8080/x'],
  ['a scheme that is none of HTTP', 'ftp://10.0.0.7:8080/x'],
  ['no URL', 'http://[::1/x'],
  ['a name that begins as an allowed one', 'http://allowed.test.evil.test/'],
])('a captured address on %s is refused', (_, value) => {
  expect(addressOf(value)).toBeUndefined();
});

test.each(['http://127.0.0.1:9999/login', 'https://allowed.test/login?x=1'])('%s is on the allow-list', (value) => {
  expect(addressOf(value)).toBe(value);
});

test.each([
  ['http://shop.example.test/orders/1', 'shop.example.test', `${ORIGIN}/orders/1`],
  ['http://shop.example.test:8080/orders/1', 'shop.example.test:8080', `${ORIGIN}/orders/1`],
  ['http://shop.example.test//evil.test/x', 'shop.example.test', `${ORIGIN}//evil.test/x`],
  ['http://shop.example.test/orders/1', 'other.example.test', undefined],
  ['https://shop.example.test/orders/1', 'shop.example.test', undefined],
])('%s where the Host header claims %s', (value, host, url) => {
  expect(addressOf(value, { host })).toBe(url);
});

test('a page elsewhere is the base of what stood on it', () => {
  expect(addressOf('next', { page: 'https://allowed.test/a/b' })).toBe('https://allowed.test/a/next');
  expect(addressOf('next', { page: 'https://evil.test/a/b' })).toBeUndefined();
});

/** A feeder's or the plan's own value is a path as the plan writes them. */
test.each([
  ['/jobs', `${ORIGIN}/api/jobs`],
  ['jobs', `${ORIGIN}/api/jobs`],
  [`${ORIGIN}/jobs`, `${ORIGIN}/jobs`],
  ['http://evil.test/jobs', undefined],
])('%s that was not captured', (value, url) => {
  expect(addressOf(value, { page: '' })).toBe(url);
});

/** What the plan itself writes was checked before the run; only its beginning says whether it is whole. */
test.each([
  ['/{{ to }}', '/http://evil.test/x', `${ORIGIN}/api/http://evil.test/x`],
  ['https://b.test/{{ to }}', 'https://b.test/1', 'https://b.test/1'],
  ['{{ $pick(/a, /b) }}', '/a', `${ORIGIN}/api/a`],
])('the step %s', (step, rendered, url) => {
  expect(addressOf(rendered, { step })).toBe(url);
});
