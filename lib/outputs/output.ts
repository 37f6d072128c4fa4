import type { Interval } from '../measure/interval.ts';
import type { Share } from '../schedule/arrivals.ts';

/** Where live figures come from: the environment, the phase and when it began, and the worker's share of the load. */
export interface Publisher {
  readonly environment: string;
  readonly phase: number;
  readonly share: Share;
  readonly startAtMs: number;
}

/** One second of one worker as lines for a reader outside, while the phase runs. */
export type Output = (second: number, interval: Interval, publisher: Publisher) => readonly string[];
