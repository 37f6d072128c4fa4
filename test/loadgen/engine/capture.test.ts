import { expect, test } from '@jest/globals';
import { lowerHttp } from '../../../lib/plan/steps/http.ts';
import type { HttpInput } from '../../../lib/plan/steps/schemas/request.ts';
import { compileJudge, needsOf } from '../../../loadgen/engine/judge.ts';
import { SHARED_POOL } from '../../../loadgen/senders/sender.ts';
import { User } from '../../../loadgen/engine/user.ts';

const REPLY = {
  status: 202,
  headers: {
    'set-cookie': [
      'a=1; Path=/',
      'sid = x=y ; HttpOnly',
      'twice=1',
      'twice=2; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      'gone=1',
      'gone=; Max-Age=0',
      'zero=1; Expires=0',
      'past=1; Expires=-1',
      'old=1; expires=Thu, 01-Jan-70 00:00:00 GMT',
    ],
    etag: 'e',
  },
  body: Buffer.from('{"ids": [3, 1.10, 9007199254740993], "none": null, "list": []} id=7 id=8'),
};
const JSON_REPLY = { ...REPLY, body: REPLY.body.subarray(0, REPLY.body.indexOf(' id=7')) };

type Captured = NonNullable<HttpInput['capture']>[string];

/** What `x` is once the reply was read: a failure, or a value as JSON; undefined where it has none. */
function outcome(capture: Captured, reply = JSON_REPLY, random = 0): string | undefined {
  const user = new User(0, SHARED_POOL, () => random);
  user.variables.set('x', 'of the reply before');
  const failure = compileJudge(lowerHttp({ get: '/', capture: { x: capture } }))(reply, 0, user);
  if (failure !== undefined) return failure;
  return user.variables.has('x') ? JSON.stringify(user.variables.get('x')) : undefined;
}

test.each<[Captured, string | undefined]>([
  ['status', '202'],
  [{ cookie: 'sid' }, '"x=y"'],
  [{ cookie: 'b' }, 'capture'],
  // What the user has then: the last of one name, and none that is taken away.
  [{ cookie: 'twice' }, '"2"'],
  [{ cookie: 'gone' }, 'capture'],
  [{ cookie: 'old' }, 'capture'],
  // What is no date is left out (RFC 6265bis §5.1.1), and the cookie stays.
  [{ cookie: 'zero' }, '"1"'],
  [{ cookie: 'past' }, '"1"'],
  [{ cookie: 'b', optional: true }, undefined],
  [{ header: 'link', optional: true }, undefined],
  [{ header: 'link', default: '' }, '""'],
  [{ json: '$.ids', match: 'first' }, '[3,1.10,9007199254740993]'],
  [{ json: '$.ids[*]' }, '3'],
  [{ json: '$.ids[*]', match: 'all' }, '[3,1.10,9007199254740993]'],
  [{ json: '$.lacking', match: 'all' }, 'capture'],
  [{ json: '$.lacking', match: 'all', default: [] }, '[]'],
  [{ json: '$.lacking', match: 'random', optional: true }, undefined],
  [{ json: '$.none', default: 1 }, 'null'],
  [{ json: '$.lacking', default: null }, 'null'],
  [{ json: '$.list', default: 1 }, '[]'],
])('%j is %s', (capture, expected) => {
  expect(outcome(capture)).toBe(expected);
});

test.each<[Captured, string | undefined]>([
  [{ regex: 'id=(\\d)' }, '"7"'],
  [{ regex: 'id=(\\d)', match: 'all' }, '["7","8"]'],
  [{ regex: 'no=(\\d)', match: 'all' }, 'capture'],
  [{ regex: 'no=(\\d)', optional: true }, undefined],
])('%j of a text is %s', (capture, expected) => {
  expect(outcome(capture, REPLY)).toBe(expected);
});

test.each([
  [0, '3'],
  [0.5, '1.10'],
  [0.999, '9007199254740993'],
])('one at random, at %f', (random, expected) => {
  expect(outcome({ json: '$.ids[*]', match: 'random' }, JSON_REPLY, random)).toBe(expected);
});

