import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { firingsWithin } from './cron.ts';

/** A change of bounds by the clock, in seconds from the start; before it where it lies in the week before. */
export interface BoundsChange {
  readonly atSeconds: number;
  readonly min: number;
  readonly max: number;
  readonly name: string;
}

const WEEK_MS = 7 * 86_400_000;

/** A policy's schedule as moments, in order. What holds at the start is the last of the week before it. */
export function boundsChanges(
  { schedule }: Pick<ScalingPolicy, 'schedule'>,
  startMs: number,
  seconds: number,
): BoundsChange[] {
  const span = [startMs - WEEK_MS, startMs + seconds * 1000] as const;
  return schedule
    .flatMap(({ name, cron, timezone, min, max }) =>
      firingsWithin(cron, timezone, span).map((atMs) => ({ atSeconds: (atMs - startMs) / 1000, min, max, name })),
    )
    .toSorted((a, b) => a.atSeconds - b.atSeconds);
}
