import type { Interval } from '../measure/interval.ts';
import type { Share } from '../schedule/arrivals.ts';

/** Whose live figures they are. */
export interface Publisher {
  readonly environment: string;
  readonly phase: number;
  readonly share: Share;
  readonly startAtMs: number;
}

/** One second of one worker as lines for a reader outside, while the phase runs. */
export type Output = (second: number, interval: Interval, publisher: Publisher) => readonly string[];
