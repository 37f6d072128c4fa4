import { expect, test } from '@jest/globals';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import { planConfiguration } from '../../../lib/report/plan-configuration.ts';

const rowsOf = (more: object): ReadonlyMap<string, string> =>
  new Map(
    planConfiguration(
      lowerPlan({ name: 'p', scenarios: [{ name: 's', steps: [{ get: '/' }] }], phases: [], ...more }, { feeders: [] }),
    ).map(([name, value]) => [name, value]),
  );

test('a proxy by which requests went is said, its credentials are not', () => {
  const proxy = { url: 'http://127.0.0.1:3128', credentials: 'PROXY_LOGIN' };
  expect(rowsOf({ proxy }).get('Proxy')).toBe('http://127.0.0.1:3128');
  expect(rowsOf({}).has('Proxy')).toBe(false);
});
