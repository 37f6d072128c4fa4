import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ScalingPolicy } from '../../../lib/environment/scaling-policy.ts';
import { coursePage } from '../../../lib/scaling/page/course-page.ts';
import { modelOf } from '../../../lib/scaling/service-model.ts';
import type { Host } from '../../../lib/scaling/simulate/fleet.ts';
import { LoadForecast } from '../../../lib/scaling/simulate/forecast.ts';
import { Machines } from '../../../lib/scaling/simulate/machines.ts';
import { simulate } from '../../../lib/scaling/simulate/simulate.ts';
import { changeOf, OutCooldown, shareAt } from '../../../lib/scaling/simulate/step-scaling.ts';
import { TargetTracker } from '../../../lib/scaling/simulate/target-tracking.ts';
import type { Traffic } from '../../../lib/scaling/traffic/traffic.ts';
import { byMinute, host, hourly, measured, policy, spot, steady } from './measured.ts';

const model = modelOf(measured);
const run = (traffic: Traffic, over: Partial<ScalingPolicy> = {}, others: { host?: Host; perTaskHour?: number } = {}) =>
  simulate(
    {
      policy: { ...policy, ...over },
      model,
      host: others.host ?? host,
      spot: { ...spot, perTaskHour: others.perTaskHour ?? 0 },
    },
    traffic,
  );

