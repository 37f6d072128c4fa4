import { expect, test } from '@jest/globals';
import { headsOf, parseText, planOf, refusalOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'an address that is none',
    { step: '{ get: users }' },
    '6:12 scenarios[0].steps[0].get: "users" is neither a path nor a URL; begin with / or http://',
  ],
  [
    'an address with a blank',
    { step: '{ get: /a b }' },
    '6:12 scenarios[0].steps[0].get: "/a b" holds a blank, which no URL may; write %20',
  ],
  [
    'what would never be sent',
    { step: '{ post: "/#/login" }' },
    '6:13 scenarios[0].steps[0].post: "/#/login" holds #, and what follows it is never sent; write %23',
  ],
  [
    'what would never be sent, in a query',
    { step: '{ get: "http://127.0.0.1/r?q=#1" }' },
    '6:12 scenarios[0].steps[0].get: "http://127.0.0.1/r?q=#1" holds #, and what follows it is never sent; write %23',
  ],
  [
    'a step up',
    { step: '{ get: /a/%2e./b }' },
    '6:12 scenarios[0].steps[0].get: "/a/%2e./b" holds . or .. as a segment, which a URL resolves before it is sent; write the path that is meant',
  ],
  [
    'a backslash',
    { step: '{ get: "/a\\\\b" }' },
    '6:12 scenarios[0].steps[0].get: "/a\\\\b" holds \\, which a URL turns into /; write %5C',
  ],
  [
    'a target with a query',
    { top: 'target: http://127.0.0.1/?v=2' },
    '2:9 target: "http://127.0.0.1/?v=2" holds a query or #, which no step sends; give it to the steps',
  ],
  [
    'a target with a step up',
    { top: 'target: http://127.0.0.1/a/../b' },
    '2:9 target: "http://127.0.0.1/a/../b" holds . or .. as a segment, which a URL resolves before it is sent; write the path that is meant',
  ],
  [
    'an address with a password',
    { top: 'target: http://ann:pw@127.0.0.1' },
    '2:9 target: holds a user name; send it as a header from {{ $env(NAME) }}, since reports show addresses',
  ],
  [
    'a step with a password',
    { step: '{ get: "http://ann:pw@127.0.0.1/{{ $uuid }}" }' },
    '6:12 scenarios[0].steps[0].get: holds a user name; send it as a header from {{ $env(NAME) }}, since reports show addresses',
  ],
  [
    'a server name with a scheme',
    { top: 'tls: { servername: "https://shop.test" }' },
    '2:20 tls.servername: "https://shop.test" is no host name; write one without scheme and port, such as shop.example.com',
  ],
  [
    'a server name with a port',
    { top: 'tls: { servername: shop.test:443 }' },
    '2:20 tls.servername: "shop.test:443" is no host name; write one without scheme and port, such as shop.example.com',
  ],
  [
    'an address for a server name',
    { top: 'tls: { servername: 10.0.0.7 }' },
    '2:20 tls.servername: "10.0.0.7" is no host name; write one without scheme and port, such as shop.example.com',
  ],
  [
    'a template for a server name',
    { top: 'tls: { servername: "{{ $env(TOKEN) }}" }' },
    '2:20 tls.servername: "{{ $env(TOKEN) }}" is no host name; write one without scheme and port, such as shop.example.com',
  ],
  [
    'a database that is not set',
    { top: 'signals: { database: DATABASE_URL }' },
    "2:22 signals.database: the environment variable DATABASE_URL is not set; set it to the database's address, or remove this line",
  ],
  [
    'a cache that is not set',
    { top: 'signals: { cache: REDIS_URL }' },
    "2:19 signals.cache: the environment variable REDIS_URL is not set; set it to the cache's address, or remove this line",
  ],
  [
    'a name for no signal',
    { top: 'signals: { metrics: /metrics, names: { servise.cpu: x } }' },
    '2:40 signals.names["servise.cpu"]: "servise.cpu" is no signal; did you mean service.cpu?',
  ],
  [
    'a name for nothing like a signal',
    { top: 'signals: { metrics: /metrics, names: { queue: x } }' },
    '2:40 signals.names.queue: "queue" is no signal; there are service.cpu, service.memory, database.connections, cache.hit-ratio',
  ],
  [
    'names that nothing is read for',
    { top: 'signals: { names: { service.cpu: x } }' },
    '2:19 signals.names: nothing is read for these names; add signals.metrics, or remove them',
  ],
  [
    'a metric that is none',
    { top: "signals: { metrics: /metrics, names: { service.cpu: 'busy{pool=main}' } }" },
    '2:53 signals.names["service.cpu"]: "busy{pool=main}" is no metric; write name, or name{label="value"}',
  ],
  [
    'a rate of something else',
    { top: 'signals: { metrics: /metrics, names: { service.cpu: { rate: a-b } } }' },
    '2:61 signals.names["service.cpu"].rate: "a-b" is no metric; write name, or name{label="value"}',
  ],
  [
    'a ratio of one',
    { top: 'signals: { metrics: /metrics, names: { service.cpu: { ratio: [a] } } }' },
    '2:62 signals.names["service.cpu"].ratio: has 1 entry; it needs at least 2',
  ],
  [
    'another word than rate or ratio',
    { top: 'signals: { metrics: /metrics, names: { service.cpu: { mean: a } } }' },
    '2:55 signals.names["service.cpu"].mean: no such key here; there are rate and ratio',
  ],
] as const;

test.each(['/a?b=/../c', '/...', '/.well-known', '/..{{ $uuid }}', '/{{ "a" }}', '/%23', '/a?b=c\\\\d'])(
  'accepts %s',
  async (path) => {
    expect(await headsOf(planOf({ step: `{ get: '${path}' }` }))).toEqual(['']);
  },
);

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

test('a password is not repeated, and the caret stays under its place', async () => {
  const { details } = await refusalOf(planOf({ top: 'target: http://ann:s3cret@127.0.0.1' }));
  expect(details.join()).not.toContain('s3cret');
  expect(details.join()).toContain('2 | target: http://**********@127.0.0.1\n    |         ^');
});

test('a server name is one of the plan', async () => {
  expect((await parseText(planOf({ top: 'tls: { servername: Shop-1.example.com }' }))).tls).toEqual({
    insecure: false,
    servername: 'Shop-1.example.com',
  });
});
