import { formatUs } from '../../../units.ts';
import type { StepProfile, StepTimes } from '../profile.ts';
import type { Recognise } from './pattern.ts';

/** What a slow request takes longer than a quick one is the same at every step. */
const ALIKE = 1.3;
const LEAST_US = 50_000;
const FAR = 10;
/** The slow ones are slow alike: one time, and no tail. */
const ONE = 1.15;

const extraUs = ({ p50, p90 }: StepTimes): number => p90 - p50;

const isTwofold = ({ light }: StepProfile): boolean =>
  light.timedOutRatio < 0.02 && extraUs(light) > LEAST_US && light.p90 > FAR * light.p50 && light.p99 < ONE * light.p90;

/** At every step most requests are quick and the rest takes longer by the same time, under little load too: they went another way. */
export const twoKinds: Recognise = ({ profile: { steps } }) => {
  if (steps.length < 3) return undefined;
  const far = steps.filter(isTwofold);
  if (far.length < 0.8 * steps.length) return undefined;
  const extra = far.map(({ light }) => extraUs(light));
  const [least, most] = [Math.min(...extra), Math.max(...extra)];
  if (most > ALIKE * least) return undefined;
  const text = `at every step a part of the requests takes ${formatUs(least)} longer than the rest, under little load too`;
  return { text, points: { 'uneven-nodes': 0.72 } };
};
