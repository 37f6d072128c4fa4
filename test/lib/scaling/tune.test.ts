import { describe, expect, test } from '@jest/globals';
import { PlimsollError } from '../../../lib/errors.ts';
import { modelOf, modelOfPolicy, responseUs } from '../../../lib/scaling/service-model.ts';
import { firingsWithin } from '../../../lib/scaling/simulate/cron.ts';
import { costOf, tune } from '../../../lib/scaling/simulate/tune.ts';
import { profileTraffic } from '../../../lib/scaling/traffic/profiles.ts';
import { host, measured, policy, spot } from './measured.ts';

const model = modelOf(measured);

describe('cron of AWS', () => {
  const within = (cron: string, timezone = 'UTC', days = 7) =>
    firingsWithin(cron, timezone, [Date.UTC(2026, 2, 2), Date.UTC(2026, 2, 2 + days)]).map((at) =>
      new Date(at).toISOString().slice(5, 16),
    );

  test.each([
    ['45 7 ? * MON-WED *', 'UTC', ['03-02T07:45', '03-03T07:45', '03-04T07:45']],
    // Tokyo is nine hours ahead: its Tuesday begins on Monday.
    ['0 0 ? * TUE *', 'Asia/Tokyo', ['03-02T15:00']],
    ['0/30 8 3 3 ? 2026', 'UTC', ['03-03T08:00', '03-03T08:30']],
    ['0 6 ? * 1,7 *', 'UTC', ['03-07T06:00', '03-08T06:00']],
    ['0 6 ? * * 2030', 'UTC', []],
  ])('%s in %s', (cron, timezone, expected) => {
    expect(within(cron, timezone)).toEqual(expected);
  });

  test('keeps the clock of its zone when summer comes', () => {
    // 29 March: from then on eight in London is seven in UTC.
    expect(within('0 8 ? * SAT,MON *', 'Europe/London', 30).slice(-3)).toEqual([
      '03-23T08:00',
      '03-28T08:00',
      '03-30T07:00',
    ]);
  });

  test('what it does not know is refused', () => {
    expect(() => within('0 6 ? * MON#1 *')).toThrow(PlimsollError);
  });
});

describe('the model of a service', () => {
  test('response time lies between what was measured', () => {
    // Half-way from 0.1 to 0.8 it is half-way from 20 to 120 ms.
    expect([0, 0.1, 0.45, 1].map((load) => Math.round(responseUs(model, load)))).toEqual([
      20_000, 20_000, 70_000, 300_000,
    ]);
    expect(responseUs(model, 1.1)).toBeGreaterThan(300_000);
  });

  test('an objective that one task misses without load is a contradiction', () => {
    const curve = [
      { loadRatio: 0.1, us: 300_000 },
      { loadRatio: 1, us: 300_000 },
    ];
    expect(() => modelOf({ ...measured, curve })).toThrow('no number of tasks holds it');
  });

  test('of a policy file: what was measured, else what its target implies', () => {
    expect(modelOfPolicy(policy).capacityPerSecond).toBe(100);
    const filled = { ...policy, measured: { run: 'r', capacityPerSecond: 10_000 } };
    expect(modelOfPolicy(filled).capacityPerSecond).toBe(200);
    const perTask = { capacityPerSecond: 70, startUpSeconds: 20 };
    expect(modelOfPolicy({ ...policy, measured: { ...filled.measured, perTask } })).toMatchObject({
      capacityPerSecond: 70,
      startUpSeconds: 20,
    });
  });
});

/** Hours of a profile in which its load changes most: a Monday's morning, a sale on Thursday, a push. */
const EXCERPTS = [
  ['office-hours', 8.9, 9.6],
  ['flash-sale', 3 * 24 + 19.9, 3 * 24 + 20.6],
  ['global', 6.9, 7.6],
] as const;

test.each(EXCERPTS)('%s: the tuned policy costs no more than the one given, and misses no more', (name, from, to) => {
  const whole = profileTraffic(name, 2000);
  const traffic = { ...whole, perSecond: whole.perSecond.slice(Math.round(from * 60), Math.round(to * 60)) };
  const { given, best, frontier } = tune({ policy, model, host, spot }, traffic);
  expect(costOf(best)).toBeLessThanOrEqual(costOf(given));
  expect(best.violatedMinutes).toBeLessThanOrEqual(given.violatedMinutes);
  // On the frontier less of the one is more of the other.
  expect(frontier.at(-1)?.violatedMinutes).toBeLessThanOrEqual(best.violatedMinutes);
  for (const [at, next] of frontier.slice(1).entries()) {
    expect(next.violatedMinutes).toBeLessThan(frontier[at]?.violatedMinutes ?? 0);
    expect(costOf(next)).toBeGreaterThanOrEqual(costOf(frontier[at] ?? next));
  }
});
