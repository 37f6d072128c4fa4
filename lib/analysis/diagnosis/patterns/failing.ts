import { formatRatio, formatUs } from '../../../units.ts';
import type { StepView } from '../client.ts';
import type { Pattern, Recognise } from './pattern.ts';

const FAILING = 0.02;
/** Of all requests of a step. */
const NEARLY_ALL = 0.9;
/** Of what fails at a step. */
const MOSTLY = 0.7;
/** Times so far apart, in a step that fails at times, are those of one attempt and of several with waits between. */
const ATTEMPTS = { times: 2, us: 50_000 } as const;

const serverErrors = (step: StepView, test: RegExp): number =>
  [...step.failures].reduce((sum, [kind, share]) => sum + (test.test(kind) ? share : 0), 0);

/** Mostly 504: what stands before gave up waiting (RFC 9110), where 502 is a bad answer or none. */
const gaveUpWaiting = (step: StepView): boolean => serverErrors(step, /^status\.504$/) > MOSTLY * step.failedRatio;

/** Few steps get errors of the server, and the others none: these need something that the others do without. */
export const failingSteps: Recognise = ({ profile, client }) => {
  const known = client.steps.filter(({ ended }) => ended >= 10);
  const failing = known.filter((step) => serverErrors(step, /^status\.5\d\d$/) > FAILING);
  const [first] = failing.toSorted((a, b) => b.failedRatio - a.failedRatio);
  if (first === undefined || failing.length > Math.max(1, known.length / 2)) return undefined;
  const waiting = known.filter(({ timedOutRatio }) => timedOutRatio > 0.1);
  if (waiting.length > 0) return undefined;
  const names = failing.map(({ name }) => name).join(', ');
  const step = profile.steps.find(({ name }) => name === first.name);
  const share = formatRatio(first.failedRatio);
  if (gaveUpWaiting(first)) {
    const text = `what ${names} call was given up waiting for: ${share} failed, most with 504`;
    return { text, points: { 'downstream-latency': 0.5, 'downstream-errors': 0.38 } };
  }
  const { p10, p90 } = step?.light ?? { p10: 0, p90: 0 };
  if (p90 > ATTEMPTS.times * p10 && p90 - p10 > ATTEMPTS.us) {
    const text = `${share} of ${names} fail, and it takes between ${formatUs(p10)} and ${formatUs(p90)} even under little load, as several attempts do`;
    return { text, points: { 'retry-storm': 0.42, 'downstream-errors': 0.36 } };
  }
  return atOnce(first, step?.keyed === true, `${share} of ${names} fail at once, and no other step does`);
};

function atOnce(first: StepView, keyed: boolean, text: string): Pattern {
  const gateway = serverErrors(first, /^status\.50[234]$/) > 0.5 * first.failedRatio;
  if (gateway) return { text, points: { 'downstream-errors': 0.45 } };
  // All reads by a key fail, and all else goes on: what such a read asks first is a cache.
  const reads = keyed && first.failedRatio > NEARLY_ALL;
  return { text, points: reads ? { 'cache-outage': 0.4, 'downstream-errors': 0.36 } : { 'downstream-errors': 0.4 } };
}
