import { expect, test } from '@jest/globals';
import { parseText, planOf } from '../../lib/plan/sources.ts';
import { compilePrograms } from '../../../loadgen/engine/program.ts';
import { SHARED_POOL, type Outgoing } from '../../../loadgen/senders/sender.ts';
import { sendable } from './sendable.ts';
import { User, type Value } from '../../../loadgen/engine/user.ts';

/** The first request of a plan, by a user who has captured these. */
async function requestOf(
  parts: { readonly top?: string; readonly step: string },
  captured: Readonly<Record<string, Value>> = {},
): Promise<Outgoing | undefined> {
  const before = Object.keys(captured).map((name) => `${name}: { header: x }`);
  const step = `{ get: /, capture: { ${before.join(', ')} } }\n  - ${parts.step}`;
  const plan = await parseText(planOf({ ...parts, step }));
  const where = { target: new URL('http://a.test'), mayLoad: () => false };
  const [program] = compilePrograms(JSON.parse(JSON.stringify(plan)) as typeof plan, where).programs;
  const op = program?.ops[1];
  const user = new User(3, SHARED_POOL, () => 0);
  for (const [name, value] of Object.entries(captured)) user.variables.set(name, value);
  return op?.op === 'send' ? sendable(op.request(user)) : undefined;
}

test.each([
  ['{ get: /, query: { zip: 00017, v: 1.10, x: 0x1F, t: True } }', '/?zip=00017&v=1.10&x=0x1F&t=True'],
  ['{ get: "/{{ zip }}/{{ v }}", query: { 007: "{{ big }}" } }', '/00017/1.10?007=8214565720323784705'],
])('%s asks for %s', async (step, path) => {
  const top = 'variables: { zip: 00017, v: 1.10, big: 8214565720323784705 }';
  expect((await requestOf({ top, step }))?.path).toBe(path);
});

test.each([
  ['form: { zip: 00017, v: 1.10 }', 'zip=00017&v=1.10'],
  [
    'json: { v: 1.10, id: 8214565720323784705, e: 1E3, t: True }',
    '{"v":1.10,"id":8214565720323784705,"e":1E3,"t":true}',
  ],
  ['json: 8214565720323784705', '8214565720323784705'],
  ['json: { v: "{{ v }}", text: "{{ v }} {{ zip }}" }', '{"v":1.10,"text":"1.10 00017"}'],
  ['json: { 010: [1.0, { a: -0 }] }', '{"010":[1.0,{"a":-0}]}'],
  ['json: &a { v: 1.10 }, headers: { x: *b }', '{"v":1.10}'],
])('%s is sent as %s', async (body, sent) => {
  const top = 'variables: { zip: 00017, v: &b 1.10 }';
  expect((await requestOf({ top, step: `{ post: /, ${body} }` }))?.body).toBe(sent);
});

test('headers are sent as they are written, through an alias too', async () => {
  const top = 'variables: { v: &b 1.10 }\nheaders: { a: 1.0, b: 0001 }';
  expect((await requestOf({ top, step: '{ get: /, headers: { A: *b } }' }))?.headers).toMatchObject({
    a: '1.10',
    b: '0001',
  });
});

const HARD = 'a/b?c#d %&+=ü"\\';
const ENCODED = 'a%2Fb%3Fc%23d%20%25%26%2B%3D%C3%BC%22%5C';

test.each<[string, Value, string | undefined]>([
  ['{ get: "/x/{{ v }}/y" }', HARD, `/x/${ENCODED}/y`],
  ['{ get: "/x?q={{ v }}&r=1" }', HARD, `/x?q=${ENCODED}&r=1`],
  ['{ get: /x, query: { "{{ v }}": "{{ v }}" } }', HARD, `/x?${ENCODED}=${ENCODED}`],
  ['{ get: /x, query: { a: [1.10, "{{ v }}", true], b: c } }', 'd&', '/x?a=1.10&a=d%26&a=true&b=c'],
  ['{ get: "/x?{{ v }}=1" }', HARD, `/x?${ENCODED}=1`],
  ['{ get: "/{{ v }}" }', 'C#', '/C%23'],
  ['{ get: "/files/{{ v }}" }', '../..', '/files/..%2F..'],
  // RFC 3986 §5.2.4 has no way to write these as a segment.
  ['{ get: "/files/{{ v }}" }', '..', undefined],
  ['{ get: "/files/.{{ v }}/x" }', '.', undefined],
  ['{ get: "/files/%2e{{ v }}" }', '.', undefined],
  ['{ get: "/files/{{ v }}" }', '', undefined],
  ['{ get: "/files/x{{ v }}" }', '', '/files/x'],
  ['{ get: "/x?q={{ v }}" }', '', '/x?q='],
  ['{ get: "/files/{{ v }}" }', '\ud800', undefined],
  ['{ get: "/files/{{ v | raw }}/x" }', 'a/b%20c', '/files/a/b%20c/x'],
  ['{ get: "/files/{{ v | raw }}" }', 'a#b', undefined],
  ['{ get: "/files/{{ v | raw }}" }', 'a b', undefined],
  ['{ get: /x, query: { q: "a&{{ v | raw }}" } }', 'b&c=d', '/x?q=a%26b&c=d'],
  ['{ get: /x, query: { q: "{{ v | raw }}" } }', 'b c', undefined],
  // What begins with a template is an address that a reply has given.
  ['{ get: "{{ v }}" }', '/page/2?cursor=a%2Fb&x=1', '/page/2?cursor=a%2Fb&x=1'],
  ['{ get: "{{ v }}/items/{{ v }}" }', '/a', '/a/items/%2Fa'],
  ['{ get: "{{ v }}" }', '', undefined],
  ['{ get: "{{ v }}" }', '/a\nb', undefined],
  // No letters are null: decision 165.
  ['{ get: "/{{ v }}" }', null, undefined],
  ['{ get: "{{ v }}" }', null, undefined],
  ['{ get: /x, query: { q: "{{ v }}" } }', null, undefined],
  // What follows a fragment would be lost in it.
  ['{ get: "{{ v }}&size=5" }', '/a?page=2#top', '/a?page=2&size=5'],
  ['{ get: "{{ v }}" }', '/a#top', '/a'],
  ['{ get: "/{{ v }}" }', [1, 'a'], '/%5B1%2C%22a%22%5D'],
])('%s with %j asks for %s', async (step, v, path) => {
  expect((await requestOf({ step }, { v }))?.path).toBe(path);
});

