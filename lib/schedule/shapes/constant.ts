import type { z } from 'zod';
import type { Shape } from '../shape.ts';

/** The same level from beginning to end: `rate: 200` or `users: 50`. */
export const constant = {
  keys: { open: 'rate', closed: 'users' } as const,
  schema: (level: z.ZodNumber) => level.describe('The same level from beginning to end.'),
  segments: (level, phaseUs) => [{ durationUs: phaseUs ?? 0, from: level, to: level }],
} satisfies Shape<number>;
