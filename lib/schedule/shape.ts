import type { z } from 'zod';
import type { Segment } from './segment.ts';

export type Model = 'open' | 'closed';

/**
 * One way to write a level over time in a plan, and all that a plan knows of it. What it comes to is a list of segments:
 * counting, compressing and drawing need no line here.
 */
export interface Shape<Input = unknown> {
  /** The key below `open:` and below `closed:`. */
  readonly keys: Readonly<Record<Model, string>>;
  /** `level` is the schema of one level: a rate, or a whole number of users. */
  schema(level: z.ZodNumber): z.ZodType<Input>;
  /** `phaseUs` is the phase's stated duration, undefined where the plan leaves it to the shape. */
  segments(input: Input, phaseUs: number | undefined): Segment[];
  /** Of a shape that says itself how long it lasts: what to do where that comes to no time. */
  readonly ownTime?: string;
  /** How a phase's stated duration may be wrong for it: "lasts …". */
  readonly misfit?: string;
}
