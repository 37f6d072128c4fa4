import { expect, test } from '@jest/globals';
import { describeCost, expectedCost } from '../../../../lib/run/workflow/cost.ts';
import { phaseOf } from '../../analysis/measured.ts';
import { planOf } from '../plan.ts';

const price = { usdPerVcpuHour: 0.04, usdPerGibHour: 0.005 };
/** Of phases that take so many minutes each. */
const planWith = (...minutes: readonly number[]) =>
  planOf(minutes.map((each) => ({ ...phaseOf({}), durationUs: each * 60e6 })));

test.each([
  // One task for 59 min, and one to start: an hour.
  ['one hour of one task', planWith(59), { workers: 1, vcpus: 1, memoryGib: 2 }, 1, 2, 0.05],
  // Tasks of each phase start anew: 2 × (29 + 1) min = 1 h, × 4 tasks of half a vCPU = 2, of 1 GiB = 4; 0.08 + 0.02.
  ['two phases of four tasks', planWith(29, 29), { workers: 4, vcpus: 0.5, memoryGib: 1 }, 2, 4, 0.1],
  // Beside the first for its hour: 1 + 0.25, and 2 + 0.5; 0.05 + 0.0125.
  [
    'a collector',
    planWith(59),
    { workers: 1, vcpus: 1, memoryGib: 2, collector: { vcpus: 0.25, memoryGib: 0.5 } },
    1.25,
    2.5,
    0.0625,
  ],
  ['nothing', planWith(), { workers: 4, vcpus: 1, memoryGib: 1 }, 0, 0, 0],
])('%s', (_, plan, size, vcpuHours, gibHours, usd) => {
  const cost = expectedCost(plan, size, price);
  expect(cost.vcpuHours).toBeCloseTo(vcpuHours, 9);
  expect(cost.gibHours).toBeCloseTo(gibHours, 9);
  expect(cost.usd).toBeCloseTo(usd, 9);
});

test('without a price it is unknown, and never nothing', () => {
  const cost = expectedCost(planWith(59), { workers: 1, vcpus: 1, memoryGib: 2 }, undefined);
  expect(cost.usd).toBeUndefined();
  expect(describeCost(cost, 'no prices of eu-west-1')).toBe(
    '1 vCPU-hours and 2 GB-hours of Fargate, price unknown (no prices of eu-west-1)',
  );
});

test('in a line, with whose prices they are', () => {
  expect(describeCost({ vcpuHours: 22.34, gibHours: 44.68, usd: 0.876 }, '2025-06, on demand')).toBe(
    '22.3 vCPU-hours and 44.7 GB-hours of Fargate, about $0.88 (2025-06, on demand)',
  );
});
