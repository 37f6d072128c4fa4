import { expect, test } from '@jest/globals';
import { seededPassword, seededPasswordHash } from '../../../target/seed/accounts.ts';
import { hashPassword, verifyPassword } from '../../../target/service/passwords.ts';

test('a hash fits its password and no other, and tells nothing of it', async () => {
  const [hash, again] = await Promise.all([hashPassword('a long one'), hashPassword('a long one')]);
  expect(hash).not.toBe(again);
  expect(hash).not.toContain('long');
  expect(await verifyPassword('a long one', hash)).toBe(true);
  expect(await verifyPassword('a long on', hash)).toBe(false);
});

test('the same text typed in another normal form fits', async () => {
  expect(await verifyPassword('cafe\u0301 au lait', await hashPassword('caf\u00e9 au lait'))).toBe(true);
});

test('the seeded hash is that of the seeded password, at the cost of a new one', async () => {
  expect(await verifyPassword(seededPassword, seededPasswordHash)).toBe(true);
  const cost = (hash: string): string[] => hash.split('$').slice(0, 4);
  expect(cost(seededPasswordHash)).toEqual(cost(await hashPassword('x')));
});

test('a malformed hash fits nothing', async () => {
  expect(await verifyPassword('', 'scrypt$2$1$1$$')).toBe(false);
});
