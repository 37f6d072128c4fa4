import { afterEach, expect, jest, test } from '@jest/globals';
import { storeCookies, withCookies } from '../../../loadgen/engine/cookies.ts';
import { User } from '../../../loadgen/engine/user.ts';
import { headerIn, SHARED_POOL, type Outgoing } from '../../../loadgen/senders/sender.ts';

const NODE = 'http://10.0.0.7:8080';

function requestTo(url: string, host?: string): Outgoing {
  const { origin, pathname, search } = new URL(url);
  return {
    origin,
    path: pathname + search,
    method: 'GET',
    headers: host === undefined ? {} : { host },
    body: null,
    deadlineUs: 1,
    needs: { head: false, body: false, headers: false },
  };
}

class Browser {
  readonly #user = new User(0, SHARED_POOL, () => 0);

  receives(request: Outgoing, ...cookies: readonly string[]): this {
    storeCookies({ status: 200, headers: { 'set-cookie': [...cookies] }, body: Buffer.alloc(0) }, request, this.#user);
    return this;
  }

  sends(request: Outgoing): string | undefined {
    return headerIn(withCookies(request, this.#user).headers, 'cookie');
  }
}

/** What a reply sets, the URL and the Host header of the request, and what the same request carries afterwards. */
test.each<[string, string, string, string | undefined, string | undefined]>([
  ['the host that is claimed', 'a=1; Domain=shop.example.test', NODE, 'shop.example.test', 'a=1'],
  ['the same with a port', 'a=1; Domain=shop.example.test', NODE, 'shop.example.test:8080', 'a=1'],
  ['the same in capitals', 'a=1; Domain=SHOP.example.test', NODE, 'Shop.Example.test', 'a=1'],
  ['a domain above the host that is claimed', 'a=1; Domain=.example.test', NODE, 'shop.example.test', 'a=1'],
  ['a domain that is not claimed', 'a=1; Domain=other.test', NODE, 'shop.example.test', undefined],
  ['the address, where a name is claimed', 'a=1; Domain=10.0.0.7', NODE, 'shop.example.test', undefined],
  ['an address is its own domain', 'a=1; Domain=10.0.0.7', NODE, undefined, 'a=1'],
  ['IPv6 likewise', 'a=1; Domain=[::1]', 'http://[::1]', undefined, 'a=1'],
  // RFC 6265bis §5.7 step 9: a public suffix that is the host itself makes a cookie of that host alone.
  ['a name of one label', 'a=1; Domain=shop', 'http://shop:8080', undefined, 'a=1'],
  ['a registry that is the host', 'a=1; Domain=github.io', 'http://github.io', undefined, 'a=1'],
  ['a registry above the host', 'a=1; Domain=github.io', 'http://ann.github.io', undefined, undefined],
  ['a domain in letters of its own', 'a=1; Domain=münchen.test', 'http://münchen.test', undefined, 'a=1'],
  ['a Host that is none', 'a=1', NODE, 'no host', 'a=1'],
  ['no name', 'justavalue', NODE, undefined, 'justavalue'],
  ['nothing', '=', NODE, undefined, undefined],
  ['a quoted value', 'a="x y"', NODE, undefined, 'a="x y"'],
  ['a value with signs of its own', 'a=b=c', NODE, undefined, 'a=b=c'],
  ['letters above ASCII', 'a=Zoë', NODE, undefined, 'a=Zoë'],
  ['bytes that are no UTF-8', 'a=Zo\udceb', NODE, undefined, 'a=Zo\udceb'],
  ['max-age goes before expires', 'a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', NODE, undefined, 'a=1'],
  ['max-age of nothing', 'a=1; Max-Age=0', NODE, undefined, undefined],
  ['expired long ago', 'a=1; Expires=Thu, 01-Jan-70 00:00:00 GMT', NODE, undefined, undefined],
  ['max-age that is no number', 'a=1; Max-Age=soon', NODE, undefined, 'a=1'],
  ['a prefix that asks for more', '__Secure-a=1', 'https://a.test', undefined, undefined],
  ['the same in letters of another case', '__SECURE-a=1', 'https://a.test', undefined, undefined],
  ['a prefix of the host alone', '__hOst-a=1; Secure; Path=/', 'https://a.test', undefined, '__hOst-a=1'],
  ['the same with a domain', '__hOst-a=1; Secure; Path=/; Domain=a.test', 'https://a.test', undefined, undefined],
  ['the same without its path', '__HOST-a=1; Secure', 'https://a.test/b/c', undefined, undefined],
  ['secure, over http', 'a=1; Secure', NODE, undefined, undefined],
  ['secure, over https', 'a=1; Secure', 'https://10.0.0.7', undefined, 'a=1'],
])('%s', (_, cookie, url, host, sent) => {
  const request = requestTo(url, host);
  expect(new Browser().receives(request, cookie).sends(request)).toBe(sent);
});

test('a cookie of one claimed host is not sent in the name of another', () => {
  const browser = new Browser().receives(requestTo(NODE, 'a.example.test'), 'a=1', 'b=1; Domain=example.test');
  expect(browser.sends(requestTo(NODE, 'b.example.test'))).toBe('b=1');
  expect(browser.sends(requestTo(NODE))).toBeUndefined();
});

test('a path is matched by its segments, whatever the query', () => {
  const browser = new Browser().receives(requestTo(`${NODE}/shop/login`), 'a=1', 'b=1; Path=/');
  expect(browser.sends(requestTo(`${NODE}/shop/cart?x=/`))).toBe('a=1; b=1');
  expect(browser.sends(requestTo(`${NODE}/shopping`))).toBe('b=1');
});

afterEach(() => void jest.useRealTimers());

const at = (seconds: number): void => {
  jest.setSystemTime(seconds * 1000);
};
const inSeconds = (seconds: number): string => new Date(seconds * 1000).toUTCString();

test.each([
  ['max-age', 'a=1; Max-Age=10'],
  ['expires', `a=1; Expires=${inSeconds(1010)}`],
])('%s ends a cookie that is asked for again and again', (_, cookie) => {
  jest.useFakeTimers({ now: 1000 * 1000 });
  const request = requestTo(NODE);
  const browser = new Browser().receives(request, cookie, 'b=1');
  const sent = [0, 4, 8, 9.9, 10, 11].map((seconds) => {
    at(1000 + seconds);
    return browser.sends(request);
  });
  expect(sent).toEqual(['a=1; b=1', 'a=1; b=1', 'a=1; b=1', 'a=1; b=1', 'b=1', 'b=1']);
});

test('a cookie that is set again lives anew, and one that is unset ends at once', () => {
  jest.useFakeTimers({ now: 1000 * 1000 });
  const request = requestTo(NODE);
  const browser = new Browser().receives(request, 'a=1; Max-Age=10');
  at(1008);
  expect(browser.sends(request)).toBe('a=1');
  browser.receives(request, 'a=2; Max-Age=10');
  at(1017);
  expect(browser.sends(request)).toBe('a=2');
  expect(browser.receives(request, 'a=; Max-Age=0').sends(request)).toBeUndefined();
});
