import { expect, test } from '@jest/globals';
import type { Feeder } from '../../../lib/plan/plan.ts';
import { runVirtually, scenarioOf } from './virtual-phase.ts';

const feeder = (order: Feeder['order'], count: number): Feeder => ({
  name: 'users',
  order,
  columns: ['id', 'name'],
  rows: Array.from({ length: count }, (_, i) => [String(i), `name-${i}`]),
});

const SCENARIOS = scenarioOf({ get: '/{{ users.id }}/{{ users.name }}' });

const idsOf = async (order: Feeder['order'], rows: number, rate: number, share = { index: 0, of: 1 }) => {
  const load = { duration: '1s', open: { rate } };
  const run = await runVirtually({ scenarios: SCENARIOS, load }, () => ({ afterMs: 1 }), {
    share,
    feeders: [feeder(order, rows)],
  });
  return { ids: run.sent.map(({ path }) => Number(path.split('/')[1])), total: run.total };
};

test('sequential: row after row, and again from the first', async () => {
  expect((await idsOf('sequential', 3, 7)).ids).toEqual([0, 1, 2, 0, 1, 2, 0]);
});

test('the columns of a row stay together', async () => {
  const { sent } = await runVirtually(
    { scenarios: SCENARIOS, load: { duration: '1s', open: { rate: 50 } } },
    () => ({ afterMs: 1 }),
    { feeders: [feeder('random', 9)] },
  );
  expect(sent.every(({ path }) => /^\/(\d+)\/name-\1$/.test(path))).toBe(true);
});

test('random: every row comes up', async () => {
  // 200 draws of 5 rows: one of them is missed with a probability of 5 · 0.8^200 = 2·10⁻¹⁹.
  expect(new Set((await idsOf('random', 5, 200)).ids).size).toBe(5);
});

test.each([1, 2, 3])('unique: no row twice in %i shares, every row once', async (of) => {
  const shares = Array.from({ length: of }, (_, index) => ({ index, of }));
  const ids: number[] = [];
  for (const share of shares) ids.push(...(await idsOf('unique', 20, 60, share)).ids);
  expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('unique, and empty: the arrival is started and abandoned, so that the ledger closes', async () => {
  const { total } = await idsOf('unique', 4, 10);
  expect(total.arrivals).toEqual({ due: 10, started: 10, dropped: 0, completed: 4, abandoned: 6, cut: 0 });
});

test('a feeder that onStart reads is drawn once a user', async () => {
  const { sent } = await runVirtually(
    {
      scenarios: [{ name: 'all', onStart: [{ get: '/login/{{ users.id }}' }], steps: [{ get: '/{{ users.id }}' }] }],
      load: { duration: '300ms', closed: { users: 2 } },
    },
    () => ({ afterMs: 30 }),
    { feeders: [feeder('unique', 2)] },
  );
  expect(new Set(sent.map(({ path }) => path))).toEqual(new Set(['/login/0', '/login/1', '/0', '/1']));
});

test('a feeder that only headers of the plan read is drawn for the steps that send them', async () => {
  const { sent } = await runVirtually(
    {
      headers: { Authorization: 'Bearer {{ users.id }}' },
      scenarios: scenarioOf({ get: '/a' }, { get: '/b' }),
      load: { duration: '1s', open: { rate: 2 } },
    },
    () => ({ afterMs: 1 }),
    { feeders: [feeder('sequential', 5)] },
  );
  expect(sent.map(({ path, headers }) => [path, headers['authorization']])).toEqual([
    ['/a', 'Bearer 0'],
    ['/b', 'Bearer 0'],
    ['/a', 'Bearer 1'],
    ['/b', 'Bearer 1'],
  ]);
});

test('a header of the step takes the place of the plan, and no row is drawn for it', async () => {
  const { sent } = await runVirtually(
    {
      headers: { Authorization: '{{ users.id }}' },
      scenarios: [
        { name: 'own', steps: [{ get: '/own', headers: { authorization: 'own' } }] },
        { name: 'shared', steps: [{ get: '/shared' }] },
      ],
      load: { duration: '1s', open: { rate: 20 } },
    },
    () => ({ afterMs: 1 }),
    { feeders: [feeder('sequential', 50)] },
  );
  const shared = sent.filter(({ path }) => path === '/shared').map(({ headers }) => headers['authorization']);
  expect(shared).toEqual(shared.map((_, i) => String(i)));
  expect(shared.length).toBeGreaterThan(0);
});

test('a name without a value is no request: nothing is sent in its place', async () => {
  const { sent, total } = await runVirtually(
    { scenarios: scenarioOf({ get: '/{{ missing.id }}' }), load: { duration: '1s', open: { rate: 3 } } },
    () => ({ afterMs: 1 }),
  );
  expect(sent).toEqual([]);
  expect(total.steps.get(0)?.ledger.failures).toEqual({ request: 3 });
});
