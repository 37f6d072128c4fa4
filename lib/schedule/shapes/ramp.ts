import { z } from 'zod';
import type { Shape } from '../shape.ts';

interface Ramp {
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
