import { expect, test } from '@jest/globals';
import { planSteps } from '../../../../lib/plan/plan.ts';
import { headsOf, parseText, planOf } from '../sources.ts';

test('refuses weights of which every one is 0', async () => {
  const choose = '{ choose: [{ weight: 0, steps: [{ get: / }] }, { weight: 0, steps: [] }] }\n  weight: 0';
  expect(await headsOf(planOf({ step: choose }))).toEqual([
    'E-PLAN-INVALID',
    '4:1 scenarios: are all of weight 0, so none is ever chosen; give one of them a weight',
    '6:15 scenarios[0].steps[0].choose: are all of weight 0, so none is ever chosen; give one of them a weight',
  ]);
});

test('refuses a weight below 0', async () => {
  expect(await headsOf(planOf({ step: '{ get: / }\n  weight: -1' }))).toEqual([
    'E-PLAN-INVALID',
    '7:11 scenarios[0].weight: -1 is too small; it must be at least 0',
  ]);
});

test('what has the weight 0 is left out', async () => {
  const choose = '{ choose: [{ weight: 0, steps: [{ get: /off }] }, { steps: [{ get: /on }] }] }';
  const plan = await parseText(planOf({ step: `${choose}\n- { name: b, weight: 0, steps: [{ get: /never }] }` }));
  expect(planSteps(plan).map(({ step }) => step.path)).toEqual(['/on']);
});
