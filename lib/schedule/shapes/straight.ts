import { z } from 'zod';
import type { Shape } from '../shape.ts';

/** The same level from beginning to end: `rate: 200` or `users: 50`. */
export const constant = {
  keys: { open: 'rate', closed: 'users' } as const,
  schema: (level: z.ZodNumber) => level.describe('The same level from beginning to end.'),
  segments: (level, phaseUs) => [{ durationUs: phaseUs ?? 0, from: level, to: level }],
} satisfies Shape<number>;

export interface Ramp {
  from: number;
  to: number;
}

/** Straight from one level to another over the whole phase. */
export const ramp = {
  keys: { open: 'ramp', closed: 'ramp' } as const,
  schema: (level: z.ZodNumber) =>
    z.strictObject({ from: level, to: level }).describe('Straight from one level to another over the whole phase.'),
  segments: ({ from, to }, phaseUs) => [{ durationUs: phaseUs ?? 0, from, to }],
} satisfies Shape<Ramp>;
