import { parseArgs } from 'node:util';
import { TargetFailure } from '../failure.ts';

/** How much test data to load. */
export interface SeedSize {
  readonly users: number;
  readonly jobs: number;
}

/** The load-testing guide asks for 100,000 users and 10,000 products; a job is this marketplace's product. */
const full: SeedSize = { users: 100_000, jobs: 10_000 };

/**
 * Reads --users and --jobs.
 * @throws TargetFailure E-TARGET-OPTION
 */
export function parseSeedSize(args: readonly string[]): SeedSize {
  try {
    const { values } = parseArgs({ args: [...args], options: { users: { type: 'string' }, jobs: { type: 'string' } } });
    return { users: count(values.users, full.users, 2), jobs: count(values.jobs, full.jobs, 0) };
  } catch (error) {
    throw error instanceof TargetFailure ? error : new TargetFailure('E-TARGET-OPTION', error);
  }
}

/** A seeded e-mail address has six digits, hence the upper limit; a job needs one customer and one trade, hence two users. */
function count(text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least)) throw new TargetFailure('E-TARGET-OPTION', text);
  return value;
}
