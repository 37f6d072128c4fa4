import type { z } from 'zod';
import type { Segment } from './segment.ts';

/** One way to write a level over time in a plan. `level` is the schema of one level: a rate, or a whole number of users. */
export interface Shape<Input> {
  schema(level: z.ZodNumber): z.ZodType<Input>;
  /** `phaseUs` is the phase's stated duration, undefined where the plan leaves it to the shape. */
  segments(input: Input, phaseUs: number | undefined): Segment[];
}
