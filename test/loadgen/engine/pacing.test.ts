import { expect, test } from '@jest/globals';
import { runVirtually, scenarioOf, type Answer, type Sent } from './virtual-phase.ts';

const STEPS = scenarioOf({ get: '/{{ $user }}/{{ $iteration }}' });
const PACED = { duration: '2s', closed: { users: 2, pacing: '250ms' } };

const startsOf = (sent: readonly Sent[], user: number): number[] =>
  sent.filter(({ path }) => path.startsWith(`/${user}/`)).map(({ atUs }) => Math.round(atUs / 1000));

/** Timers of this test have whole ms, and none fires early. */
const expectNear = (seen: readonly number[], wanted: readonly number[]): void => {
  expect(seen).toHaveLength(wanted.length);
  seen.forEach((at, i) => expect(Math.abs(at - (wanted[i] ?? 0))).toBeLessThanOrEqual(3));
};

const EVERY_250 = [0, 250, 500, 750, 1000, 1250, 1500, 1750];

test.each<readonly [string, Answer]>([
  ['fast', { afterMs: 1 }],
  ['slower', { afterMs: 200 }],
  ['failing', { afterMs: 1, status: 503 }],
])('each user begins a journey a pace, whose replies are %s', async (name, answer) => {
  const load = name === 'failing' ? { ...PACED, duration: '500ms' } : PACED;
  const { sent, total } = await runVirtually({ scenarios: STEPS, load }, () => answer);
  for (const user of [0, 1]) expectNear(startsOf(sent, user), EVERY_250.slice(0, name === 'failing' ? 2 : 8));
  expect(total.arrivals.late).toBeUndefined();
  // Users who wait for their pace are users all the same.
  expect(total.userUs).toBeCloseTo(2 * (name === 'failing' ? 5e5 : 2e6), -5);
});

test('a journey that took longer is followed at once, is counted, and the pace goes on from there', async () => {
  const { sent, total } = await runVirtually({ scenarios: STEPS, load: PACED }, ({ path }) => ({
    afterMs: path.endsWith('/2') ? 400 : 10,
  }));
  // The third begins at 500 and ends at 900.
  for (const user of [0, 1]) expectNear(startsOf(sent, user), [0, 250, 500, 900, 1150, 1400, 1650, 1900]);
  expect(total.arrivals).toMatchObject({ due: 16, started: 16, completed: 16, late: 2 });
});

test('a user who is not wanted any more begins none', async () => {
  const stages = [
    { duration: '600ms', hold: 2 },
    { duration: '600ms', hold: 1 },
  ];
  const { sent } = await runVirtually({ scenarios: STEPS, load: { closed: { stages, pacing: '250ms' } } }, () => ({
    afterMs: 1,
  }));
  expect(sent).toHaveLength(8);
  expectNear(startsOf(sent, 0), [0, 250, 500, 750, 1000]);
  expectNear(startsOf(sent, 1), [0, 250, 500]);
});
