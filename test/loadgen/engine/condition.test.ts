import { expect, test } from '@jest/globals';
import { parseExactJson } from '../../../lib/document/exact-json.ts';
import { compileCondition } from '../../../loadgen/engine/condition.ts';
import { User, type Value } from '../../../loadgen/engine/user.ts';

const VALUES = `{"nothing": null, "zero": 0, "exactZero": 0.0, "one": 1, "text": "b", "empty": "", "none": [], "some": [0], "map": {},
  "id": 9007199254740993, "price": 1.10, "yes": true}`;

const constants = new Map(Object.entries(parseExactJson(VALUES) as Record<string, Value>));

function holds(condition: string): boolean {
  const user = new User(0, { origin: '' } as never, () => 0);
  user.variables.set('users.age', '18');
  user.variables.set('users.vip', 'true');
  user.variables.set('shadow', null);
  return compileCondition(condition, new Map([...constants, ['shadow', 'a constant']]))(user);
}

test.each([
  ['one', true],
  ['zero', false],
  ['exactZero', false],
  ['empty', false],
  ['nothing', false],
  ['lacking', false],
  ['none', false],
  ['some', true],
  ['map', true],
  ['"0"', true],
  ['yes == true', true],
  ['lacking == null', true],
  ['defined(lacking)', false],
  ['defined(nothing)', true],
  ['defined(shadow) and shadow == null', true],
  // and binds closer than or, not closer than and; comparisons closest.
  ['true or true and false', true],
  ['(true or true) and false', false],
  ['not false and false', false],
  ['not (false and false)', true],
  ['not one == 2', true],
  ['not not one', true],
  // Numbers are what they are, however written and however long.
  ['price == 1.1', true],
  ['id == 9007199254740993', true],
  ['id == 9007199254740992', false],
  ['one == 1e0', true],
  ['one >= 1 and one <= 1 and not one < 1 and not one > 1', true],
  ['one > -2', true],
  ['id < 9007199254740994', true],
  ['id <= 9007199254740992', false],
  ['id > 9007199254740992.9', true],
  ['id >= 9007199254740993.0', true],
  ['one < 1.00000000000000000001', true],
  // A column is a text.
  ['users.age == 18', true],
  ['users.age == "18"', true],
  ['users.age >= 9', true],
  ["users.age < '9'", false],
  ['users.vip == true', true],
  ['users.vip != false', true],
  ['false == users.vip', false],
  ['yes == "true"', true],
  ['one == true', false],
  ['nothing == false', false],
  ['text > "a"', true],
  ["'2026-01-31' < '2026-02-01'", true],
  ['text == 1', false],
  ['text != 1', true],
  ['null < 1', false],
  ['none == none', true],
  ['map == "map"', false],
])('%s is %s', (condition, expected) => {
  expect(holds(condition)).toBe(expected);
});
