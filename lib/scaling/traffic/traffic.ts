/** Requests a second over time, in steps of one length without gaps. */
export interface Traffic {
  readonly name: string;
  /** IANA name of the zone in which its days and weeks are counted. */
  readonly timezone: string;
  readonly startMs: number;
  readonly stepSeconds: number;
  /** Mean requests a second, one figure a step. */
  readonly perSecond: readonly number[];
}

export const peakOf = ({ perSecond }: Traffic): number => perSecond.reduce((most, each) => Math.max(most, each), 0);

export const troughOf = ({ perSecond }: Traffic): number =>
  perSecond.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);

export const meanOf = ({ perSecond }: Traffic): number =>
  perSecond.reduce((sum, each) => sum + each, 0) / perSecond.length;

export const durationSecondsOf = ({ stepSeconds, perSecond }: Traffic): number => stepSeconds * perSecond.length;

/**
 * The rate at a moment, `seconds` after the start: a straight line between the middles of two steps, since traffic that is given by
 * the hour does not jump at the full hour.
 */
export function rateAt({ stepSeconds, perSecond }: Traffic, seconds: number): number {
  const place = seconds / stepSeconds - 0.5;
  const before = Math.floor(place);
  const last = perSecond.length - 1;
  const from = perSecond[Math.min(last, Math.max(0, before))] ?? 0;
  const to = perSecond[Math.min(last, Math.max(0, before + 1))] ?? 0;
  return from + (to - from) * (place - before);
}
