import { z } from 'zod';
import { duration, durationUs } from '../../schedule/duration.ts';

/** Think time: fixed (`2s`), evenly spread (`{ min, max }`), or exponential (`{ mean }`). */
export const pauseSchema = z.strictObject({
  pause: z.union([duration, z.strictObject({ min: duration, max: duration }), z.strictObject({ mean: duration })]),
});

/** Think time as `minUs + u·spanUs + Exp(meanUs)`, of which each way of writing sets its own part. */
export interface PauseStep {
  readonly kind: 'pause';
  readonly minUs: number;
  readonly spanUs: number;
  readonly meanUs: number;
}

export function lowerPause({ pause }: z.infer<typeof pauseSchema>): PauseStep {
  if (typeof pause === 'string') return { kind: 'pause', minUs: durationUs(pause), spanUs: 0, meanUs: 0 };
  if ('mean' in pause) return { kind: 'pause', minUs: 0, spanUs: 0, meanUs: durationUs(pause.mean) };
  const minUs = durationUs(pause.min);
  return { kind: 'pause', minUs, spanUs: durationUs(pause.max) - minUs, meanUs: 0 };
}
