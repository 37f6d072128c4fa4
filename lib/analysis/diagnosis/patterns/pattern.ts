import type { Client } from '../client.ts';
import type { LoadProfile, StepProfile } from '../profile.ts';

/** What a run looks like from outside, and which hypotheses that speaks for. Several causes look alike, so it is a guess. */
export interface Pattern {
  /** A sentence's part, with its numbers. */
  readonly text: string;
  /** By the hypothesis' name, how much it convinces by itself where nothing was read that would decide. */
  readonly points: Readonly<Record<string, number>>;
  /** Many steps are slow, as they are on a machine whose cores something else takes. */
  readonly ofTimes?: true;
}

/** What is looked at: the profile, what users met in the trouble, and whether it was over when the load was. */
export interface Outside {
  readonly profile: LoadProfile;
  readonly client: Client;
  /** Nearly all still timed out after the load was taken away; undefined where there was no phase after it. */
  readonly lasts: boolean | undefined;
}

export type Recognise = (outside: Outside) => Pattern | undefined;

export const namesOfSteps = (steps: readonly StepProfile[]): string => {
  const shown = steps.slice(0, 3).map(({ name }) => name);
  return steps.length > 3 ? `${shown.join(', ')} and ${steps.length - 3} more` : shown.join(', ');
};

/** A step that is not worse than it was: what it waits for is not what the others wait for. */
const UNHURT = { times: 3, us: 20_000, bad: 0.02 } as const;

export const isUnhurt = ({ light, onset }: StepProfile, now = onset): boolean =>
  now.failedRatio + now.timedOutRatio < UNHURT.bad &&
  (now.p90 < UNHURT.times * light.p90 || now.p90 - light.p90 < UNHURT.us);