test.each<[string, Value, string | undefined]>([
  ['form: { "{{ v }}": "x {{ v }}" }', HARD, `${ENCODED}=x%20${ENCODED}`],
  ['form: { "a[]": [0x1F, "{{ v }}"], b: 1 }', 'x y', 'a%5B%5D=0x1F&a%5B%5D=x%20y&b=1'],
  ['json: { "k-{{ v }}": "{{ v }}!" }', '"\\\n', '{"k-\\"\\\\\\n":"\\"\\\\\\n!"}'],
  ['json: { "{{ v }}": 1, a: 2 }', 'a', undefined],
  ['json: { a: "{{ v | raw }}" }', '{"b":[1.10]}', '{"a":{"b":[1.10]}}'],
  ['json: { a: "{{ v | raw }}" }', '{"b":', undefined],
  ['json: { a: "{{ v }}" }', '\ud800', '{"a":"\\ud800"}'],
  ['json: { a: "{{ v }}", b: ["{{ v }}"] }', null, '{"a":null,"b":[null]}'],
  ['json: { a: "x{{ v }}" }', null, undefined],
  ['json: { "{{ v }}": 1 }', null, undefined],
  ['form: { a: "{{ v }}" }', null, undefined],
  ['body: "{{ v }}"', null, undefined],
  ['body: "<a>{{ v }}</a>"', HARD, `<a>${HARD}</a>`],
  ['body: "{{ v }}"', '\udc00', undefined],
  ['json: { a: "{{ \\"{{\\" }} {{ v }} }}" }', 'x', '{"a":"{{ x }}"}'],
  ['json: { a: "{{ $pick(\\"x\\",\\"y\\") }}" }', '', '{"a":"x"}'],
])('%s with %j is sent as %s', async (body, v, sent) => {
  expect((await requestOf({ step: `{ post: /, ${body} }` }, { v }))?.body).toBe(sent);
});

test('a field of a form with files is as written, and a setting of it is none', async () => {
  const step =
    '{ post: /, multipart: { v: 1.10, w: [007, { text: x }], g: true, f: { file: photo.png, templates: false } } }';
  const sent = await requestOf({ step });
  const text = Array.isArray(sent?.body) ? Buffer.concat(sent.body).toString() : '';
  const values = Array.from(
    text.matchAll(/name="(\w)".*?\r\n\r\n(.*?)\r\n/gs),
    ([, name, value]) => `${name}=${value}`,
  );
  expect(values.slice(0, 4)).toEqual(['v=1.10', 'w=007', 'w=x', 'g=true']);
});

test('names of fields and files hold templates', async () => {
  const step = `{ post: /, multipart: { "{{ v }}[]": x, "a{{ v }}": { file: photo.png, filename: "{{ v }}.png" } } }`;
  const sent = await requestOf({ step }, { v: 'q"1' });
  const text = Array.isArray(sent?.body) ? Buffer.concat(sent.body).toString() : '';
  expect(Array.from(text.matchAll(/form-data; (.*?)\r\n/g), ([, names]) => names)).toEqual([
    'name="q%221[]"',
    'name="aq%221"; filename="q%221.png"',
  ]);
});

test.each<[Value, string | undefined]>([
  ['a b\u00e9', 'a b\u00e9'],
  ['', ''],
  ['a\r\nb: c', undefined],
  ['名', '名'],
  [' a', undefined],
])('a header with %j is %j', async (v, sent) => {
  expect((await requestOf({ step: '{ get: /, headers: { h: "{{ v }}" } }' }, { v }))?.headers['h']).toBe(sent);
});

test('a header that ends with nothing is no request', async () => {
  expect(await requestOf({ step: '{ get: /, headers: { h: "Bearer {{ v }}" } }' }, { v: '' })).toBeUndefined();
});