test.each<[Captured, boolean, boolean]>([
  ['status', false, true],
  [{ cookie: 'a' }, false, true],
  [{ json: '$.a', optional: true }, true, false],
])('%j is read from where it stands', (capture, body, headers) => {
  expect(needsOf(lowerHttp({ get: '/', capture: { x: capture } }))).toEqual({ body, headers });
});

const XML = `<?xml version="1.0"?>
<s:orders xmlns:s="urn:s" next="?a=1&amp;b=2">
  <s:order id="7"><title>C&#35; &amp; &lt;more&gt; \u00fc&#x1F600;</title><item n="1">a</item><item n="2"><![CDATA[b & <c>]]></item></s:order>
  <s:order id="00017"><title>two <b>bold</b> words</title><item n="3"/></s:order>
  <group><item n="4">deep</item></group>
</s:orders>`;

test.each<[Captured, string | undefined]>([
  [{ xml: '/orders/@next' }, '"?a=1&b=2"'],
  [{ xml: '/s:orders/s:order[2]/@id' }, '"00017"'],
  [{ xml: '/orders/order/@id', match: 'all' }, '["7","00017"]'],
  [{ xml: '//order/title' }, '"C# & <more> ü😀"'],
  [{ xml: '//order[2]/title' }, '"two bold words"'],
  [{ xml: '//item', match: 'all' }, '["a","b & <c>","","deep"]'],
  [{ xml: '//item[1]/@n', match: 'all' }, '["1","3","4"]'],
  [{ xml: '/*/group//item/@n' }, '"4"'],
  [{ xml: '/*/*/item[2]' }, '"b & <c>"'],
  [{ xml: '/order' }, 'capture'],
  [{ xml: '/x:orders' }, 'capture'],
  [{ xml: '/orders/@id', optional: true }, undefined],
  [{ xml: '/orders/nothing', default: 'none' }, '"none"'],
])('%j of XML is %s', (capture, expected) => {
  expect(outcome(capture, { ...REPLY, body: Buffer.from(XML) })).toBe(expected);
});

test.each([
  ['<a><b>1</a>'],
  ['{"a": 1}'],
  [''],
  // Nothing of a document's own is expanded.
  ['<!DOCTYPE a [<!ENTITY x "y">]><a><b>&x;</b></a>'],
  ['<a>'.repeat(2000) + '</a>'.repeat(2000)],
])('what is no XML (%.20s) lacks what was to be captured', (text) => {
  expect(outcome({ xml: '//b' }, { ...REPLY, body: Buffer.from(text) })).toBe('capture');
});

const HTML = `<!DOCTYPE html><html><head><title>C&#35; &amp; &lt;more&gt; \u00fc&#x1F600;</title>
<meta name="csrf-token" content="m1"><script>const no = '<input name=csrf value=script>';</script></head><body>
<!-- <input name="csrf" value="comment"> -->
<form id="a@b" class="login wide"><INPUT Name=csrf TYPE=hidden VALUE='t"o&quot;k&#43;/=='><input name='user[mail]' value="">
<input name=csrf value=second><input name="csrf"></form>
<textarea> two
 <b>lines</b> &amp; more </textarea>
<ul><li data-Id=00017>one<li data-id=2>two <b>bold</b> words<li>three</ul>
<a class=next href="?a=1&copy=2&amp;page=2" @click="go">Next &nbsp;</a><p>open <i>tags<table><tr><td>cell</table>`;

