/**
 * All seeded accounts share one password and one hash of it: hashing is meant to be slow, and 100,000 scrypt hashes of their
 * own would take about an hour of CPU. A login costs the same either way, as it hashes once with the stored salt and cost.
 */
export const seededPassword = 'plimsoll-line-1876';

/** Made by hashPassword(seededPassword) with this service's cost; the seed test verifies it. */
export const seededPasswordHash = 'scrypt$16384$8$1$Jbep6RKxhY_c7bb3IkmThw$BNL-iMfPRDNwABBTWWaJgqYrShL_NFgTb9Cv8PmAd7M';

/** The e-mail address of the n-th seeded account, n from 1: user000001@example.test. Odd: customer; even: trade. */
export function seededEmail(n: number): string {
  return `user${String(n).padStart(6, '0')}@example.test`;
}
