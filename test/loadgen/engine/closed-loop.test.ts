import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { allSteps } from '../../../lib/measure/interval.ts';
import { usersOfShare } from '../../../loadgen/engine/closed-loop.ts';
import { runVirtually, scenarioOf, type Sent } from './virtual-phase.ts';

const STEPS = scenarioOf({ get: '/{{ $user }}/{{ $iteration }}' });

const usersOf = (sent: readonly Sent[]): number[] =>
  [...new Set(sent.map(({ path }) => Number(path.split('/')[1])))].toSorted((a, b) => a - b);

/** Users with a request under way at `atMs`, where each takes `takesMs`. */
const busyAt = (sent: readonly Sent[], atMs: number, takesMs: number): number =>
  sent.filter(({ atUs }) => atUs <= atMs * 1000 && atUs + takesMs * 1000 > atMs * 1000).length;

test('law: the shares of k workers are the rounded level, whatever k', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 10_000, noNaN: true }), fc.integer({ min: 1, max: 40 }), (level, of) => {
      const shares = Array.from({ length: of }, (_, index) => usersOfShare(level, { index, of }));
      expect(shares.reduce((sum, users) => sum + users, 0)).toBe(Math.round(level));
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});

test('each user begins again as soon as it is done: due is what was started', async () => {
  const { sent, total } = await runVirtually(
    { scenarios: STEPS, load: { duration: '1s', closed: { users: 4 } } },
    () => ({ afterMs: 100 }),
  );
  expect(usersOf(sent)).toEqual([0, 1, 2, 3]);
  expect(sent).toHaveLength(40);
  expect(total.arrivals).toEqual({ due: 40, started: 40, dropped: 0, completed: 40, abandoned: 0, cut: 0 });
  // Closed models have no lateness, so no start delay either.
  expect(total.startDelay.totalCount).toBe(0);
  expect(total.userUs).toBeCloseTo(4e6, -4);
});

test('a ramp has the users of its level under way, up and down', async () => {
  const { sent } = await runVirtually(
    {
      scenarios: STEPS,
      load: {
        closed: {
          stages: [
            { duration: '1s', to: 10 },
            { duration: '1s', to: 0 },
          ],
        },
      },
    },
    () => ({ afterMs: 10 }),
  );
  // Every 20 ms the number of users is set right, so it is that of up to 20 ms ago; a level of 4.5 is 5 users.
  for (const atMs of [75, 175, 375, 575, 775, 975]) {
    expect(busyAt(sent, atMs, 10)).toBe(Math.round((atMs - 15) / 100));
  }
  for (const atMs of [1075, 1275, 1475, 1675, 1875])
    expect(busyAt(sent, atMs, 10)).toBe(Math.round((2015 - atMs) / 100));
});

test('a user who is not wanted any more finishes its iteration, and goes on from there when wanted again', async () => {
  const { sent, total } = await runVirtually(
    {
      scenarios: [
        { name: 'all', onStart: [{ get: '/login/{{ $user }}' }], steps: [{ get: '/{{ $user }}/{{ $iteration }}' }] },
      ],
      load: {
        closed: {
          stages: [
            { duration: '100ms', hold: 2 },
            { duration: '200ms', hold: 1 },
            { duration: '100ms', hold: 2 },
          ],
        },
      },
    },
    () => ({ afterMs: 30 }),
  );
  const ofSecond = sent.filter(({ path }) => path.endsWith('/login/1') || path.startsWith('/1/'));
  expect(ofSecond.filter(({ path }) => path === '/login/1')).toHaveLength(1);
  const iterations = ofSecond.filter(({ path }) => path.startsWith('/1/'));
  expect(iterations.map(({ path }) => path)).toEqual(iterations.map((_, i) => `/1/${i}`));
  const gaps = iterations.map(({ atUs }, i) => atUs - (iterations[i - 1]?.atUs ?? atUs));
  expect(Math.max(...gaps)).toBeGreaterThan(150_000);
  expect(total.arrivals.cut).toBe(0);
});

test('stopped by hand: every user is cut at once', async () => {
  const { total } = await runVirtually(
    { scenarios: STEPS, load: { duration: '10s', closed: { users: 5 } }, timeout: '5s' },
    () => ({ afterMs: 90 }),
    { abortAtMs: 500 },
  );
  expect(total.arrivals).toEqual({ due: 30, started: 30, dropped: 0, completed: 25, abandoned: 0, cut: 5 });
  expect(allSteps(total).ledger).toMatchObject({ sent: 30, ok: 25, cut: 5 });
});

