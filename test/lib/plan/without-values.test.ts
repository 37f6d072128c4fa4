import { expect, test } from '@jest/globals';
import { readCsv } from '../../../lib/document/csv.ts';
import { feederRows, planSteps } from '../../../lib/plan/plan.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import { withoutValues } from '../../../lib/plan/without-values.ts';

const S = 's3cret';

test('nothing that a plan sends is left, at any depth, and the plan is still one', () => {
  const request = { post: '/a', headers: { authorization: S }, query: { key: S }, json: { password: [S] } };
  const plan = lowerPlan(
    {
      name: 'x',
      headers: { cookie: S },
      variables: { password: S },
      scenarios: [
        {
          name: 'all',
          onStart: [{ post: '/login', form: { password: S } }],
          steps: [request, { loop: { times: 2, steps: [{ choose: [{ steps: [{ put: '/b', body: S }] }] }] } }],
        },
      ],
      setup: [request],
      checks: [request],
      teardown: [{ if: 'true', steps: [request] }],
      phases: [{ name: 'one', kind: 'sustained', duration: '1s', open: { rate: 1 } }],
    },
    {
      feeders: [
        {
          name: 'users',
          order: 'unique',
          columns: ['password'],
          rows: feederRows(readCsv(new TextEncoder().encode(`password\n${S}\n`)).table),
        },
      ],
    },
  );
  const without = withoutValues(plan);
  expect(JSON.stringify(without)).not.toContain(S);
  expect(planSteps(without).map(({ step }) => step.name)).toEqual(planSteps(plan).map(({ step }) => step.name));
  expect(without.phases).toEqual(plan.phases);
});
