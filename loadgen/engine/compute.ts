import { createHash, createHmac } from 'node:crypto';
import { jwtHashes, type Computed } from '../../lib/plan/template.ts';

type Encoding = 'hex' | 'base64' | 'base64url';

/** The value of a built-in function of texts, which are taken as UTF-8; undefined where there is none. */
export function compute(name: Computed, args: readonly string[]): string | undefined {
  const [first = '', second = '', third = '', fourth] = args;
  switch (name) {
    case '$base64':
      return Buffer.from(first).toString('base64');
    case '$base64url':
      return Buffer.from(first).toString('base64url');
    case '$digest':
      return createHash(first)
        .update(second)
        .digest((args[2] ?? 'hex') as Encoding);
    case '$hmac':
      return createHmac(first, second)
        .update(third)
        .digest((fourth ?? 'hex') as Encoding);
    case '$jwt':
      return jwt(first as keyof typeof jwtHashes, { key: second, claims: third, seconds: fourth });
  }
}

interface Token {
  readonly key: string;
  /** A JSON object. */
  readonly claims: string;
  /** How long it is valid from now. */
  readonly seconds: string | undefined;
}

/** A signed JSON Web Token (RFC 7519) in the compact form of RFC 7515 §7.1. With `seconds` it says when it was issued and expires. */
function jwt(alg: keyof typeof jwtHashes, { key, claims, seconds }: Token): string | undefined {
  const known = objectIn(claims);
  if (known === undefined) return undefined;
  const now = Math.floor(Date.now() / 1000);
  const payload = seconds === undefined ? claims : JSON.stringify({ ...known, iat: now, exp: now + Number(seconds) });
  const signed = [JSON.stringify({ alg, typ: 'JWT' }), payload]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac(jwtHashes[alg], key).update(signed).digest('base64url')}`;
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
