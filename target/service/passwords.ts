import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';

/**
 * The cost of a new password: scrypt N = 2^14, r = 8, p = 1: 16 MB and about 35 ms of one core, so a core does some 30 logins a
 * second. OWASP asks for N = 2^17 in production; at 280 ms a login a staging core would do three and measure nothing else.
 * The cost is stored with each hash, so raising it needs no migration.
 */
const cost = { N: 2 ** 14, r: 8, p: 1 } as const;
const keyBytes = 32;

/**
 * Hashing of this process so far. `cpuSeconds` takes each hash at the least time that one has taken, since time in the line for a
 * thread is no work.
 */
export interface Hashing {
  readonly inProgress: number;
  readonly cpuSeconds: number;
}

let inProgress = 0;
let cpuSeconds = 0;
let leastSeconds = Number.POSITIVE_INFINITY;

export const hashing = (): Hashing => ({ inProgress, cpuSeconds });

/** Hashes a password with a fresh salt: `scrypt$N$r$p$salt$key`, both base64url. Runs in Node's thread pool. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether a password is the one hashed; compared in constant time. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, n, r, p, salt = '', key = ''] = hash.split('$');
  const expected = Buffer.from(key, 'base64url');
  const derived = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(n), r: Number(r), p: Number(p) });
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

async function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const startedAt = performance.now();
  inProgress += 1;
  scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  try {
    return await promise;
  } finally {
    inProgress -= 1;
    leastSeconds = Math.min(leastSeconds, (performance.now() - startedAt) / 1000);
    cpuSeconds += leastSeconds;
  }
}
