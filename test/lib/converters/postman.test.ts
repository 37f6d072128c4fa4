import { expect, test } from '@jest/globals';
import { postman } from '../../../lib/converters/postman/postman.ts';
import { convertedBy } from './by.ts';

const SHOP = JSON.stringify(
  {
    info: { name: 'Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}' }] },
    variable: [
      { key: 'baseUrl', value: 'https://api.example.test/v1' },
      { key: 'city', value: 'York' },
      { key: 'off', value: 'x', disabled: true },
    ],
    item: [
      {
        name: 'Sign in',
        event: [
          {
            listen: 'test',
            script: {
              exec: [
                'pm.test("ok", function () {',
                '  pm.response.to.have.status(200);',
                '});',
                'const body = pm.response.json();',
                'pm.environment.set("token", body.access.token);',
                'pm.expect(body.size).to.be.above(3);',
              ],
            },
          },
        ],
        request: {
          method: 'POST',
          auth: { type: 'noauth' },
          url: { raw: '{{baseUrl}}/login', host: ['{{baseUrl}}'], path: ['login'] },
          body: {
            mode: 'urlencoded',
            urlencoded: [
              { key: 'user', value: 'ann' },
              { key: 'password', value: 'open sesame' },
            ],
          },
        },
      },
      {
        name: 'Orders',
        item: [
          {
            name: 'Make one',
            request: {
              method: 'POST',
              header: [{ key: 'X-Off', value: '1', disabled: true }],
              url: '{{baseUrl}}/orders/:kind?dry=1',
              body: { mode: 'raw', raw: '{"city":"{{city}}","n":{{count}},"id":"{{$guid}}"}' },
            },
          },
          {
            name: 'Ask',
            event: [{ listen: 'prerequest', script: { exec: 'sign(pm.request)' } }],
            request: {
              method: 'POST',
              url: 'https://other.example.test/graphql',
              body: { mode: 'graphql', graphql: { query: '{ a }', variables: '{"b":1}' } },
            },
          },
          { name: 'Find', request: { method: 'PROPFIND', url: '{{baseUrl}}/x' } },
        ],
      },
    ],
  },
  undefined,
  1,
);

test('a collection with its environment: folders that need each other are one journey', async () => {
  const environment = JSON.stringify({
    values: [
      { key: 'count', value: 3 },
      { key: 'city', value: 'Leeds' },
    ],
  });
  const { text, said } = await convertedBy(postman, SHOP, {
    environment: 'env.json',
    files: { 'env.json': environment },
  });
  expect(text).toBe(`name: Shop
target: https://api.example.test
onFail: next
redirects: follow
variables:
  kind: kind
  city: Leeds
  count: "3"

scenarios:
  - name: Shop
    steps:
      - name: Sign in
        post: /v1/login
        form: { user: ann, password: "{{ $env(PASSWORD) }}" }
        capture: { token: $.access.token }
        expect: { status: 200 }
      - name: Make one
        post: /v1/orders/{{ kind }}
        query: { dry: 1 }
        headers: { authorization: "Bearer {{ token }}" }
        json: { city: "{{ city }}", n: "{{ count | raw }}", id: "{{ $uuid }}" }
      - name: Ask
        post: https://other.example.test/graphql
        headers: { authorization: "Bearer {{ token }}" }
        json: { query: "{ a }", variables: { b: 1 } }

phases:
  - { name: one user, kind: sustained, duration: 1m, closed: { users: 1 } }
`);
  expect(said.map((each) => each.replace(/^\d+/, 'line'))).toEqual([
    'line changed: of the tests of Sign in not all are in the plan: pm.expect(body.size).to.be.above(3);',
    'line left out: the script before Ask is not run: sign(pm.request)',
    'line changed: kind has no value here: fill it in among the variables',
    'line noted: requests to https://other.example.test need that host on the allow-list',
    'line left out: no step sends PROPFIND',
    '- changed: where a reply lacks what is captured its journey ends, and Postman goes on',
    '- changed: a collection has no load: one user for a minute, until the phases say more',
    '- changed: a secret is read from the environment: set PASSWORD before the run',
  ]);
});

test.each([
  [
    'version 2.0: a map of values',
    {
      auth: { type: 'apikey', apikey: { key: 'X-Key', value: 'k-12345678' } },
      item: [{ name: 'a', request: 'http://a.test/b' }],
    },
    'X-Key: "{{ $env(API_KEY) }}"',
  ],
  [
    'headers as lines',
    { item: [{ name: 'a', request: { url: 'http://a.test/b', header: 'X-A: 1\nX-B: two' } }] },
    'X-B: two',
  ],
  [
    'a literal token',
    {
      item: [
        {
          name: 'a',
          request: { url: 'http://a.test/b', header: [{ key: 'Authorization', value: 'Bearer abcdefgh' }] },
        },
      ],
    },
    'Authorization: "Bearer {{ $env(TOKEN) }}"',
  ],
  [
    'a query that is encoded already is sent as it stands',
    {
      item: [
        {
          name: 'a',
          request: { url: { raw: '', host: ['a.test'], path: ['b'], query: [{ key: 'by', value: 'Ann%20Lee+2' }] } },
        },
      ],
    },
    'by: Ann Lee 2',
  ],
  [
    'a secret in a body that is no JSON',
    {
      item: [
        {
          name: 'a',
          request: {
            method: 'POST',
            url: 'http://a.test/b',
            body: { mode: 'raw', raw: '{"apiKey": "k-12345678", "n": n}' },
          },
        },
      ],
    },
    String.raw`body: "{\"apiKey\": \"{{ $env(API_KEY) }}\", \"n\": n}"`,
  ],
  [
    'names that are made up',
    { variable: [{ key: 'i', value: '2' }], item: [{ name: 'a', request: { url: 'http://a.test/b?c={{a{{i}}}}' } }] },
    'c: "{{ a2 }}"',
  ],
  [
    'a file that is not there',
    {
      item: [
        {
          name: 'a',
          request: {
            method: 'POST',
            url: 'http://a.test/b',
            body: { mode: 'formdata', formdata: [{ key: 'f', type: 'file', src: '/home/ann/x y.png' }] },
          },
        },
      ],
    },
    'file: x_y.png',
  ],
  ['no host', { item: [{ name: 'a', request: { url: '{{base}}/b' } }] }, 'get: /b'],
  [
    '__proto__',
    {
      item: [
        {
          name: '__proto__',
          request: {
            method: 'POST',
            url: 'http://a.test/b',
            body: { mode: 'urlencoded', urlencoded: [{ key: '__proto__', value: '1' }] },
          },
        },
      ],
    },
    'post: /b',
  ],
])('%s', async (_, collection, written) => {
  const { text } = await convertedBy(postman, JSON.stringify({ info: { name: 'c' }, ...collection }));
  expect(text.toLowerCase()).toContain(written.toLowerCase());
});

test.each([
  ['version 1', '{"order":[],"requests":[]}'],
  ['nothing to send', '{"info":{},"item":[]}'],
  ['cut', SHOP.slice(0, 700)],
  ['folders too deep', `{"info":{},"item":[${'{"item":['.repeat(1e5)}`],
])('refused: %s', async (_, script) => {
  await expect(convertedBy(postman, script)).rejects.toMatchObject({ code: 'E-SCRIPT-REFUSED' });
});
