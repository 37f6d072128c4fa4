import { createHmac, timingSafeEqual } from 'node:crypto';

export type Role = 'customer' | 'trade';

/** Who a request comes from. */
export interface Actor {
  readonly userId: number;
  readonly role: Role;
}

const lifetimeSeconds = 12 * 3600;

/**
 * Signed tokens rather than a sessions table: a look-up on every request would double the statements of a read, and the
 * services behind one balancer need only share the secret. The price, no revocation before the twelve hours are over, is one
 * that staging can pay.
 */
export interface Tokens {
  issue(actor: Actor, nowMs: number): string;
  /** The actor of a valid, unexpired token. */
  verify(token: string, nowMs: number): Actor | undefined;
}

/** Tokens signed with HMAC-SHA-256: `userId.role.expiresAtSeconds.signature`. */
export function createTokens(secret: string): Tokens {
  const sign = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  return {
    issue({ userId, role }, nowMs) {
      const text = `${userId}.${role}.${Math.floor(nowMs / 1000) + lifetimeSeconds}`;
      return `${text}.${sign(text).toString('base64url')}`;
    },
    verify(token, nowMs) {
      const parts = /^(\d{1,15})\.(customer|trade)\.(\d{1,12})\.([\w-]{43})$/.exec(token);
      if (parts === null) return undefined;
      const [, userId, role, expiresAtSeconds, signature = ''] = parts;
      const expected = sign(`${userId}.${role}.${expiresAtSeconds}`);
      const given = Buffer.from(signature, 'base64url');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      if (Number(expiresAtSeconds) * 1000 <= nowMs) return undefined;
      return { userId: Number(userId), role: role === 'trade' ? 'trade' : 'customer' };
    },
  };
}
