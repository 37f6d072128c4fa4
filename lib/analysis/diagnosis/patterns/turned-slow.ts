import { formatUs } from '../../../units.ts';
import { countFrom, valueAt } from '../../../measure/histogram.ts';
import type { StepProfile, StepTimes } from '../profile.ts';
import type { Recognise } from './pattern.ts';

/** At least these of a step's requests became slow. */
const LEAST_SHARE = 0.15;
/** Far slower than it was, and by so much that users notice. */
const FAR = { times: 6, us: 100_000 } as const;
/** Between the quick and the slow lies next to nothing, and the slow ones are alike; in a queue they would be spread evenly. */
const BETWEEN = 0.12;
const ALIKE = 2;
/** What the others became slower is nothing beside it. */
const OTHERS = 0.15;

interface Turned {
  readonly step: StepProfile;
  readonly fromUs: number;
  readonly toUs: number;
}

/** From when to when nine of ten of the slow ones ended; undefined of a step that did not turn. */
function turned(step: StepProfile, early: boolean): Turned | undefined {
  const { onset } = step;
  const { p50, p90 } = before(step, early);
  const [quickUs, slowUs] = [Math.max(FAR.us / 2, 2 * p90), Math.max(FAR.us, FAR.times * p50)];
  const slow = countFrom(onset.histogram, Math.max(quickUs, slowUs));
  const ratio = slow / onset.ended;
  if (ratio < LEAST_SHARE) return undefined;
  const [fromUs, toUs] = [90, 10].map((upper) => valueAt(onset.histogram, 100 - upper * ratio)) as [number, number];
  const between = countFrom(onset.histogram, quickUs) - countFrom(onset.histogram, fromUs) - 0.1 * slow;
  return toUs > ALIKE * fromUs || between > BETWEEN * onset.ended ? undefined : { step, fromUs, toUs };
}

/** Where it turned under the little load itself, only the quickest of its requests say how it was before. */
const before = ({ light }: StepProfile, early: boolean): Pick<StepTimes, 'p50' | 'p90'> =>
  early ? { p50: light.p10, p90: 2 * light.p10 } : light;

const slowerUs = (step: StepProfile, early: boolean): number => step.onset.p90 - before(step, early).p90;

/** One step turned from quick to slow, and the others went on: what it waits for is needed by none of them, and does not queue. */
export const turnedSlow: Recognise = ({ profile: { steps, hog, early } }) => {
  const found = steps.flatMap((step) => turned(step, early) ?? []);
  const [first] = found;
  const others = steps.filter((step) => !found.some((each) => each.step === step));
  if (first === undefined || found.length > steps.length / 2 || others.length === 0) return undefined;
  const { step, fromUs, toUs } = first;
  // What took most of the time before has work of its own, which queues.
  if ((step === hog && !early) || step.keyed || others.some((each) => slowerUs(each, early) > OTHERS * fromUs))
    return undefined;
  const text = `${step.name} turned from ${formatUs(before(step, early).p50)} to between ${formatUs(fromUs)} and ${formatUs(toUs)}, and nothing else is slower`;
  return { text, points: { 'downstream-latency': 0.45, 'slow-statements': 0.32 } };
};