describe('a user whose journey fails', () => {
  const gapsMs = (sent: readonly Sent[]): number[] =>
    sent.slice(1).map(({ atUs }, at) => (atUs - (sent[at]?.atUs ?? 0)) / 1000);

  test('takes the pauses that were still to come, so that failing makes it no faster', async () => {
    const { sent, total } = await runVirtually(
      {
        scenarios: [
          {
            name: 'session over',
            onStart: [{ post: '/login' }],
            steps: [{ get: '/me' }, { pause: '1s' }, { loop: { times: 3, steps: [{ pause: '500ms' }] } }],
          },
        ],
        load: { duration: '9s', closed: { users: 1 } },
      },
      ({ path }) => ({ afterMs: 10, status: path === '/me' ? 401 : 200 }),
    );
    const asked = sent.filter(({ path }) => path === '/me');
    // At 0.01, 2.52, 5.03 and 7.54 s: each takes 10 ms, then 1 s and three times half a second; users are set right every 20 ms.
    expect(asked).toHaveLength(4);
    for (const gap of gapsMs(asked)) expect(Math.abs(gap - 2510)).toBeLessThan(25);
    expect(sent.filter(({ path }) => path === '/login')).toHaveLength(1);
    expect(total.arrivals).toEqual({ due: 4, started: 4, dropped: 0, completed: 0, abandoned: 4, cut: 0 });
    // It is a user while it rests: 9 s of one.
    expect(total.userUs).toBeCloseTo(9e6, -5);
  });

  test('at its start tries again after one second, two, four … at most 30, half of it by chance', async () => {
    const { sent } = await runVirtually(
      {
        scenarios: [{ name: 'refused', onStart: [{ post: '/login' }], steps: [{ get: '/me' }] }],
        load: { duration: '3m', closed: { users: 1 } },
      },
      () => ({ afterMs: 0, status: 401 }),
    );
    expect(sent.length).toBeGreaterThan(6);
    for (const [at, gap] of gapsMs(sent).entries()) {
      const mostMs = Math.min(30_000, 1000 * 2 ** at);
      expect(gap).toBeGreaterThanOrEqual(mostMs / 2);
      expect(gap).toBeLessThan(mostMs + 25);
    }
  });

  test('without think time begins again at once after one failure, and ever later while it goes on failing', async () => {
    const scenarios = scenarioOf({ get: '/' });
    const load = { duration: '10s', closed: { users: 1 } };
    const all = await runVirtually({ scenarios, load }, () => ({ afterMs: 1, status: 503 }));
    // 0, 10, 20, 40 … 640 ms and then seconds, half of it by chance: 1.28 s for the first nine, then between 9 and 18 more.
    expect(all.sent.length).toBeGreaterThan(15);
    expect(all.sent.length).toBeLessThan(32);
    let asked = 0;
    const some = await runVirtually({ scenarios, load }, () => ({
      afterMs: 1,
      status: (asked += 1) % 2 === 0 ? 503 : 200,
    }));
    expect(some.sent.length).toBe(10_000);
  });
});

test('a journey that sends nothing begins again a few times, and then leaves room for others', async () => {
  const { sent, total } = await runVirtually(
    {
      variables: { flag: false },
      scenarios: [
        { name: 'nothing', steps: [{ if: 'flag', steps: [{ get: '/no' }] }] },
        { name: 'something', steps: [{ get: '/' }] },
      ],
      load: { duration: '1s', closed: { users: 2 } },
    },
    () => ({ afterMs: 10 }),
  );
  expect(sent).toHaveLength(100);
  // Ten in a row, and users are set right fifty times a second.
  expect(total.arrivals.due).toBeGreaterThan(100 + 400);
  expect(total.arrivals.due).toBeLessThan(100 + 600);
  expect(total.arrivals.completed).toBe(total.arrivals.due);
});

test('journeys of which some send nothing keep their user at work', async () => {
  const { sent } = await runVirtually(
    {
      scenarios: scenarioOf({
        choose: [
          { weight: 1, steps: [{ get: '/' }] },
          { weight: 1, steps: [] },
        ],
      }),
      load: { duration: '1s', closed: { users: 1 } },
    },
    () => ({ afterMs: 10 }),
  );
  expect(sent.length).toBeGreaterThan(97);
});
