import { expect, test } from '@jest/globals';
import { PlimsollError } from '../../../lib/errors.ts';
import { scriptOf } from '../../../lib/converters/converter.ts';
import { har } from '../../../lib/converters/har/har.ts';
import { convertedBy } from './by.ts';
import { recording } from './recording.ts';

const SHOP = 'https://shop.example.test';
const JSON_TYPE = { 'content-type': 'application/json' };

const SESSION = recording(
  [
    {
      at: 0,
      url: `${SHOP}/login`,
      page: 'p1',
      mime: 'text/html',
      reply: '<form><input type="hidden" value="c5f0e1d2a3b4" name="_csrf"></form>',
      headers: { cookie: 'sid=aaaaaaaaaaaa', 'user-agent': 'Mozilla', 'sec-fetch-mode': 'navigate' },
      extra: { _resourceType: 'document' },
    },
    { at: 0.2, url: `${SHOP}/app.js`, page: 'p1', mime: 'application/javascript' },
    { at: 0.3, url: 'https://stats.example.test/hit?id=1', page: 'p1' },
    {
      at: 5,
      method: 'POST',
      url: `${SHOP}/login`,
      page: 'p1',
      status: 302,
      post: { mimeType: 'application/x-www-form-urlencoded', text: 'user=ann&password=open+sesame&_csrf=c5f0e1d2a3b4' },
    },
    { at: 5.2, url: `${SHOP}/api/token`, page: 'p1', reply: '{"access":{"token":"tok-0123456789"},"expires":3600}' },
    {
      at: 8,
      method: 'POST',
      url: `${SHOP}/api/orders?api_key=k-55555555`,
      page: 'p2',
      status: 201,
      reply: '{"id":4711}',
      headers: { authorization: 'Bearer tok-0123456789', ...JSON_TYPE },
      post: { mimeType: 'application/json', text: '{"item":7,"price":"1.50","note":"a {{ b }}"}' },
    },
    { at: 8.2, url: `${SHOP}/api/orders/4711`, page: 'p2', headers: { authorization: 'Bearer tok-0123456789' } },
  ],
  [
    { id: 'p1', title: `${SHOP}/login` },
    { id: 'p2', title: 'Order' },
  ],
);

test('a session: journeys that need each other are one; tokens are captured, secrets read from the environment', async () => {
  const { text, said } = await convertedBy(har, SESSION);
  expect(text).toBe(`name: shop.example.test
target: https://shop.example.test

scenarios:
  - name: /login
    steps:
      - get: /login
        capture: { csrf: { regex: "<input(?=[^>]*\\\\sname=[\\"']?_csrf[\\"'\\\\s/>])[^>]*\\\\svalue=[\\"']([^\\"']*)[\\"']" } }
        expect: { status: 2xx }
      - { pause: 5s }
      - post: /login
        form: { user: ann, password: "{{ $env(PASSWORD) }}", _csrf: "{{ csrf }}" }
        expect: { status: 3xx }
      - { get: /api/token, capture: { token: $.access.token }, expect: { status: 2xx } }
      - { pause: 3s }
      - post: /api/orders
        query: { api_key: "{{ $env(API_KEY) }}" }
        headers: { authorization: "Bearer {{ token }}" }
        json: { item: 7, price: "1.50", note: "a {{ \\"{{\\" }} b }}" }
        capture: { order_id: $.id }
        expect: { status: 2xx }
      - get: /api/orders/{{ order_id }}
        headers: { authorization: "Bearer {{ token }}" }
        expect: { status: 2xx }

phases:
  - { name: one user, kind: sustained, duration: 1m, closed: { users: 1 } }
`);
  expect(said.map((each) => each.replace(/^\d+/, 'line'))).toEqual([
    'line noted: not in the plan, by rule: requests to stats.example.test (1 request: /hit)',
    'line noted: not in the plan, by rule: static files (1 request: /app.js)',
    '- changed: a recording has no load: one user for a minute, until the phases say more',
    '- changed: a secret is read from the environment: set PASSWORD before the run',
    '- changed: a secret is read from the environment: set API_KEY before the run',
  ]);
});

