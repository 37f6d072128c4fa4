import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

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
    'an address with a password',
    { top: 'target: http://ann:pw@127.0.0.1' },
    '2:9 target: holds a user name; send it as a header from {{ $env(NAME) }}, since reports show addresses',
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

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});
