import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { OBJECTIVE_PATTERN, parseObjective } from '../../lib/plan/objective.ts';

const op = fc.constantFrom('<', '<=', '>', '>=');
const amount = fc.integer({ min: 0, max: 100_000 }).map((n) => n / 100);
const units = { ms: 1e3, s: 1e6, us: 1 } as const;
const limit = fc.record({ op, amount, unit: fc.constantFrom('ms', 's', 'us') });
type Written = typeof limit extends fc.Arbitrary<infer T> ? T : never;

const write = ({ op: sign, amount: n, unit }: Written): string => `${sign} ${n}${unit}`;
const value = ({ op: sign, amount: n, unit }: Written) => ({ op: sign, value: Math.round(n * units[unit]) });

test('what is written is what is read', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99 }),
      limit,
      fc.option(limit),
      fc.option(limit),
      (stat, target, warn, fail) => {
        const text = [
          `p${stat} ${write(target)}`,
          ...(warn === null ? [] : [`warn ${write(warn)}`]),
          ...(fail === null ? [] : [`fail ${write(fail)}`]),
        ].join(', ');
        expect(parseObjective(text)).toEqual({
          text,
          metric: { of: 'responseTime', stat },
          target: value(target),
          ...(warn !== null && { warn: value(warn) }),
          ...(fail !== null && { fail: value(fail) }),
        });
      },
    ),
  );
});

test('any other text is undefined, never a throw; and the pattern of the JSON Schema lets no less through', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const objective = parseObjective(text);
      expect(objective === undefined || OBJECTIVE_PATTERN.test(text.trim())).toBe(true);
    }),
  );
});
