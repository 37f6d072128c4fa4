import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { gravest, type Verdict } from '../../../lib/analysis/verdict.ts';

const order: readonly Verdict[] = ['pass', 'warn', 'unknown', 'void', 'fail'];
const verdicts = fc.array(fc.constantFrom(...order), { minLength: 1 });

test('nothing judged is unknown, never a pass', () => {
  expect(gravest([])).toBe('unknown');
});

test('the gravest is one of them, and none of them is graver', () => {
  fc.assert(
    fc.property(verdicts, (several) => {
      const worst = gravest(several);
      expect(several).toContain(worst);
      expect(Math.max(...several.map((each) => order.indexOf(each)))).toBe(order.indexOf(worst));
    }),
  );
});

test('a pass needs every one of them to pass', () => {
  fc.assert(
    fc.property(verdicts, (several) => {
      expect(gravest(several) === 'pass').toBe(several.every((each) => each === 'pass'));
    }),
  );
});
