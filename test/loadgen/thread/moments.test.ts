import { expect, test } from '@jest/globals';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { hasMoments } from '../../../loadgen/thread/moments.ts';

const get = { get: '/' };
const closed = { name: 'p', kind: 'sustained', duration: '1s', closed: { users: 1 } } as const;
const open = { name: 'p', kind: 'sustained', duration: '1s', open: { rate: 1 } } as const;
const planOf = (steps: unknown[], phases: unknown[] | undefined): PlanInput =>
  ({ name: 'p', scenarios: [{ name: 's', steps }], ...(phases && { phases }) }) as PlanInput;

test.each<[why: string, input: PlanInput, expected: boolean]>([
  ['users who only wait for replies', planOf([get], [closed]), false],
  ['arrivals, in any phase', planOf([get], [closed, open]), true],
  ['a pace', planOf([get], [{ ...closed, closed: { users: 1, pacing: '2s' } }]), true],
  ['a pause', planOf([get, { pause: '1s' }], [closed]), true],
  ['a pause within another step', planOf([{ if: 'a == 1', steps: [get, { pause: '1s' }] }], [closed]), true],
  ['a search, which asks for arrivals', planOf([get], undefined), true],
])('the precise timer is started before a load with %s: %s', (_, input, expected) => {
  expect(hasMoments(lowerPlan(input, { feeders: [] }))).toBe(expected);
});
