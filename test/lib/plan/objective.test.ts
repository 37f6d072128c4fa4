import { expect, test } from '@jest/globals';
import { parseAbort, parseObjective, requestNames, stepsNamed } from '../../../lib/plan/objective.ts';
import { profiles } from '../../../lib/plan/profiles.ts';

const time = (stat: number | 'mean' | 'max') => ({ of: 'responseTime', stat });

const read = [
  ['p99 < 500ms', { metric: time(99), target: { op: '<', value: 500e3 } }], // 500 · 1000 µs
  ['p99.9 <= 1.5s', { metric: time(99.9), target: { op: '<=', value: 1.5e6 } }],
  ['p5<250us', { metric: time(5), target: { op: '<', value: 250 } }],
  ['mean < 2m', { metric: time('mean'), target: { op: '<', value: 120e6 } }], // 2 · 60 · 10⁶
  ['  max < 1h ', { metric: time('max'), target: { op: '<', value: 3600e6 } }],
  ['service p95 < 10 ms', { metric: { of: 'serviceTime', stat: 95 }, target: { op: '<', value: 10e3 } }],
  ['errors < 0.5%', { metric: { of: 'errors' }, target: { op: '<', value: 0.005 } }],
  ['availability > 99.9%', { metric: { of: 'availability' }, target: { op: '>', value: 0.999 } }],
  ['error ratio < 1 %', { metric: { of: 'errors' }, target: { op: '<', value: 0.01 } }],
  ['5xx < 0.1%', { metric: { of: 'status', status: '5xx' }, target: { op: '<', value: 0.001 } }],
  [
    '429 of log in < 1%',
    { metric: { of: 'status', status: '429', requests: 'log in' }, target: { op: '<', value: 0.01 } },
  ],
  ['p99 of checkout<500ms', { metric: { ...time(99), requests: 'checkout' }, target: { op: '<', value: 500e3 } }],
  ['max of GET /a < b < 1s', { metric: { ...time('max'), requests: 'GET /a < b' }, target: { op: '<', value: 1e6 } }],
  ['p9 of "x over 1s" < 1s', { metric: { ...time(9), requests: 'x over 1s' }, target: { op: '<', value: 1e6 } }],
  ['p99 over 1m30s < 2s', { metric: { ...time(99), overSeconds: 90 }, target: { op: '<', value: 2e6 } }],
  [
    'service mean of a over b over 10s < 2s, fail > 3s',
    {
      metric: { of: 'serviceTime', stat: 'mean', requests: 'a over b', overSeconds: 10 },
      target: { op: '<', value: 2e6 },
      fail: { op: '>', value: 3e6 },
    },
  ],
  ['dropped <= 0%', { metric: { of: 'dropped' }, target: { op: '<=', value: 0 } }],
  ['throughput > 100/s', { metric: { of: 'throughput' }, target: { op: '>', value: 100 } }],
  ['throughput >= 100', { metric: { of: 'throughput' }, target: { op: '>=', value: 100 } }],
  ['service.cpu p99 < 80%', { metric: { of: 'signal', id: 'service.cpu', stat: 99 }, target: { op: '<', value: 0.8 } }],
  [
    'service.event-loop < 20ms',
    { metric: { of: 'signal', id: 'service.event-loop', stat: 'max' }, target: { op: '<', value: 20e3 } },
  ],
  [
    'database.connections mean < 160',
    { metric: { of: 'signal', id: 'database.connections', stat: 'mean' }, target: { op: '<', value: 160 } },
  ],
  [
    'p95 < 300ms, warn > 400ms',
    { metric: time(95), target: { op: '<', value: 300e3 }, warn: { op: '>', value: 400e3 } },
  ],
  [
    'p99 < 500ms,fail >= 600ms',
    { metric: time(99), target: { op: '<', value: 500e3 }, fail: { op: '>=', value: 600e3 } },
  ],
  [
    'throughput > 100/s, warn < 90/s, fail < 80/s',
    {
      metric: { of: 'throughput' },
      target: { op: '>', value: 100 },
      warn: { op: '<', value: 90 },
      fail: { op: '<', value: 80 },
    },
  ],
] as const;

test.each(read)('%j', (text, objective) => {
  expect(parseObjective(text)).toEqual({ text: text.trim(), ...objective });
});

test.each([
  '',
  'p99',
  'p100 < 1s', // the hundredth percentile is max
  'p99 = 1s',
  'p99 < 500', // a time needs a unit
  'p99 < 5%',
  'p99 < 5/s',
  'errors < 1', // a share is a percentage
  'errors < 5ms',
  'throughput > 100ms',
  'throughput > 5%',
  'p99 < -1s',
  'latency < 1s',
  'p99 < 1s, fail > 2s, warn > 3s', // warn comes first
  'p99 < 1s, fail > 2%',
  'cpu < 80%', // a signal has a dot
])('%j is no objective', (text) => {
  expect(parseObjective(text)).toBeUndefined();
});

const conditions = [
  ['p99 > 2s for 30s', { metric: time(99), limit: { op: '>', value: 2e6 }, forSeconds: 30 }],
  [
    'errors of login over 10s>=5%',
    { metric: { of: 'errors', requests: 'login', overSeconds: 10 }, limit: { op: '>=', value: 0.05 } },
  ],
  ['throughput < 5/s for 1m', { metric: { of: 'throughput' }, limit: { op: '<', value: 5 }, forSeconds: 60 }],
] as const;

test.each(conditions)('%j ends a phase', (text, condition) => {
  expect(parseAbort(text)).toEqual({ text, ...condition });
});

test.each(['', 'p99 > 2s for', 'p99 > 2% for 3s', 'p99 > 2s, fail > 3s for 3s', 'p99 for 3s > 2s'])(
  '%j ends no phase',
  (text) => {
    expect(parseAbort(text)).toBeUndefined();
  },
);

const names = requestNames([
  { scenario: 'buy', step: 'home' },
  { scenario: 'buy', step: 'pay' },
  { scenario: 'sell', step: 'home' },
  { scenario: 'pay', step: 'sell' },
  { scenario: 'ping', step: 'ping' },
]);

test.each([
  ['home', [0, 2]],
  ['buy', [0, 1]],
  ['pay', 'unclear'], // steps 1, and 3 of the scenario
  ['step pay', [1]],
  ['scenario pay', [3]],
  ['ping', [4]], // both, and the same
  ['toString', []],
])('%s stands for the requests %j', (name, numbers) => {
  expect(stepsNamed(name, names)).toEqual(numbers);
});

test.each(Object.entries(profiles))('every line of profile %s is one', (_, lines) => {
  expect(lines.map((line) => parseObjective(line)?.text)).toEqual([...lines]);
});
