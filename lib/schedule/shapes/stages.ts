import { z } from 'zod';
import { duration } from '../duration.ts';
import { durationUs } from '../../units.ts';
import type { Segment } from '../segment.ts';
import type { Shape } from '../shape.ts';

type Stage = { duration: string; to: number } | { duration: string; hold: number };

/** One stage after another: `to` runs straight there from where the stage before ended (0 at first), `hold` jumps and stays. */
export const stages = {
  keys: { open: 'stages', closed: 'stages' } as const,
  schema: (level: z.ZodNumber) =>
    z
      .array(z.union([z.strictObject({ duration, to: level }), z.strictObject({ duration, hold: level })]))
      .min(1)
      .describe('One stage after another: `to` runs straight there, `hold` jumps there and stays.'),
  segments: (list) => {
    const segments: Segment[] = [];
    for (const stage of list) {
      const last = segments.at(-1)?.to ?? 0;
      const [from, to] = 'to' in stage ? [last, stage.to] : [stage.hold, stage.hold];
      segments.push({ durationUs: durationUs(stage.duration), from, to });
    }
    return segments;
  },
  ownTime: 'give a stage a duration such as 30s',
  misfit: 'other than its stages add up to',
} satisfies Shape<Stage[]>;
