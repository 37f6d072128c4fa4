import { expect, test } from '@jest/globals';
import { refuseUnending } from '../../../../lib/run/workflow/bounds.ts';
import { lowerPhase } from '../../../../lib/plan/phase.ts';
import { planOf } from '../plan.ts';

const phase = (duration: string, n = 0) =>
  lowerPhase({ name: `p${n}`, kind: 'sustained', duration, open: { rate: 1 } }, []);

/** The timeout of a plan's requests is a second here. */
const phases = (count: number, duration: string) => Array.from({ length: count }, (_, n) => phase(duration, n));

test.each([
  // 2 h and 2 · (3 min + 1 s).
  ['two hours, and the starts of their tasks', phases(2, '1h'), { maxHours: 3, workers: 1 }],
  // 59 · (15 + 8 · 40) = 19,765 events.
  ['59 phases of 40 workers', phases(59, '1s'), { maxHours: 168, workers: 40 }],
])('%s may run', (_, of, bounds) => {
  expect(() => refuseUnending(planOf(of), bounds)).not.toThrow();
});

test('the tasks of setup and teardown start, too', () => {
  // 1 h 53 min 30 s and 2 · (3 min + 1 s) are 1 h 59 min 32 s; with two tasks more, 2 h 5 min 34 s.
  const alone = planOf(phases(2, '3405s'));
  const bounds = { maxHours: 2, workers: 1 };
  expect(() => refuseUnending(alone, bounds)).not.toThrow();
  const steps = alone.scenarios.flatMap((each) => each.steps);
  expect(() => refuseUnending({ ...alone, setup: steps, teardown: steps }, bounds)).toThrow(
    'an execution is ended after 2 h',
  );
});

test.each([
  ['two hours in two hours', phases(2, '1h'), { maxHours: 2, workers: 1 }, 'an execution is ended after 2 h'],
  // 60 · (15 + 8 · 40) = 20,100 events.
  ['60 phases of 40 workers', phases(60, '1s'), { maxHours: 168, workers: 40 }, '60 phases, which with 40 workers'],
])('%s would be broken off', (_, of, bounds, says) => {
  expect(() => refuseUnending(planOf(of), bounds)).toThrow(says);
});
