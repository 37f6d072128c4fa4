import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { roomForPools } from '../../../lib/environment/checks.ts';
import { meanLeastTasks } from '../../../lib/environment/cost/week.ts';
import { parseScalingPolicy } from '../../../lib/environment/parse.ts';
import { PlimsollError } from '../../../lib/errors.ts';
import { derivePolicy } from '../../../lib/scaling/policy/derive.ts';
import { prescale, weekOf } from '../../../lib/scaling/policy/prescale.ts';
import { policyFile } from '../../../lib/scaling/writers/policy-file.ts';
import type { DerivedScaling } from '../../../lib/scaling/writers/written.ts';
import { taskLimits } from '../../../lib/scaling/policy/task-limits.ts';
import type { Traffic } from '../../../lib/scaling/traffic/traffic.ts';
import { committed, day, hourly, measured, week } from './measured.ts';

const { environment, scaling: inForce } = committed('staging');
const { staging } = environment;
if (staging === undefined) throw new Error('config/staging.yaml builds a system');

const derived = (over: Partial<Parameters<typeof derivePolicy>[0]> = {}) =>
  derivePolicy({ measured, inForce, limits: [], headroomRatio: 0.25, traffic: week, ...over });

describe('a policy from a capacity', () => {
  test('requests, CPU and bounds leave a quarter of headroom, from the low end of the interval', () => {
    const { policy } = derived();
    // 95 / 1.25 = 76 requests/s a task; 0.8 · 0.95 / 1.25 = 0.608 of CPU.
    expect(policy.requests.targetPerMinute).toBe(4560);
    expect(policy.cpu.targetRatio).toBe(0.6);
    // 400 · 1.25 / 76 = 6.6; 20 / 76 is one task, and two survive the loss of one.
    expect(policy.tasks).toEqual({ min: 2, max: 7 });
    // 45 s and a minute; the alarm is held against 7 · 95.
    expect(policy.cooldown).toEqual({ outSeconds: 110, inSeconds: 300 });
    expect(policy.measured).toEqual({
      run: 'r-1',
      capacityPerSecond: 665,
      perTask: { capacityPerSecond: 100, cpuRatio: 0.8, startUpSeconds: 45 },
    });
    // At 80 % CPU a third more than the target's 60 % is needed, in steps of 5 %.
    expect(policy.jump?.steps).toEqual([
      { cpuRatio: 0.8, addShare: 0.35 },
      { cpuRatio: 0.9, addShare: 1 },
    ]);
  });

  test('without traffic bounds and timetable stay as they are in force', () => {
    const { policy } = derived({ traffic: undefined });
    expect(policy.tasks).toEqual(inForce.tasks);
    expect(policy.schedule).toEqual(inForce.schedule);
  });

  test.each([
    ['not read', undefined],
    ['low, so that something else limits a task', 0.11],
  ])('CPU that was %s leaves its target in force', (_, cpuRatio) => {
    const { cpuRatio: __, ...rest } = measured;
    const { policy, reasons } = derived({ measured: { ...rest, ...(cpuRatio !== undefined && { cpuRatio }) } });
    expect(policy.cpu.targetRatio).toBe(inForce.cpu.targetRatio);
    expect(reasons['cpu.targetRatio']).toContain('As in force');
  });

  test('more headroom never means fewer tasks, nor a higher target', () => {
    const ratio = fc.double({ min: 0, max: 2, noNaN: true });
    const rates = fc.array(fc.double({ min: 0.1, max: 5000, noNaN: true }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(ratio, ratio, rates, (a, b, perSecond) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map(
          (headroomRatio) => derived({ headroomRatio, traffic: hourly(perSecond) }).policy,
        ) as [typeof inForce, typeof inForce];
        expect(more.tasks.max).toBeGreaterThanOrEqual(less.tasks.max);
        expect(more.tasks.min).toBeGreaterThanOrEqual(less.tasks.min);
        expect(more.requests.targetPerMinute).toBeLessThanOrEqual(less.requests.targetPerMinute);
        expect(more.cpu.targetRatio).toBeLessThanOrEqual(less.cpu.targetRatio);
      }),
      { numRuns: 25 },
    );
  });

  test('pools never take more connections than the database has for them', () => {
    const sizes = fc.record({
      poolSize: fc.integer({ min: 1, max: 60 }),
      maxConnections: fc.integer({ min: 70, max: 2000 }),
      peak: fc.double({ min: 1, max: 50_000, noNaN: true }),
    });
    fc.assert(
      fc.property(sizes, ({ poolSize, maxConnections, peak }) => {
        const small = {
          ...staging,
          service: { ...staging.service, poolSize },
          database: { ...staging.database, maxConnections },
        };
        const traffic = hourly(day.map((each) => (each * peak) / 400));
        const { policy } = derived({ limits: taskLimits(small, measured), traffic });
        const most = Math.max(policy.tasks.max, ...policy.schedule.map(({ max }) => max));
        expect(most * poolSize).toBeLessThanOrEqual(roomForPools({ maxConnections }));
        expect(policy.tasks.min).toBeLessThanOrEqual(policy.tasks.max);
        for (const { min, max } of policy.schedule) expect(min).toBeLessThanOrEqual(max);
      }),
      { numRuns: 25 },
    );
  });

  test('whatever was measured, the file can be read again, and says the same', () => {
    const inputs = fc.record({
      run: fc.string({ minLength: 1 }),
      perSecond: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      low: fc.double({ min: 0.3, max: 1, noNaN: true }),
      cpuRatio: fc.double({ min: 0.01, max: 1, noNaN: true }),
      startUpSeconds: fc.integer({ min: 1, max: 900 }),
      headroomRatio: fc.double({ min: 0, max: 3, noNaN: true }),
      name: fc.string(),
    });
    fc.assert(
      fc.property(inputs, ({ headroomRatio, name, low, ...over }) => {
        const lowPerSecond = over.perSecond * low;
        const traffic = { ...hourly(day.map((each) => each * over.perSecond * 0.01)), name };
        const found = derived({ headroomRatio, traffic, measured: { ...measured, ...over, lowPerSecond } });
        const text = policyFile.write({ ...found, name: 'staging' } as DerivedScaling);
        expect(parseScalingPolicy({ path: 'staging.yaml', text })).toEqual(found.policy);
      }),
      { numRuns: 25 },
    );
  });

  test('a limit below the need is said, with what to do', () => {
    // 180 connections for pools of 20 are 9 tasks; 1000 · 1.25 / 76 are 17.
    const { policy, shortfalls } = derived({
      limits: taskLimits(staging, measured),
      traffic: hourly(day.map((each) => each * 2.5)),
    });
    expect(policy.tasks.max).toBe(9);
    expect(shortfalls.join()).toMatch(
      /17 tasks are wanted.*180 \/ 20 = 9.*users will feel it.*lower service\.poolSize/s,
    );
  });

  test('no limit of connections with a proxy; a shared resource that gave way first is one', () => {
    const proxied = { ...staging, database: { ...staging.database, proxy: true } };
    const resources = (each: typeof staging, sharedLimit?: string) =>
      taskLimits(each, { ...measured, ...(sharedLimit !== undefined && { sharedLimit }) }).map(
        ({ resource, mostTasks }) => [resource, mostTasks],
      );
    // 6 machines of 2 tasks, less two tasks of a quarter.
    expect(resources(proxied)).toEqual([
      ['machines', 11],
      ['cache connections', 10_000],
    ]);
    expect(resources(staging, 'database.cpu')[0]).toEqual(['shared resource', 2]);
  });

  test('a database too small for one task is refused', () => {
    const limits = taskLimits({ ...staging, service: { ...staging.service, poolSize: 190 } }, measured);
    expect(() => derived({ limits })).toThrow(PlimsollError);
  });
});

