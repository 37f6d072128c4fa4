import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { hiderFor } from '../../lib/document/hidden.ts';
import { exitCodes } from '../../lib/errors.ts';
import { parseText } from '../lib/plan/sources.ts';
import { CommandLine, Workplace } from './command-line.ts';

const planText = (port: number): string => `
name: tried
target: http://127.0.0.1:${port}
feeders: { users: { file: users.csv } }
setup: [{ get: '/words?of=s3tup', capture: { word: { regex: 'token is (\\w+)' } } }]
checks: [{ get: /sums, expect: { body: { json: { $.lost: 0 } } } }]
headers: { x-client: "{{ $env(CLIENT) }}" }
scenarios:
  - name: buyer
    onStart: [{ post: /login, json: { user: "{{ users.name }}", password: s3cret-1 }, capture: { token: $.token } }]
    steps:
      - { get: /jobs, headers: { authorization: "Bearer {{ token }}" }, expect: { body: { json: { $.n: 1 } } }, capture: { n: $.n } }
      - { get: '/words/{{ word }}', name: words }
      - { pause: 10ms }
      - { get: /picture }
      - { get: /picture?key=1&token=l1teral }
  - { name: broken, steps: [{ get: /gone, expect: { status: 200 } }, { get: /never }] }
phases: [{ name: p, kind: sustained, duration: 1h, closed: { users: 50 } }]
`;

const replies: Readonly<Record<string, readonly [status: number, body: string | Buffer]>> = {
  '/login': [200, '{"token": "t0ken-value"}'],
  '/jobs': [200, `{"n": 1, "text": "${'x'.repeat(2000)}"}`],
  '/words?of=s3tup': [200, 'the token is w0rdless'],
  '/words/w0rdless': [200, 'w0rdless'],
  '/sums': [200, '{"lost": 2}'],
  '/picture': [200, Buffer.from([0x89, 0x50, 0, 0xff])],
  '/picture?key=1&token=l1teral': [200, ''],
};

test('one journey of each scenario is sent and shown, without secrets', async () => {
  await using workplace = await Workplace.make();
  const asked: string[] = [];
  const server = createServer((request, reply) => {
    asked.push(`${request.method} ${request.url}`);
    const [status, body] = replies[request.url ?? ''] ?? [404, 'no such page'];
    request.resume().on('end', () => reply.writeHead(status, { 'set-cookie': 'sid=c00kie' }).end(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const plan = await workplace.write('plan.yaml', planText((server.address() as AddressInfo).port));
  await workplace.write('users.csv', 'name\nann\nben\n');
  const { code, out, err } = await new CommandLine(['try', plan], { env: { CLIENT: 'cl1ent' } }).ended;
  server.closeAllConnections();
  server.close();
  expect({ code, err }).toEqual({ code: exitCodes.objectivesFailed, err: '' });
  expect(asked.filter((each) => !each.startsWith('HEAD'))).toEqual(
    expect.arrayContaining(['POST /login', 'GET /jobs', 'GET /picture', 'GET /gone']),
  );
  expect(asked).not.toContain('GET /never');
  for (const secret of ['s3cret-1', 't0ken-value', 'c00kie', 'cl1ent', 'l1teral', 'w0rdless'])
    expect(out).not.toContain(secret);
  for (const shown of [
    '"user":"ann"',
    '< 200 in',
    '… of 2020 bytes',
    '(4 bytes that are no text)',
    'GET /gone: failed as status.404',
    'GET /never: not reached',
    'GET /jobs: 1 of 1 ok',
    '= captured: token = •••',
    '= captured: word = •••',
    '= as expected: $.n of 1\n= captured: n = 1',
    '! not as expected: its status; there is 404',
    '! not as expected: $.lost of 0; there is 2',
    'GET /sums: failed as expect.body',
    'Under load:\n  phase p: 50 users for 1 h\n',
    'feeder users has 2 rows, one after another, and then again',
    'onStart of buyer is taken once a user',
  ])
    expect(out).toContain(shown);
});

test.each([
  ['a key of env-value! and env-value%21', 'a key of ••• and •••'],
  ['{"passwordHash": "a\\"b", "n": 1, "apiKey": 17}', '{"passwordHash": "•••", "n": 1, "apiKey": "•••"}'],
  ['/login?user=ann&access_token=abc#top', '/login?user=ann&access_token=•••#top'],
  ['password=abc&n=1', 'password=•••&n=1'],
  ['{"api_key": ["a", "b"], "token": {"of": {"x": ["}c"]}}, "n": 1}', '{"api_key": "•••", "token": "•••", "n": 1}'],
  ['{"token": {"of": ["cut o', '{"token": "•••"'],
  ['<a><s:password x="1"><![CDATA[a<b]]></s:password><n>1</n>', '<a><s:password x="1">•••</s:password><n>1</n>'],
  ['<x token=\'a\' token2 = "b c" n="1"/>', '<x token="•••" token2 = "•••" n="1"/>'],
  ['<token/><n>1</n><token>cut o', '<token/><n>1</n><token>•••'],
  [
    '--b\r\nc: form-data; name="password"\r\nt: u\r\n\r\na\r\nb\r\n--b--',
    '--b\r\nc: form-data; name="password"\r\nt: u\r\n\r\n•••\r\n--b--',
  ],
])('%s is shown as %s', async (text, shown) => {
  const plan = await parseText(`
name: x
target: http://127.0.0.1
scenarios: [{ name: a, steps: [{ get: "/{{ $env(TOKEN) }}" }] }]
phases: [{ name: p, kind: stress, duration: 1s, open: { rate: 1 } }]
`);
  expect(hiderFor(plan, { TOKEN: 'env-value!' })(text)).toBe(shown);
});

test('a journey for which no row is left is not passed over, and after Ctrl-C the teardown still runs', async () => {
  await using workplace = await Workplace.make();
  const asked: string[] = [];
  const server = createServer((request, reply) => {
    asked.push(request.url ?? '');
    if (request.url !== '/hang') reply.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await workplace.write('users.csv', 'name\nann\n');
  const scenario = (name: string): string => `{ name: ${name}, steps: [{ get: "/${name}?{{ users.name }}" }] }`;
  const dropped = await workplace.write(
    'dropped.yaml',
    `
name: dropped
target: http://127.0.0.1:${port}
feeders: { users: { file: users.csv, order: unique } }
scenarios: [${scenario('first')}, ${scenario('second')}]
phases: [{ name: p, kind: sustained, duration: 1s, open: { rate: 1 } }]
`,
  );
  const { code, out } = await new CommandLine(['try', dropped]).ended;
  expect({ code, dropped: out.includes('no row of a feeder is left') }).toEqual({
    code: exitCodes.objectivesFailed,
    dropped: true,
  });
  const hanging = await workplace.write(
    'hanging.yaml',
    `
name: hanging
target: http://127.0.0.1:${port}
teardown: [{ get: /down }]
scenarios: [{ name: hang, steps: [{ get: /hang }] }]
phases: [{ name: p, kind: sustained, duration: 1s, open: { rate: 1 } }]
`,
  );
  const stopped = new CommandLine(['try', hanging]);
  while (!asked.includes('/hang')) await once(server, 'request');
  stopped.kill('SIGINT');
  expect(await stopped.ended).toMatchObject({ code: exitCodes.interrupted });
  expect({ last: asked.at(-1), orphans: stopped.leavesOrphans }).toEqual({ last: '/down', orphans: false });
  server.closeAllConnections();
  server.close();
});
