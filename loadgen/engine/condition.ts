import {
  exactNumber,
  isExactNumber,
  isJsonNumber,
  isSameValue,
  orderOfNumbers,
} from '../../lib/document/exact-json.ts';
import { parseCondition, type Comparator, type Condition } from '../../lib/plan/condition.ts';
import { type Constants, type Render, valueOf } from './render.ts';
import type { User, Value } from './user.ts';

/** A condition as a function of the user. A name without a value is null. */
export function compileCondition(text: string, constants: Constants): (user: User) => boolean {
  const condition = parseCondition(text);
  if (!('is' in condition)) throw new RangeError(`a plan's conditions are checked, and ${text} is none`);
  const value = compile(condition, constants);
  return (user) => isTrue(value(user));
}

function compile(condition: Condition, constants: Constants): Render<Value> {
  switch (condition.is) {
    case 'value': {
      const { value } = condition;
      return () => value;
    }
    case 'name':
    case 'defined': {
      const value = valueOf(condition.name, constants);
      return condition.is === 'name' ? (user) => value(user) ?? null : (user) => value(user) !== undefined;
    }
    case 'function':
      throw new RangeError(`what ${condition.name} answers is asked for before`);
    case 'not': {
      const value = compile(condition.of, constants);
      return (user) => !isTrue(value(user));
    }
    default: {
      const [left, right] = [compile(condition.left, constants), compile(condition.right, constants)];
      if (condition.is === 'and') return (user) => isTrue(left(user)) && isTrue(right(user));
      if (condition.is === 'or') return (user) => isTrue(left(user)) || isTrue(right(user));
      const holds = COMPARE[condition.by];
      return (user) => holds(left(user), right(user));
    }
  }
}

/** Not true: null, false, 0, the empty text and the empty list. */
function isTrue(value: Value): boolean {
  if (isExactNumber(value)) return Number(value.rawJSON) !== 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

const COMPARE: Readonly<Record<Comparator, (left: Value, right: Value) => boolean>> = {
  '==': isEqual,
  '!=': (left, right) => !isEqual(left, right),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
};

const isNumber = (value: Value): boolean => typeof value === 'number' || isExactNumber(value);

/** Columns and headers are texts, so one that is a number, true or false equals that value. */
function isEqual(left: Value, right: Value): boolean {
  if (typeof left === 'boolean' || typeof right === 'boolean') return truthIn(left) === truthIn(right);
  if (isNumber(left) && typeof right === 'string') return isSameValue(left, numberIn(right));
  if (isNumber(right) && typeof left === 'string') return isSameValue(numberIn(left), right);
  return isSameValue(left, right);
}

const truthIn = (value: Value): Value => (value === 'true' ? true : value === 'false' ? false : value);

const numberIn = (text: string): Value => (isJsonNumber(text) ? exactNumber(text) : text);

/** Numbers by their size, and texts that are no numbers by their letters, as dates of ISO 8601; nothing else has an order. */
function ordered(holds: (order: number) => boolean): (left: Value, right: Value) => boolean {
  return (left, right) => {
    const [a, b] = [lettersOf(left), lettersOf(right)];
    if (a !== undefined && b !== undefined) return holds(orderOfNumbers(a, b));
    if (typeof left !== 'string' || typeof right !== 'string') return false;
    return holds(left < right ? -1 : left > right ? 1 : 0);
  };
}

/** A number's, as it was written; undefined of what is none. */
function lettersOf(value: Value): string | undefined {
  if (typeof value === 'number') return String(value);
  if (isExactNumber(value)) return value.rawJSON;
  return typeof value === 'string' && isJsonNumber(value) ? value : undefined;
}
