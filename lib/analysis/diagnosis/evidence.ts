/** One observation, for or against a hypothesis. */
export interface Observation {
  /** A sentence's part, with its numbers and since when. */
  readonly text: string;
  /**
   * How much it convinces by itself, between −1 and 1; what is below 0 speaks against. Several are independent witnesses: the doubt
   * that they leave is the product of 1 − weight (noisy-or, Pearl 1988).
   */
  readonly weight: number;
  /** The id of the signal that it rests on; absent where it is what users met. */
  readonly signal?: string;
  /** It leaves others out, and says nothing of the hypothesis itself. */
  readonly eliminates?: true;
  /** It is of how long requests took, all of which take longer on a machine whose cores something else takes. */
  readonly ofTimes?: true;
  readonly atSeconds?: number;
  /** In the signal's unit, as the text has it. */
  readonly value?: number;
}

/** It is of times, which are longer for want of a core as well. */
export const ofTimes = (observation: Observation): Observation => ({ ...observation, ofTimes: true });

/** Between 0 and 1: what the supporting evidence leaves of doubt, and what the contradicting leaves of the rest. */
export function scoreOf(evidence: readonly Observation[]): number {
  const leftBy = (sign: 1 | -1): number =>
    evidence.reduce((left, { weight }) => left * (1 - Math.max(0, sign * weight)), 1);
  return (1 - leftBy(1)) * leftBy(-1);
}
