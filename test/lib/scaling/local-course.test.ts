import { expect, test } from '@jest/globals';
import { parseScalingPolicy } from '../../../lib/environment/parse.ts';
import { readFileSync } from 'node:fs';
import type { ScalingPolicy } from '../../../lib/environment/scaling-policy.ts';
import {
  compareCourse,
  historyOfTicks,
  localModel,
  type LocalTask,
  type LocalTick,
  missedMinutes,
  serviceMsOf,
} from '../../../lib/scaling/local-course.ts';
import { simulate } from '../../../lib/scaling/simulate/simulate.ts';
import type { Traffic } from '../../../lib/scaling/traffic/traffic.ts';
import { verifyScaling } from '../../../lib/analysis/scaling/verify.ts';

const path = 'config/scaling/staging.yaml';
const policy = parseScalingPolicy({ path, text: readFileSync(path, 'utf8') });
// 3000 a minute and a quarter more are 62.5/s, at 60 % and a quarter more of the CPU: 62.5 / 0.75 = 83.3/s at the most.
const serviceMs = serviceMsOf(policy, 4);
const task = { serviceMs, startUpMs: 2000, compress: 30 };
const model = localModel(policy, task);

const tick = (perSecond: number, running: number, desired: number, missed = false): LocalTick => ({
  perSecond,
  running,
  desired,
  least: 2,
  cause: 'cpu',
  missed,
});
/** Three ticks a minute: a minute at 100/s, load doubles, two minutes late come the tasks, and the load stays. */
const course = [
  ...Array.from({ length: 3 }, () => tick(100, 2, 2)),
  ...Array.from({ length: 5 }, () => tick(200, 2, 2, true)),
  tick(200, 2, 4, true),
  ...Array.from({ length: 6 }, () => tick(200, 4, 4)),
];

test('a task is as slow as the policy needs it to be', () => {
  expect(serviceMs).toBeCloseTo(48);
  expect(model.capacityPerSecond).toBeCloseTo(0.95 * 83.33, 1);
  // 2 s and 300 ms of a clock that runs thirty times as fast.
  expect(model).toMatchObject({ startUpSeconds: 60, limitUs: 9e6, patienceSeconds: 10 });
});

test('the ticks are a history which the rules judge', () => {
  const history = historyOfTicks(course, 0, policy, model);
  // 200 / 79.2 is 2.5: three tasks.
  expect(history.counts[3]).toEqual({ atMs: 60_000, desired: 2, running: 2, least: 2, needed: 3 });
  // What is decided after a tick counts from its end: the ninth ends at 180 s.
  expect(history.activities).toEqual([{ atMs: 180_000, from: 2, to: 4, cause: 'cpu' }]);
  expect(verifyScaling(history)).toMatchObject({
    'scale-out': { verdict: 'pass' },
    delay: { verdict: 'pass' },
    objectives: { verdict: 'fail' },
    'alarm-fired': { verdict: 'unknown' },
  });
});

test('minutes are counted once', () => {
  expect(missedMinutes(course)).toBe(2);
  expect(missedMinutes([tick(1, 1, 1, true), tick(1, 1, 1, true), tick(1, 1, 1), tick(1, 1, 1, true)])).toBe(2);
});

test('beside its simulation: how far the tasks lie apart', () => {
  const traffic = { name: 'flat', timezone: 'UTC', startMs: Date.UTC(2026, 2, 1, 10), stepSeconds: 60 };
  const host = { onDemandTasks: 0, spotShare: 0, usdPerHour: undefined };
  const perSecond = [100, 100, 100, 100, 100];
  const simulated = simulate({ policy, model, host, spot: { perTaskHour: 0, seed: 1 } }, { ...traffic, perSecond });
  // 100/s need two tasks of 50/s; four of them were asked for in the last two of five minutes.
  expect(compareCourse(course, simulated)).toEqual({
    withinOneRatio: 3 / 5,
    furthestTasks: 2,
    missedMinutes: { measured: 2, simulated: 0 },
  });
});

/** What `npm run demo:scaling -- --record` wrote of a run on two shared cores, 2026-11-30. */
interface RecordedCourse {
  readonly policy: ScalingPolicy;
  readonly task: LocalTask;
  readonly traffic: Traffic;
  readonly ticks: readonly LocalTick[];
}
const recorded = JSON.parse(readFileSync('test/lib/scaling/recorded-course.json', 'utf8')) as RecordedCourse;

test('the simulator goes as real processes did: tasks within one, missed minutes within a fifth', () => {
  const own = localModel(recorded.policy, recorded.task);
  const host = { onDemandTasks: 0, spotShare: 0, usdPerHour: undefined };
  const system = { policy: recorded.policy, model: own, host, spot: { perTaskHour: 0, seed: 1 } };
  const { furthestTasks, missedMinutes: missed } = compareCourse(recorded.ticks, simulate(system, recorded.traffic));
  expect(furthestTasks).toBeLessThanOrEqual(1);
  expect(missed.measured).toBeGreaterThan(0);
  expect(Math.abs(missed.simulated - missed.measured)).toBeLessThanOrEqual(0.2 * missed.measured);
  // The course had something to show: tasks came, and went.
  expect(new Set(recorded.ticks.map(({ desired }) => desired)).size).toBeGreaterThan(3);
});
