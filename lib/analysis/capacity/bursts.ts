import type { Loaded } from './probe.ts';
import { totalOf } from './likelihood.ts';
import type { SearchObjective } from './probe.ts';

/** A third of a shorter probe is chance. */
const LONG_SECONDS = 9;
/** Of the share that is allowed: more than clumps of refusals make of it, once they have begun. */
const CLEARLY_MORE = 5;
/** Than in any probe that passed: requests queue, and fail late since they time out. */
const SLOWER = 2;

/**
 * What a service carries once it has spent what it had saved up, as a rate limiter with a large bucket or a machine with credits does: it turned
 * away nothing in the first third of a probe, and much in the last. Undefined where no probe shows that.
 */
export function sustainedPerSecond(
  standing: readonly Loaded[],
  objectives: readonly SearchObjective[],
): number | undefined {
  const slowest = Math.max(...standing.filter(({ bad }) => !bad).map(({ meanUs }) => meanUs));
  const carried = standing
    .filter(({ bad, meanUs }) => bad && meanUs <= SLOWER * slowest)
    .flatMap((probe) => (failsLate(probe, objectives) ? [lateOk(probe)] : []));
  return carried.length === 0 ? undefined : carried.reduce((sum, each) => sum + each, 0) / carried.length;
}

const lateOk = ({ seconds }: Loaded): number => {
  const last = seconds.slice(-Math.floor(seconds.length / 3));
  return last.reduce((sum, { ok }) => sum + ok, 0) / last.length;
};

const failsLate = ({ seconds, objectives: seen }: Loaded, objectives: readonly SearchObjective[]): boolean =>
  seconds.length >= LONG_SECONDS &&
  seen.some(({ seconds: counts }, at) => {
    const { allowedRatio, limitUs } = objectives[at] ?? {};
    if (allowedRatio === undefined || limitUs !== undefined) return false;
    const third = Math.floor(counts.length / 3);
    const [first, last] = [totalOf(counts.slice(0, third)), totalOf(counts.slice(-third))];
    return first.bad <= allowedRatio * first.count && last.bad > CLEARLY_MORE * allowedRatio * last.count;
  });
