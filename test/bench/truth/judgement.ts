import type { Percentiles } from './distribution.ts';

/** How far what a tool reports is off the truth: a ratio, 0 where it is right; undefined where it reports nothing. */
export interface Judgement {
  readonly p50Off: number | undefined;
  readonly p99Off: number | undefined;
  readonly p999Off: number | undefined;
  readonly words: string;
}

/** The goal of issue 3 for Plimsoll, held against everybody. */
const RIGHT_WITHIN = 0.02;

/** A tail this much below the truth is not a matter of precision: requests that waited are missing from it. */
const OMITS_BELOW = -0.2;

export function judge(
  reported: Readonly<Record<keyof Percentiles, number | undefined>>,
  truth: Percentiles,
): Judgement {
  const off = (name: keyof Percentiles): number | undefined => {
    const value = reported[name];
    return value === undefined ? undefined : value / truth[name] - 1;
  };
  const [p50Off, p99Off, p999Off] = [off('p50Us'), off('p99Us'), off('p999Us')];
  return { p50Off, p99Off, p999Off, words: wordsFor([p99Off, p999Off]) };
}

function wordsFor(tails: readonly (number | undefined)[]): string {
  const known = tails.filter((each) => each !== undefined);
  if (known.length === 0) return 'nothing of the tail';
  if (known.some((each) => each < OMITS_BELOW)) return 'omits those who waited';
  if (known.every((each) => Math.abs(each) <= RIGHT_WITHIN)) return 'right';
  return known.some((each) => each < -RIGHT_WITHIN) ? 'too low' : 'too high';
}
