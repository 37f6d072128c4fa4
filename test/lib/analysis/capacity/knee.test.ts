import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { knee } from '../../../../lib/analysis/capacity/knee.ts';
import { outcomeOf, type PhaseShape, type Second } from '../measured.ts';

/**
 * Users who ask again at once, of a server that answers in `serviceUs` and carries one request at a time on each of `servers`: the
 * asymptotes of closed systems (Denning and Buzen 1978). Up to `servers` users nobody waits; beyond, throughput stands.
 */
const closedSecond = (users: number, servers: number, serviceUs: number): Second => ({
  ok: Math.round((Math.min(users, servers) * 1e6) / serviceUs),
  responseUs: Math.round(serviceUs * Math.max(1, users / servers)),
  users,
});

const climb = (most: number, secondOf: (users: number) => Second, shape: PhaseShape = {}) =>
  knee({
    plan: PLAN,
    outcomes: [
      outcomeOf(
        { model: 'closed', ...shape },
        Array.from({ length: most }, (_, i) => secondOf(i + 1)),
      ),
    ],
  });

const PLAN = { name: 'climb' } as Parameters<typeof knee>[0]['plan'];

test('law: the knee of a climb lies where users begin to wait, within two of twenty levels', () => {
  const servers = fc.integer({ min: 20, max: 60 });
  fc.assert(
    fc.property(servers, fc.integer({ min: 50_000, max: 500_000 }), (count, serviceUs) => {
      const found = climb(120, (users) => closedSecond(users, count, serviceUs));
      expect(Math.abs((found?.knee?.load ?? Number.NaN) - count)).toBeLessThanOrEqual(12);
      // Twice as long from twice as many users on; short times have 20 ms to spare.
      const doubled = count * Math.max(2, (serviceUs + 20_000) / serviceUs);
      // A climb that ends before shows nothing of it.
      const off = doubled < 100 ? Math.abs((found?.responseTime?.load ?? Number.NaN) - doubled) : 0;
      expect(off).toBeLessThanOrEqual(12);
      expect(Math.abs((found?.throughput?.load ?? Number.NaN) - count / 0.9)).toBeLessThanOrEqual(12);
      expect(found?.errors).toBeUndefined();
    }),
    { numRuns: 10 },
  );
});

test('nothing turns where every user gets the same', () => {
  const found = climb(120, (users) => closedSecond(users, 1_000, 100_000));
  expect(found).toEqual({ loadIn: 'users', upTo: { load: 117, perSecond: 1_170 } });
});

test('errors turn where they stay, and not where there were some in between', () => {
  const failing = (users: number): Second => ({
    ...closedSecond(users, 1_000, 100_000),
    ...((users > 90 || (users > 20 && users < 24)) && { failed: { status: 200 } }),
  });
  expect(climb(120, failing)?.errors?.load).toBe(92.5);
});

test.each<readonly [string, PhaseShape, (users: number) => Second, number]>([
  ['a level load', {}, () => closedSecond(50, 20, 100_000), 120],
  ['a recovery', { kind: 'recovery' }, (users) => closedSecond(users, 20, 100_000), 120],
  ['a climb of few seconds', {}, (users) => closedSecond(users, 20, 100_000), 12],
  ['seconds in which nothing ended', {}, (users) => ({ users }), 120],
])('%s has no knee', (_, shape, secondOf, seconds) => {
  expect(climb(seconds, secondOf, shape)).toBeUndefined();
});

test('a search has an answer of its own', () => {
  const plan = { ...PLAN, search: true } as typeof PLAN;
  const outcome = outcomeOf(
    { model: 'closed' },
    Array.from({ length: 120 }, (_, i) => closedSecond(i + 1, 20, 100_000)),
  );
  expect(knee({ plan, outcomes: [outcome] })).toBeUndefined();
});
