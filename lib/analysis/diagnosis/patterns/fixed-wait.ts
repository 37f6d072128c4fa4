import { formatUs } from '../../../units.ts';
import type { StepProfile, StepTimes } from '../profile.ts';
import { isUnhurt, type Recognise } from './pattern.ts';

/** Work varies from request to request; only waiting for a clock takes nine of ten requests the same time. */
const SAME = 1.15;
const LEAST_US = 50_000;
const FAR = 5;

const isFixed = ({ p10, p50, p90, timedOutRatio }: StepTimes): boolean =>
  p50 > LEAST_US && p90 < SAME * p10 && timedOutRatio < 0.02;

/** Few steps take the same time whether there is little to do or much, and others are far faster: they wait for something that does not queue. */
export const fixedWait: Recognise = ({ profile: { steps, twoLoads } }) => {
  const waiting = steps.filter(({ heavy }) => isFixed(heavy));
  const others = steps.filter((step) => !waiting.includes(step));
  const [first] = waiting;
  if (first === undefined || waiting.length > steps.length / 2) return undefined;
  if (others.some((step) => !isUnhurt(step, step.heavy) && !isBeside(step, first))) return undefined;
  if (others.some(({ heavy }) => FAR * heavy.p50 > first.heavy.p50)) return undefined;
  // A statement that sleeps takes the same time as well, so without a word of the database it is a guess.
  const points = { 'downstream-latency': twoLoads ? 0.55 : 0.5, 'slow-statements': 0.3 };
  return {
    text: `${first.name} takes ${formatUs(first.heavy.p50)}, nine of ten times within ${width(first)}, whatever the load`,
    points,
  };
};

/** What others became slower, as on a busy machine, is nothing beside it. */
const BESIDE = 0.15;

const isBeside = ({ light, heavy }: StepProfile, first: StepProfile): boolean =>
  heavy.failedRatio + heavy.timedOutRatio < 0.02 && heavy.p90 - light.p90 < BESIDE * first.heavy.p50;

const width = ({ heavy }: StepProfile): string => formatUs(heavy.p90 - heavy.p10);
