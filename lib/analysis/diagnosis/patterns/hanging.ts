import { countFrom } from '../../../measure/histogram.ts';
import { formatRatio } from '../../../units.ts';
import type { StepProfile } from '../profile.ts';
import { isUnhurt, namesOfSteps, type Pattern, type Recognise } from './pattern.ts';

const HANGS = 0.03;
/** As quick as before, or never: of those that were answered fewer than this took long. A queue is the opposite. */
const BETWEEN = 0.3;
const SLOW = { times: 10, us: 20_000 } as const;

/** Of the requests that were answered in time, those that were slow. */
function slowRatio({ light, onset }: StepProfile): number {
  const timedOut = onset.timedOutRatio * onset.ended;
  const slow =
    countFrom(onset.histogram, Math.max(SLOW.us, SLOW.times * Math.min(light.p10 * 2, light.p50))) - timedOut;
  return slow / Math.max(1, onset.ended - timedOut);
}

/** Requests are answered as ever, or not at all. */
export const hanging: Recognise = ({ profile: { steps, hog }, lasts }) => {
  const hung = steps.filter(({ onset }) => onset.timedOutRatio > HANGS);
  const others = steps.filter((step) => !hung.includes(step));
  const between = hung.map(slowRatio).toSorted((a, b) => a - b)[Math.floor((hung.length - 1) / 2)] ?? 1;
  // A slow step makes others wait; one that is never answered is none.
  const isSlow = hog !== undefined && !(hung.includes(hog) && hog.light.timedOutRatio > 0.5);
  if (hung.length === 0 || between > BETWEEN || isSlow) return undefined;
  const worst = hung.reduce((a, b) => (b.onset.timedOutRatio > a.onset.timedOutRatio ? b : a));
  const answered = worst.onset.timedOutRatio < 1 ? '; the others of them are as quick as ever' : '';
  const text = `${formatRatio(worst.onset.timedOutRatio)} of the requests hang at ${namesOfSteps(hung)}${answered}`;
  return hung.length <= Math.max(1, steps.length / 3) && others.every((step) => isUnhurt(step))
    ? { text, points: { 'downstream-latency': 0.45 } }
    : (heldBy(hung) ?? usedUp(hung, text, lasts));
};

/** Of one step nearly all hang, and of the others only a part. */
const NEARLY_ALL = 0.9;
const PART = 0.75;

/** One step is never answered from the beginning on, and what serves it is missing for the others then. */
function heldBy(hung: readonly StepProfile[]): Pattern | undefined {
  const [first, ...others] = hung.toSorted((a, b) => b.onset.timedOutRatio - a.onset.timedOutRatio);
  const ratio = first?.onset.timedOutRatio ?? 0;
  if (first === undefined || others.length === 0 || ratio < NEARLY_ALL) return undefined;
  if (others.some(({ onset }) => onset.timedOutRatio > PART * ratio)) return undefined;
  const text = `${first.name} is never answered, and a part of ${namesOfSteps(others)} hangs as well, which wait for what it holds`;
  return { text, points: { 'downstream-latency': 0.42, 'worker-pool': 0.3 } };
}

/** Many steps hang from one moment on, and still do when the load is gone: something was used up, and is not given back. */
function usedUp(hung: readonly StepProfile[], text: string, lasts: boolean | undefined): Pattern | undefined {
  const wereWell = hung.every(({ light }) => light.timedOutRatio === 0);
  if (!wereWell || lasts === false) return undefined;
  const after = lasts === true ? ', after the load is gone too' : '';
  return { text: `${text}${after}`, ofTimes: true, points: { 'connection-leak': 0.42, 'event-loop': 0.3 } };
}
