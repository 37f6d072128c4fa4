import { expect, test } from '@jest/globals';
import { feederRows, type Feeder } from '../../../lib/plan/plan.ts';
import { feederOf } from '../../lib/plan/feeder-of.ts';
import { runVirtually, scenarioOf } from './virtual-phase.ts';

const feeder = (order: Feeder['order'], count: number): Feeder =>
  feederOf('users', order, ['id,name', ...Array.from({ length: count }, (_, i) => `${i},name-${i}`)].join('\n'));

const SCENARIOS = scenarioOf({ get: '/{{ users.id }}/{{ users.name }}' });

const idsOf = async (users: Feeder, rate: number, share = { index: 0, of: 1 }) => {
  const load = { duration: '1s', open: { rate } };
  const run = await runVirtually({ scenarios: SCENARIOS, load }, () => ({ afterMs: 1 }), {
    share,
    feeders: [users],
  });
  return { ids: run.sent.map(({ path }) => Number(path.split('/')[1])), total: run.total };
};

test('sequential: row after row, and again from the first', async () => {
  expect((await idsOf(feeder('sequential', 3), 7)).ids).toEqual([0, 1, 2, 0, 1, 2, 0]);
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
  expect(new Set((await idsOf(feeder('random', 5), 200)).ids).size).toBe(5);
});

test.each([1, 2, 3])('unique: no row twice in %i shares, every row once', async (of) => {
  const shares = Array.from({ length: of }, (_, index) => ({ index, of }));
  const ids: number[] = [];
  const users = feeder('unique', 20);
  for (const share of shares) ids.push(...(await idsOf(users, 60, share)).ids);
  expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test.each([1, 2, 3])('unique: no row twice in %i lanes that share no memory, every row once', async (of) => {
  const ids: number[] = [];
  for (let index = 0; index < of; index += 1) {
    const { rows, ...users } = feeder('unique', 20);
    const lane = { ...users, rows: feederRows(rows!, { index, of }) };
    ids.push(...(await idsOf(lane, 60, { index, of })).ids);
  }
  expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('unique, and empty: the arrival is dropped for want of a row, and the ledger closes', async () => {
  const { total } = await idsOf(feeder('unique', 4), 10);
  const due = { due: 10, started: 4, dropped: 6, completed: 4, abandoned: 0, cut: 0 };
  expect(total.arrivals).toEqual({ ...due, drops: { feeder: 6 } });
});

test('unique rows are handed out once over phases of both models, and to users who then have nothing to go on with', async () => {
  const users = feeder('unique', 7);
  const first = await idsOf(users, 3);
  const closed = await runVirtually(
    { scenarios: SCENARIOS, load: { duration: '1s', closed: { users: 3 } } },
    () => ({ afterMs: 100 }),
    { feeders: [users] },
  );
  expect([...first.ids, ...closed.sent.map(({ path }) => Number(path.split('/')[1]))]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  // Three users begin with rows 3, 4 and 5; one goes on with 6; each is dropped once when it finds none left.
  const due = { due: 7, started: 4, dropped: 3, completed: 4, abandoned: 0, cut: 0 };
  expect(closed.total.arrivals).toEqual({ ...due, drops: { feeder: 3 } });
  const after = await idsOf(users, 2);
  expect([after.ids, after.total.arrivals.drops]).toEqual([[], { feeder: 2 }]);
});

test('a row of one feeder is not lost where another one has none', async () => {
  const feeders = [feederOf('many', 'unique', 'id\n1\n2\n3\n4'), feederOf('few', 'unique', 'id\na\nb')];
  const scenarios = scenarioOf({ get: '/{{ many.id }}/{{ few.id }}' });
  await runVirtually({ scenarios, load: { duration: '1s', open: { rate: 9 } } }, () => ({ afterMs: 1 }), { feeders });
  expect(feeders.map(({ rows }) => rows?.drawn[0])).toEqual([2, 2]);
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

test('a feeder that only a loop goes over is drawn', async () => {
  const { sent } = await runVirtually(
    {
      scenarios: scenarioOf({ loop: { over: 'users.id', as: 'one', steps: [{ get: '/{{ one }}' }] } }),
      load: { duration: '1s', open: { rate: 3 } },
    },
    () => ({ afterMs: 1 }),
    { feeders: [feeder('sequential', 5)] },
  );
  expect(sent.map(({ path }) => path)).toEqual(['/0', '/1', '/2']);
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
