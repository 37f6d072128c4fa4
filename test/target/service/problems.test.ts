import { expect, test } from '@jest/globals';
import { Problem, problemFrom } from '../../../target/service/problems.ts';

const withCode = (code: string): Error => Object.assign(new Error('internal detail'), { code });

test.each([
  ['57014', 503, 'database-timeout'],
  ['40P01', 503, 'database-timeout'],
  ['53300', 503, 'database-unavailable'],
  ['57P01', 503, 'database-unavailable'],
  ['ECONNREFUSED', 503, 'database-unavailable'],
])('the database error %s becomes %i %s without its text', (code, status, name) => {
  const problem = problemFrom(withCode(code));
  expect(problem).toMatchObject({ status, code: name });
  expect(problem?.message).not.toContain('internal detail');
});

test('a lost connection, which has no code, is the database unavailable', () => {
  expect(problemFrom(new Error('Connection terminated unexpectedly'))?.code).toBe('database-unavailable');
});

test("a client's error keeps its status; anything unforeseen is nothing a client is told", () => {
  const tooLarge = Object.assign(new Error('Request body is too large'), { statusCode: 413 });
  expect(problemFrom(tooLarge)).toMatchObject({ status: 413, code: 'invalid-request' });
  expect(problemFrom(Object.assign(new Error('x'), { statusCode: 500 }))).toBeUndefined();
  expect(problemFrom(withCode('23505'))).toBeUndefined();
  expect(problemFrom('text')).toBeUndefined();
  const own = new Problem('not-found');
  expect(problemFrom(own)).toBe(own);
});
