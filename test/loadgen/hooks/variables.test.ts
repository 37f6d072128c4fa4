import { expect, test } from '@jest/globals';
import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  property,
  record,
  string,
} from 'fast-check';
import { UserVariables } from '../../../loadgen/hooks/user-variables.ts';
import { Sessions } from '../../../loadgen/hooks/sessions.ts';
import { User } from '../../../loadgen/engine/user.ts';

const NAMES = ['a', 'b', 'users.email'];
const value = oneof(string(), integer(), boolean(), constant(null), array(integer()));
/** Someone sets a variable, or takes it out. */
const change = record({
  by: constantFrom('journey', 'hook'),
  name: constantFrom(...NAMES),
  value: option(value, { nil: undefined }),
});

test('after each call journey and hooks know the same variables, whoever has changed them', () => {
  assert(
    property(array(change), boolean(), (changes, inPlace) => {
      const user = new User(0, 0, () => 0);
      const sessions = new Sessions(new Map());
      const names = { email: 'users.email' };
      const context = { variables: {} as Record<string, unknown> };
      const own = new UserVariables(context, { names, variables: {} } as never);
      for (const { by, name, value: next } of changes) {
        const known = name === 'users.email' ? 'email' : name;
        if (by === 'journey') {
          if (next === undefined) user.variables.delete(name);
          else user.variables.set(name, next);
        }
        own.take(structuredClone(sessions.changed(user)));
        if (by === 'hook') {
          const held = context.variables[known];
          if (next === undefined) delete context.variables[known];
          else if (inPlace && Array.isArray(held)) held.push(1);
          else context.variables[known] = next;
        }
        sessions.take(user, structuredClone(own.changed()));
        const { email, ...others } = context.variables;
        const here = { ...others, ...(email !== undefined && { 'users.email': email }) };
        expect(Object.fromEntries(user.variables)).toEqual(here);
      }
    }),
  );
});

test('only what has changed is sent, and what no other thread can hold stays', () => {
  const user = new User(0, 0, () => 0);
  const sessions = new Sessions(new Map());
  user.variables.set('a', { n: 1 }).set('value of f []', 7);
  expect(sessions.changed(user)).toEqual({ a: { n: 1 } });
  expect(sessions.changed(user)).toEqual({});
  user.variables.set('a', 2);
  expect(sessions.changed(user)).toEqual({ a: 2 });
  const context = { variables: {} as Record<string, unknown> };
  const own = new UserVariables(context, { names: {}, variables: { fixed: [1] } } as never);
  const client = { call: (): void => undefined };
  Object.assign(context.variables, { client: client.call, round: {}, big: 10n, fixed: [1] });
  (context.variables['round'] as Record<string, unknown>)['self'] = context.variables['round'];
  expect(own.changed()).toEqual({ big: '10' });
  expect(context.variables['client']).toBe(client.call);
});
