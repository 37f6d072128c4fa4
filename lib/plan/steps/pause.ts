import { durationUs } from '../../units.ts';
import type { StepKind } from './kind.ts';

export interface PauseInput {
  pause: string | { min: string; max: string } | { mean: string };
}

/** Think time as `minUs + u·spanUs + Exp(meanUs)`, of which each way of writing sets its own part. */
export interface PauseStep {
  readonly kind: 'pause';
  readonly minUs: number;
  readonly spanUs: number;
  readonly meanUs: number;
}

/** Think time: fixed (`2s`), evenly spread (`{ min, max }`), or exponential (`{ mean }`). */
export const pause: StepKind<PauseInput, PauseStep> = {
  keys: ['pause'],
  schema: ({ z, duration }) =>
    z.strictObject({
      pause: z.union([duration, z.strictObject({ min: duration, max: duration }), z.strictObject({ mean: duration })]),
    }),
  lower: lowerPause,
  course: ({ minUs, spanUs, meanUs }) => ({ requests: 0, thinkUs: minUs + spanUs / 2 + meanUs, beforeUs: 0 }),
};

function lowerPause({ pause: written }: PauseInput): PauseStep {
  if (typeof written === 'string') return { kind: 'pause', minUs: durationUs(written), spanUs: 0, meanUs: 0 };
  if ('mean' in written) return { kind: 'pause', minUs: 0, spanUs: 0, meanUs: durationUs(written.mean) };
  const minUs = durationUs(written.min);
  return { kind: 'pause', minUs, spanUs: durationUs(written.max) - minUs, meanUs: 0 };
}