describe('pre-scaling by the clock', () => {
  const tasksFor = (perSecond: number): number => Math.max(1, Math.ceil(perSecond / 76));
  const bounds = { min: 2, max: 7, tasksFor, leadMinutes: 10 };
  const prescaled = (traffic: Traffic) => prescale(weekOf(traffic), bounds);

  test('tasks stand ten minutes before the hour that needs them, in its own zone', () => {
    const schedule = prescaled({ ...week, timezone: 'Europe/London' });
    // 400/76 = 6 tasks from nine on, and half-way there from eight: (20 + 400) / 2 / 76 = 3.
    expect(schedule.map(({ cron, min, timezone }) => [cron, min, timezone])).toEqual(
      [
        ['50 7 ? * * *', 3, 'Europe/London'],
        ['50 8 ? * * *', 6, 'Europe/London'],
        ['0 17 ? * * *', 3, 'Europe/London'],
        ['0 18 ? * * *', 2, 'Europe/London'],
      ].map(([cron, min, timezone]) => [String(cron).replace('? * *', '? * SUN-SAT'), min, timezone]),
    );
  });

  test('weekdays and weekends have timetables of their own, and even traffic has none', () => {
    const five = hourly([1, 1, 1, 1, 1, 0, 0].flatMap((busy) => day.map((each) => (busy ? each : 20))));
    expect(new Set(prescaled(five).map(({ cron }) => cron.split(' ')[4]))).toEqual(new Set(['MON-FRI']));
    expect(prescaled(hourly(Array.from({ length: 168 }, () => 100)))).toEqual([]);
  });

  test('traffic of less than a week is said to be', () => {
    expect(derived({ traffic: hourly(day) }).shortfalls.join()).toContain('holds 24 hours and no whole week');
    expect(derived().shortfalls).toEqual([]);
  });

  test('days that the traffic lacks are as those that it has', () => {
    expect(prescaled(hourly(day))).toEqual(prescaled(week));
  });

  test('a change before midnight belongs to the day before', () => {
    const night = hourly(Array.from({ length: 168 }, (_, hour) => (hour % 24 < 3 ? 400 : 20)));
    const up = prescaled(night).filter(({ cron }) => cron.startsWith('50 '));
    expect(up.map(({ cron }) => cron.split(' ').slice(0, 2).join(' '))).toContain('50 22');
  });

  test('the cost estimate can read every entry', () => {
    const { policy } = derived();
    expect(meanLeastTasks(policy)).toBeGreaterThan(policy.tasks.min);
  });
});