describe('as AWS documents it', () => {
  // Application Auto Scaling API, StepScalingPolicyConfiguration: with 2 added, a step of 3 within the cooldown adds 1.
  test('within a cooldown what was added counts as part of the next step', () => {
    const cooldown = new OutCooldown(300);
    expect(cooldown.base(0, 10)).toBe(10);
    cooldown.start(0, 10);
    expect(cooldown.base(120, 12) + 3 - 12).toBe(1);
    expect(cooldown.base(300, 12)).toBe(12);
  });

  // The same, MinAdjustmentMagnitude: 25 percent of 4 tasks is 1, and with a least of 2 it is 2.
  test('a percentage has a least change', () => {
    expect([changeOf(4, 0.25), changeOf(4, 0.25, 2)]).toEqual([1, 2]);
  });

  // "Step scaling policies", adjustment types: 12.7 becomes 12, 0.67 becomes 1, -0.58 becomes -1, -6.67 becomes -6.
  test.each([
    [10, 1.27, 12],
    [1, 0.67, 1],
    [1, -0.58, -1],
    [10, -0.667, -6],
    [10, 0, 0],
  ])('%d tasks, %d of them: %d', (capacity, share, change) => {
    expect(changeOf(capacity, share)).toBe(change);
  });

  // Amazon EC2 Auto Scaling User Guide, "Step and simple scaling policies": from 10, at 60 % one more, at 70 % three more, at 40 % one less, at 30 % three less.
  test('its example of a group of ten', () => {
    const out = [
      { from: 60, share: 0.1 },
      { from: 70, share: 0.3 },
    ];
    const after: number[] = [];
    let group = 10;
    for (const [value, share] of [
      [60, shareAt(out, 60)],
      [70, shareAt(out, 70)],
      [40, -0.1],
      [30, -0.3],
    ] as const) {
      group += value < 50 ? changeOf(group, share) : changeOf(group, share);
      after.push(group);
    }
    expect(after).toEqual([11, 14, 13, 10]);
  });

  test('target tracking: out after three datapoints above the target, in after fifteen below nine tenths of it', () => {
    const tracker = new TargetTracker('cpu', 0.6, 60);
    const seen = (value: number, times: number): void =>
      Array.from({ length: times }).forEach(() => tracker.see(value));
    seen(0.9, 2);
    expect(tracker.isHigh).toBe(false);
    seen(0.9, 1);
    expect([tracker.isHigh, tracker.wanted(4)]).toEqual([true, 6]);
    seen(0.55, 20);
    expect([tracker.isHigh, tracker.isLow]).toEqual([false, false]);
    seen(0.3, 14);
    expect(tracker.isLow).toBe(false);
    seen(0.3, 1);
    expect([tracker.isLow, tracker.wanted(4)]).toEqual([true, 2]);
  });

  // "put-scaling-policy": of +3 and +200 percent at a capacity of 10 the larger wins, and it scales out to 30.
  test('of two policies that want more the one that wants most wins', () => {
    // Ten tasks at 88 %: CPU wants 15 at the most, requests 4 times as many as there are.
    const course = run(byMinute([...steady(780, 30), ...steady(3200, 10)]), { tasks: { min: 10, max: 100 } });
    const first = course.activities.find(({ to, from }) => to > from && from === 10);
    expect(first?.cause).toBe('requests');
    expect(first?.to).toBeGreaterThanOrEqual(40);
  });

  // "Amazon ECS introduces new high-resolution metrics", June 2026: 363 s and 86 s from the load to the scale-out.
  test.each([
    [60, 300, 370],
    [20, 75, 105],
  ] as const)('CPU every %d s is answered %d to %d s after a jump', (everySeconds, least, most) => {
    const jumpAt = 30;
    const traffic = { ...hourly([...steady(100, jumpAt * 3), ...steady(300, 45)]), stepSeconds: 20 };
    const course = run(traffic, { cpu: { targetRatio: 0.64, everySeconds }, requests: { targetPerMinute: 1e6 } });
    const first = course.activities.find(({ cause }) => cause === 'cpu');
    const seconds = ((first?.atMs ?? 0) - traffic.startMs) / 1000 - jumpAt * 60;
    expect(seconds).toBeGreaterThanOrEqual(least);
    expect(seconds).toBeLessThanOrEqual(most);
  });

  test('bounds by the clock take effect at once, also against target tracking', () => {
    const entry = { timezone: 'UTC', max: 9 };
    const schedule = [
      { ...entry, name: 'noon', cron: '0 12 ? * * *', min: 7 },
      { ...entry, name: 'evening', cron: '0 19 ? * * *', min: 2 },
    ];
    const course = run(hourly(steady(50, 24)), { schedule });
    expect(course.activities[0]).toEqual({ atMs: Date.UTC(2026, 2, 2, 12), from: 2, to: 7, cause: 'noon' });
    // In the evening they may go, and do when load has been low for a quarter of an hour.
    expect(course.activities[1]).toMatchObject({ from: 7, cause: 'scale-in' });
  });

  test('predictive scaling needs a day, adds before the hour, and only where its mode says so', () => {
    const day = Array.from({ length: 24 }, (_, hour) => (hour === 12 ? 2000 : 100));
    const predictive = { mode: 'scale', bufferSeconds: 600 } as const;
    const twoDays = hourly([...day, ...day]);
    const causes = (over: Partial<ScalingPolicy>) =>
      run(twoDays, over).activities.filter(({ cause }) => cause === 'predictive');
    expect(causes({ predictive: { ...predictive, mode: 'forecast-only' } })).toEqual([]);
    const moments = causes({ predictive }).map(({ atMs }) => new Date(atMs).toISOString());
    expect(moments[0]).toMatch(/^2026-03-03T1[01]:50/);
  });

  test('a forecast is the mean of the same hour of the last two weeks, else of yesterday', () => {
    const forecast = new LoadForecast();
    const hour = (perSecond: number): void => Array.from({ length: 180 }).forEach(() => forecast.add(perSecond));
    for (let at = 0; at < 24; at += 1) hour(at);
    expect([forecast.of(23), forecast.of(24), forecast.of(25)]).toEqual([undefined, 0, 1]);
    for (let at = 24; at < 200; at += 1) hour(at);
    expect(forecast.of(200)).toBe(32);
  });

  test('machines: 90 % of them filled, four more at once, two minutes until they carry', () => {
    const machines = new Machines({ each: 2, min: 1, max: 20 }, 4);
    // 2 are full, and a tenth stands by: 3.
    expect([machines.ready, machines.places]).toEqual([3, 6]);
    machines.tick(0, 20);
    expect([machines.there, machines.ready]).toEqual([7, 3]);
    machines.tick(6, 20);
    expect(machines.ready).toBe(7);
  });
});

