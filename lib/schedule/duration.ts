import { z } from 'zod';
import { DURATION_PATTERN } from '../units.ts';

const NO_DURATION = 'is no duration; write a number and us, ms, s, m, h or d, such as 30s or 1h30m';

/** A duration in a plan: text such as `30s` or `1h30m`, which stays text until it is lowered. */
export const duration = z
  .string({ error: NO_DURATION })
  .regex(DURATION_PATTERN, NO_DURATION)
  .meta({
    id: 'duration',
    description: 'A number and a unit: us, ms, s, m, h, d. Several add up: 1h30m.',
    examples: ['30s'],
  });