test.each<[Captured, string | undefined]>([
  [{ html: 'input[name=csrf]@value' }, String.raw`"t\"o\"k+/=="`],
  [{ html: 'INPUT[name="csrf"] @VALUE', match: 'all' }, String.raw`["t\"o\"k+/==","second"]`],
  [{ html: 'input[name="user[mail]"]@value' }, '""'],
  [{ html: 'meta[name=csrf-token]@content' }, '"m1"'],
  [{ html: '[id="a@b"] > input:nth-of-type(3)@value' }, '"second"'],
  [{ html: String.raw`#a\@b@class` }, '"login wide"'],
  [{ html: String.raw`#a\@b` }, '""'],
  [{ html: 'form.login.wide@id' }, '"a@b"'],
  [{ html: 'title' }, '"C# & <more> ü😀"'],
  [{ html: 'textarea' }, String.raw`"two\n <b>lines</b> & more"`],
  [{ html: 'li', match: 'all' }, '["one","two bold words","three"]'],
  [{ html: 'li@data-id', match: 'all' }, '["00017","2"]'],
  [{ html: 'li:not([data-id]), li b', match: 'all' }, '["bold","three"]'],
  [{ html: 'a.next@href' }, '"?a=1&copy=2&page=2"'],
  [{ html: 'a:contains("Next")' }, '"Next"'],
  [{ html: 'table > tr > td' }, '"cell"'],
  [{ html: 'p > i' }, '"tagscell"'],
  [{ html: 'input[type=hidden]@checked' }, 'capture'],
  [{ html: 'input[name=none]@value' }, 'capture'],
  [{ html: 'input[name=none]@value', match: 'all' }, 'capture'],
  [{ html: 'h1', optional: true }, undefined],
  [{ html: 'h1', match: 'all', default: [] }, '[]'],
  [{ html: 'h1', match: 'random', default: 'none' }, '"none"'],
])('%j of HTML is %s', (capture, expected) => {
  expect(outcome(capture, { ...REPLY, body: Buffer.from(HTML) })).toBe(expected);
});

test('one element at random', () => {
  const reply = { ...REPLY, body: Buffer.from(HTML) };
  expect([0, 0.5, 0.999].map((random) => outcome({ html: 'li', match: 'random' }, reply, random))).toEqual([
    '"one"',
    '"two bold words"',
    '"three"',
  ]);
});

test('HTML is read in its charset', () => {
  const body = Buffer.from('<meta charset=iso-8859-2><input value="\xb1">', 'latin1');
  const headers = { ...REPLY.headers, 'content-type': 'text/html' };
  expect(outcome({ html: 'input@value' }, { status: 200, headers, body })).toBe('"ą"');
});

test.each([[''], ['{"a": 1}'], ['<div'], ['\0<'], ['<b'], ['<div>'.repeat(20_000)]])(
  'what lacks an element (%.20j) lacks what was to be captured',
  (text) => {
    expect(outcome({ html: 'div b' }, { ...REPLY, body: Buffer.from(text) })).toBe('capture');
  },
);

test('elements that are never closed have their texts', () => {
  const body = Buffer.from(`<main>${'<font>'.repeat(20_000)}deep`);
  expect(outcome({ html: 'main' }, { ...REPLY, body })).toBe('"deep"');
});

test('a cookie that was set on the way of redirects', () => {
  const asked = { origin: 'http://a.test', path: '/', setBefore: ['a=0; Path=/', 'way=1'] };
  const user = new User(0, SHARED_POOL, () => 0);
  const capture = { a: { cookie: 'a' }, way: { cookie: 'way' } };
  expect(compileJudge(lowerHttp({ get: '/', capture }))(JSON_REPLY, 0, user, asked)).toBeUndefined();
  expect([user.variables.get('a'), user.variables.get('way')]).toEqual(['1', '1']);
});

test.each([
  ['<a href="x">', 'http://a.test/p/q?r'],
  ['<base href="/other/"><a href="x">', 'http://a.test/other/'],
  ['<BASE target=_top><base href="s/"><base href="t/"><a href="x">', 'http://a.test/p/s/'],
  ['<base href="http://["><a href="x">', 'http://a.test/p/q?r'],
])('a reference in %s stands on %s', (page, base) => {
  const user = new User(0, SHARED_POOL, () => 0);
  const judge = compileJudge(lowerHttp({ get: '/', capture: { x: { html: 'a@href' } } }), new Set(['x']));
  judge({ status: 200, headers: {}, body: Buffer.from(page) }, 0, user, { origin: 'http://a.test', path: '/p/q?r' });
  expect(user.pages?.get('x')).toBe(base);
});