describe('a course', () => {
  const rates = fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { minLength: 30, maxLength: 90 });

  test('loses no request: arrivals = served + lost + queued', () => {
    const machines = { each: 2, min: 1, max: 6 };
    fc.assert(
      fc.property(
        rates,
        fc.boolean(),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (perSecond, onMachines, perTaskHour) => {
          const where = { ...host, spotShare: 1, ...(onMachines && { machines }) };
          const course = run(byMinute(perSecond), {}, { host: where, perTaskHour });
          expect(course.served + course.dropped + course.queued).toBe(course.arrivals);
          expect(course.arrivals).toBeGreaterThanOrEqual(0);
          expect(Math.min(...course.minutes.running)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...course.minutes.desired)).toBeLessThanOrEqual(policy.tasks.max);
          expect(Math.max(...course.minutes.running)).toBeLessThanOrEqual(onMachines ? 12 : policy.tasks.max);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('follows load up and down, and costs what its tasks cost', () => {
    // 1000/s at 80 a task are 13 tasks; then 100/s are two.
    // One policy alone, since each has its cooldown for itself: a second one would add to what the first has just added.
    const cooldown = { outSeconds: 300, inSeconds: 300 };
    const course = run(byMinute([...steady(100, 20), ...steady(1000, 60), ...steady(100, 60)]), {
      cooldown,
      cpu: { targetRatio: 0.99 },
    });
    const at = (minute: number): number => course.minutes.running[minute] ?? 0;
    expect([at(10), at(75), at(135)]).toEqual([2, 13, 2]);
    // Tasks are paid for while they start, too: some eleven for 45 s and more.
    expect(course.usd).toBeGreaterThan(course.taskHours);
    expect(course.usd).toBeLessThan(course.taskHours + 1);
    expect(course.flaps).toBe(0);
  });

  test('enough tasks hold the objective, and too few do not', () => {
    const traffic = byMinute(steady(900, 60));
    expect(run(traffic, { tasks: { min: 10, max: 10 } }).violatedMinutes).toBe(0);
    expect(run(traffic, { tasks: { min: 5, max: 5 } }).violatedMinutes).toBe(60);
    expect(run(traffic, { tasks: { min: 5, max: 5 } }).minutesAtMaximum).toBe(60);
  });

  test('tasks beyond the load and a quarter are over-provisioned', () => {
    // 80/s need one task of 100/s with a quarter: nine of ten stand idle, an hour long.
    expect(run(byMinute(steady(80, 60)), { tasks: { min: 10, max: 10 } }).overProvisionedTaskMinutes).toBeCloseTo(540);
  });

  test('Spot that is taken back is replaced after the start-up', () => {
    const course = run(
      byMinute(steady(400, 240)),
      { tasks: { min: 10, max: 10 } },
      { host: { ...host, spotShare: 1 }, perTaskHour: 1 },
    );
    expect(Math.min(...course.minutes.running)).toBeLessThan(10);
    expect(course.minutes.desired.every((each) => each === 10)).toBe(true);
  });
});

test('the page of a course loads nothing, runs no script, and draws a year in a thousand points', () => {
  const traffic = { ...byMinute([...steady(150, 2000), ...steady(1500, 500)]), name: '<hours>' };
  const course = run(traffic);
  const findings = { delay: { verdict: 'fail', evidence: 'a < b' } } as const;
  const page = coursePage(course, { traffic, model, findings });
  expect(page.match(/<svg/g)).toHaveLength(3);
  expect(page).not.toMatch(/<script|src=|href=|url\(|NaN|undefined|Infinity/);
  expect(page).toContain('Simulation: &lt;hours&gt;');
  expect(page).toContain('a &lt; b');
  const points = Array.from(page.matchAll(/<path d="([^"]*)"/g), ([, path = '']) => path.split(/[ML]/).length);
  expect(Math.max(...points)).toBeLessThan(1000);
});
