import { expect, test } from '@jest/globals';
import { collectsFor } from '../../../../lib/run/workflow/collects.ts';

const own = 'http://shop.internal';
const collector = { metricsPath: '/metrics', database: true, cache: true, vcpus: 0.25 };
const both = { database: true, cache: true };
const neither = { database: false, cache: false };

test.each([
  ['the environment’s own', own, undefined, { metrics: { path: '/metrics' }, ...both }],
  ['its own, by another path of the plan', own, '/own?a=1', { metrics: { path: '/own?a=1' }, ...both }],
  // Behind the balancer another task would answer each time.
  ['its own, by the balancer’s address', own, `${own}/own`, { metrics: { path: '/own' }, ...both }],
  [
    'its own, with figures elsewhere',
    own,
    'http://prometheus.internal/federate',
    { metrics: { url: 'http://prometheus.internal/federate' }, ...both },
  ],
  ['another', 'http://other.internal/shop', undefined, undefined],
  [
    'another, which has figures',
    'http://other.internal/shop',
    '/metrics',
    { metrics: { url: 'http://other.internal/metrics' }, ...neither },
  ],
])('of a load on %s', (_, target, metrics, expected) => {
  const plan = { signals: metrics === undefined ? {} : { metrics } };
  expect(collectsFor(plan, new URL(target), { target: own, collector })).toEqual(expected);
});

test('nothing where there is no collector, or nothing for it to read', () => {
  const read = (given: typeof collector | { database: boolean; cache: boolean; vcpus: number } | undefined) =>
    collectsFor({ signals: {} }, new URL(own), { target: own, collector: given });
  expect(read(undefined)).toBeUndefined();
  expect(read({ ...neither, vcpus: 0.25 })).toBeUndefined();
  expect(read({ database: true, cache: false, vcpus: 0.25 })).toEqual({ database: true, cache: false });
});
