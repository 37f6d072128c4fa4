import { expect, test } from '@jest/globals';
import { parseTemplate, variablesOf } from '../../../lib/plan/template.ts';

const text = (literal: string) => ({ kind: 'text', text: literal });
const variable = (name: string) => ({ kind: 'variable', name });
const own = (name: string, ...args: object[]) => ({ kind: 'own', name, args });
const call = (name: string, ...args: string[]) => ({ kind: 'call', name, args });

test.each([
  ['plain', [text('plain')]],
  ['', [text('')]],
  ['{{ id }}', [variable('id')]],
  ['{{id}}', [variable('id')]],
  ['Bearer {{ token }}!', [text('Bearer '), variable('token'), text('!')]],
  ['{{ users.email }}{{ a-b }}', [variable('users.email'), variable('a-b')]],
  ['{{ $uuid }}', [call('$uuid')]],
  ['{{ $uuid() }}', [call('$uuid')]],
  ['{{ $randomInt(1, 9) }}', [call('$randomInt', '1', '9')]],
  ['{{ $randomInt(-9,-1) }}', [call('$randomInt', '-9', '-1')]],
  ['{{ $randomString(8) }}', [call('$randomString', '8')]],
  ['{{ $pick(a, b c) }}', [call('$pick', 'a', 'b c')]],
  ['{{ $env(TOKEN) }}', [call('$env', 'TOKEN')]],
  ['{{ $env("TOKEN") }}', [call('$env', 'TOKEN')]],
  [`{{ $pick("a","b, c",'d"', e) }}`, [call('$pick', 'a', 'b, c', 'd"', 'e')]],
  ['{{ $pick("}}", ")", "|") }}!', [call('$pick', '}}', ')', '|'), text('!')]],
  ['{{ $pick("", a) }}', [call('$pick', '', 'a')]],
  ['{{ id | raw }}', [{ ...variable('id'), raw: true }]],
  ['{{ $pick("a|raw")|raw }}', [{ ...call('$pick', 'a|raw'), raw: true }]],
  ['{{ "{{" }} id }}', [text('{{'), text(' id }}')]],
  ['{{ $base64(id) }}', [{ kind: 'computed', name: '$base64', args: [variable('id')] }]],
  [
    '{{ $hmac("sha256", $env(KEY), "a, (b)", "base64") }}',
    [{ kind: 'computed', name: '$hmac', args: [text('sha256'), call('$env', 'KEY'), text('a, (b)'), text('base64')] }],
  ],
  [
    '{{ $digest("md5", $base64(users.name)) | raw }}',
    [
      {
        kind: 'computed',
        name: '$digest',
        args: [text('md5'), { kind: 'computed', name: '$base64', args: [variable('users.name')] }],
        raw: true,
      },
    ],
  ],
  ['{{ sign() }}/{{ sign(1.5, id) }}', [own('sign'), text('/'), own('sign', text('1.5'), variable('id'))]],
  ['{ "a": { "b": 1 }}', [text('{ "a": { "b": 1 }}')]],
])('%j', (template, pieces) => {
  expect(parseTemplate(template)).toEqual({ pieces, problems: [] });
});

const HASHES = 'takes one of md5, sha1, sha256, sha384, sha512 first, in quotes';

test.each([
  ['{{ }}', '{{ }}', 'is neither a name nor a built-in such as $uuid'],
  ['{{ a.b[c] }}', '{{ a.b[c] }}', 'is neither a name nor a built-in such as $uuid'],
  ['{{ 1a }}', '{{ 1a }}', 'is neither a name nor a built-in such as $uuid'],
  ['{{ a {{ b }} }}', '{{ a {{ b }}', 'is neither a name nor a built-in such as $uuid'],
  ['{{ $env }}', '{{ $env }}', 'takes 1 arguments'],
  ['{{ $uuid(1) }}', '{{ $uuid(1) }}', 'takes 0 arguments'],
  ['{{ $pick() }}', '{{ $pick() }}', 'takes 1 or more arguments'],
  ['{{ $randomInt(a, b) }}', '{{ $randomInt(a, b) }}', 'takes whole numbers'],
  ['{{ $randomInt(2, 1) }}', '{{ $randomInt(2, 1) }}', 'takes the smaller number first'],
  ['{{ $randomString(0) }}', '{{ $randomString(0) }}', 'takes a length of 1 to 10000'],
  ['{{ $pick(a,,b) }}', '{{ $pick(a,,b) }}', 'has an empty argument; write "" for an empty text'],
  ['{{ $pick("a"b) }}', '{{ $pick("a"b) }}', 'has an argument that is partly in quotes; put the whole of it in quotes'],
  ['{{ $pick("a) }}', '{{ $pick("a) }}', 'has a quote that is never closed'],
  ['{{ id | row }}', '{{ id | row }}', 'has no filter "row"; there is | raw'],
  ['{{ | raw }}', '{{ | raw }}', 'is neither a name nor a built-in such as $uuid'],
  ['{{ $base64() }}', '{{ $base64() }}', 'takes 1 argument'],
  ['{{ $hmac(sha256, a, b) }}', '{{ $hmac(sha256, a, b) }}', HASHES],
  ['{{ $digest("crc32", a) }}', '{{ $digest("crc32", a) }}', HASHES],
  [
    '{{ $digest("md5", a, "utf8") }}',
    '{{ $digest("md5", a, "utf8") }}',
    'ends with one of hex, base64, base64url, in quotes',
  ],
  ['{{ $jwt("RS256", a, b) }}', '{{ $jwt("RS256", a, b) }}', 'takes one of HS256, HS384, HS512 first, in quotes'],
  [
    '{{ $jwt("HS256", a, b, soon) }}',
    '{{ $jwt("HS256", a, b, soon) }}',
    'ends with how long the token is valid, in whole seconds',
  ],
  ['{{ sign(other(1)) }}', '{{ sign(other(1)) }}', 'has a function of the plan as an argument, and can take none'],
  [
    '{{ sign(a b) }}',
    '{{ sign(a b) }}',
    'has the argument a b, which is neither a name nor a built-in such as $uuid; put a text in quotes',
  ],
  ['{{ sign((1) }}', '{{ sign((1) }}', 'has a quote or bracket that is never closed'],
  ['a {{ b', '{{ b', 'is never closed; end it with }}'],
])('%j says what is wrong', (template, expression, reason) => {
  expect(parseTemplate(template).problems).toEqual([{ expression, reason }]);
});

test('names the variables that it reads', () => {
  expect(variablesOf(parseTemplate('{{ $hmac("md5", key, $base64(users.id)) }}{{ f(a) }}'))).toEqual([
    'key',
    'users.id',
    'a',
  ]);
  expect(variablesOf(parseTemplate('{{ a }}/{{ $uuid }}/{{ users.email }}'))).toEqual(['a', 'users.email']);
});
