import { z } from 'zod';
import { duration } from '../duration.ts';
import { durationUs } from '../../units.ts';
import type { Shape } from '../shape.ts';

export interface Spike {
  base: number;
  peak: number;
  at: string;
  for: string;
}

/** A base level with one rectangle on it: `peak` from `at`, for `for`. */
export const spike = {
  keys: { open: 'spike', closed: 'spike' } as const,
  schema: (level: z.ZodNumber) =>
    z
      .strictObject({ base: level, peak: level, at: duration, for: duration })
      .describe('A base level, and a peak that begins `at` and lasts `for`.'),
  segments: ({ base, peak, ...input }, phaseUs) => {
    const [atUs, forUs] = [durationUs(input.at), durationUs(input.for)];
    return [
      { durationUs: atUs, from: base, to: base },
      { durationUs: forUs, from: peak, to: peak },
      { durationUs: Math.max(0, (phaseUs ?? atUs + forUs) - atUs - forUs), from: base, to: base },
    ].filter((segment) => segment.durationUs > 0);
  },
  misfit: 'too short for its spike',
} satisfies Shape<Spike>;