test.each([
  [
    'pages without ties are journeys',
    [
      { url: `${SHOP}/a`, page: 'p1' },
      { url: `${SHOP}/b`, page: 'p2' },
    ],
    2,
  ],
  [
    'a cookie ties them',
    [
      { url: `${SHOP}/a`, page: 'p1', replyHeaders: { 'set-cookie': 'sid=x1; Path=/' } },
      { url: `${SHOP}/b`, page: 'p2', headers: { cookie: 'sid=x1' } },
    ],
    1,
  ],
  [
    'without pages a rest of more than a minute ends one',
    [
      { at: 0, url: `${SHOP}/a` },
      { at: 5, url: `${SHOP}/b` },
      { at: 90, url: `${SHOP}/c` },
    ],
    2,
  ],
] as const)('%s', async (_, entries, journeys) => {
  const { text } = await convertedBy(har, recording(entries));
  expect(text.match(/- name: /g)).toHaveLength(journeys);
});

test.each([
  [
    'base64 is a file',
    { mimeType: 'application/octet-stream', encoding: 'base64', text: 'AAEC' },
    'body: { file: body-1.bin }',
  ],
  [
    'params without text are a form',
    { mimeType: 'application/x-www-form-urlencoded', params: [{ name: 'q', value: 'a%20b' }] },
    'form: { q: a b }',
  ],
  [
    'a field without a name or a value is none',
    { mimeType: 'application/x-www-form-urlencoded', text: '', params: [{ name: '', value: '' }] },
    '{ post: /x, headers: { content-type: application/x-www-form-urlencoded }, expect',
  ],
  [
    'a multipart form by its params',
    {
      mimeType: 'multipart/form-data; boundary=x',
      params: [{ name: 'f', fileName: 'a.txt', contentType: 'text/plain', value: 'hi' }],
    },
    'multipart: { f: { file: body-1.bin, filename: a.txt, type: text/plain } }',
  ],
  [
    'a multipart form by its text',
    {
      mimeType: 'multipart/form-data; boundary=x',
      text: '--x\r\nContent-Disposition: form-data; name="t"\r\n\r\nhi\r\n--x--\r\n',
    },
    'multipart: { t: hi }',
  ],
  [
    'numbers that a double would change stay letters',
    { mimeType: 'application/json', text: '{"id":8214565720323784705}' },
    String.raw`body: "{\"id\":8214565720323784705}"`,
  ],
])('bodies: %s', async (_, post, written) => {
  const { text } = await convertedBy(har, recording([{ method: 'POST', url: `${SHOP}/x`, post }]));
  expect(text).toContain(written);
});

test.each([
  ['no entries', '{"log":{"entries":[]}}', /no request/],
  ['only other schemes', recording([{ url: 'data:text/plain,hi' }]), /no request/],
  ['cut', SESSION.slice(0, 900), /^Line \d+ /],
  ['nested too deep', `{"log":{"entries":[${'['.repeat(1e6)}`, /nested more than 200 levels/],
  ['of more maps than are read', `{"log":{"entries":[${'{},'.repeat(350_001)}`, /beyond the 350000 maps and lists/],
  [
    'of steps that no plan has room for',
    `{"log":{"entries":[{"request":{"method":"POST","url":"http://a.example.test/x","postData":{"text":"${'x'.repeat(6e5)}"}},"response":{"status":200}}]}}`,
    /Each of its steps is larger than a plan/,
  ],
])('refused: %s', async (_, script, why) => {
  const error: unknown = await har
    .convert(scriptOf('it', script), { read: () => Promise.reject(new Error()), env: {} })
    .catch((each: unknown) => each);
  expect(error).toBeInstanceOf(PlimsollError);
  expect((error as PlimsollError).code).toBe('E-SCRIPT-REFUSED');
  expect((error as PlimsollError).message).toMatch(why);
});

test.each([
  ['a byte order mark', `\uFEFF${recording([{ url: `${SHOP}/a` }])}`],
  ['padding', `onInputData(${recording([{ url: `${SHOP}/a` }])});`],
  ['NUL bytes', recording([{ url: `${SHOP}/a`, headers: { 'x-a': 'b\u0000c' } }])],
  [
    '__proto__',
    recording([
      { method: 'POST', url: `${SHOP}/a?__proto__=1`, post: { mimeType: 'application/json', text: '{"__proto__":1}' } },
    ]),
  ],
  ['half a surrogate pair', recording([{ url: `${SHOP}/a`, headers: { 'x-a': '\uD800' } }])],
  [
    'values of other types',
    JSON.stringify({
      log: { entries: [{ request: { url: `${SHOP}/a`, headers: 7, method: 3 }, response: 'none', time: [] }] },
    }),
  ],
])('read: %s', async (_, script) => {
  expect(har.recognises(scriptOf('it', script))).toBe(true);
  const { text } = await convertedBy(har, script);
  expect(text).toContain('/a');
});
