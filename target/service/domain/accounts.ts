import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../database/database.ts';
import { hashPassword, verifyPassword } from '../passwords.ts';
import { Problem } from '../problems.ts';
import type { Actor, Role } from '../tokens.ts';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly role: Role;
}

export interface Account {
  readonly userId: number;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly verified: boolean;
}

const insertUser = {
  name: 'insert-user',
  text: `INSERT INTO users (email, password_hash, name, role, verification_hash) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (email) DO NOTHING RETURNING id`,
};
const verifyUser = {
  name: 'verify-user',
  text: `UPDATE users SET verified_at = now(), verification_hash = NULL WHERE verification_hash = $1 RETURNING id`,
};
const findCredentials = {
  name: 'find-credentials',
  text: `SELECT id, role, password_hash AS hash, verified_at IS NOT NULL AS verified FROM users WHERE email = $1`,
};
const findAccount = {
  name: 'find-account',
  text: `SELECT id AS "userId", email, name, role, verified_at IS NOT NULL AS verified FROM users WHERE id = $1`,
};

/**
 * Creates an account that has yet to be verified. The token would be sent by mail; staging has no mailbox, so it is returned.
 * @throws Problem email-taken
 */
export async function register(
  database: Database,
  { email, password, name, role }: Registration,
): Promise<{ userId: number; verificationToken: string }> {
  const token = randomBytes(24).toString('base64url');
  // Hashed before a connection is taken: 35 ms with one in hand would empty the pool.
  const hash = await hashPassword(password);
  const [user] = await database.rows<{ id: number }>(insertUser, [
    email.toLowerCase(),
    hash,
    name,
    role,
    digest(token),
  ]);
  if (user === undefined) throw new Problem('email-taken');
  return { userId: user.id, verificationToken: token };
}

/** Verifies the account a token was made for; a token works once. @throws Problem not-found */
export async function verify(database: Database, token: string): Promise<{ userId: number }> {
  const [user] = await database.rows<{ id: number }>(verifyUser, [digest(token)]);
  if (user === undefined) throw new Problem('not-found');
  return { userId: user.id };
}

/** @throws Problem wrong-credentials (also for an unknown address, after the same work, against probing for addresses) or not-verified */
export async function logIn(database: Database, email: string, password: string): Promise<Actor> {
  const [user] = await database.rows<{ id: number; role: Role; hash: string; verified: boolean }>(findCredentials, [
    email.toLowerCase(),
  ]);
  const matches = await verifyPassword(password, user?.hash ?? (await decoy));
  if (user === undefined || !matches) throw new Problem('wrong-credentials');
  if (!user.verified) throw new Problem('not-verified');
  return { userId: user.id, role: user.role };
}

/** @throws Problem not-found, when the account has been removed since the token was issued */
export async function accountOf(database: Database, { userId }: Actor): Promise<Account> {
  const [account] = await database.rows<Account & Record<string, unknown>>(findAccount, [userId]);
  if (account === undefined) throw new Problem('not-found');
  return account;
}

const decoy = hashPassword(randomBytes(16).toString('hex'));

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
