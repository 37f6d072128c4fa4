import { seedOf, uniform01 } from '../../schedule/random.ts';

/** A place where a series changes: `at` is the index of its first value after the change. */
export interface ChangePoint {
  readonly at: number;
  /** The share of shuffled series that part as clearly, or more; 0.001 is the least that so many shuffles can show. */
  readonly p: number;
}

const SHUFFLES = 999;

/** Fewer values than this apart from the others are outliers, and no change. */
const LEAST_PART = 3;

/** The place that parts a long series best is one of many, so it must be clear: no shuffled series parts as well. */
const FALSE_SHARE_ANYWHERE = 0.001;

/**
 * The newest values get a trial of their own: among few places a step stands out sooner. With this share, and tried anew with each value, a step
 * of two standard deviations is found within five values in nine of ten series, and less than one of a hundred values is a false alarm
 * (`npm run bench:history`).
 */
const FALSE_SHARE_OF_NEWEST = 0.017;
const NEWEST = 6;

/**
 * Where a series of values in time order changes, by divisive estimation with the energy statistic and permutation tests (E-divisive: Matteson
 * and James 2014, "A nonparametric approach for multiple change point analysis of multivariate data", with α = 1): the place that
 * parts the series best is tried against shuffled copies, and where it holds both parts are searched in the same way. It asks
 * nothing of how values are spread.
 */
export function changePoints(values: readonly number[]): readonly ChangePoint[] {
  const found = divided(values, 0);
  const since = found.at(-1)?.at ?? 0;
  const newest = tried(values.slice(since), NEWEST, FALSE_SHARE_OF_NEWEST);
  return newest === undefined ? found : [...found, { ...newest, at: since + newest.at }];
}

function divided(values: readonly number[], from: number): readonly ChangePoint[] {
  const best = tried(values, values.length - LEAST_PART, FALSE_SHARE_ANYWHERE);
  if (best === undefined) return [];
  const at = from + best.at;
  return [...divided(values.slice(0, best.at), from), { ...best, at }, ...divided(values.slice(best.at), at)];
}

/** The best place to part the series so that at most `most` values follow, if the share of shuffled ones that part as well is this small. */
function tried(values: readonly number[], most: number, share: number): ChangePoint | undefined {
  if (values.length < 2 * LEAST_PART) return undefined;
  const best = bestSplit(values, most);
  const p = shareOfShuffles(values, { most, share, statistic: best.statistic });
  return p <= share ? { at: best.at, p } : undefined;
}

interface Split {
  readonly at: number;
  readonly statistic: number;
}

/** The split with the greatest energy distance between its sides, n·m/(n + m) · (2·E|X−Y| − E|X−X′| − E|Y−Y′|). */
function bestSplit(values: readonly number[], most: number): Split {
  const size = values.length;
  const { whole, within } = distanceSums(values);
  const all = within[size] ?? 0;
  let best: Split = { at: 0, statistic: 0 };
  for (let at = Math.max(LEAST_PART, size - most); at <= size - LEAST_PART; at += 1) {
    const [before, toAll, after] = [within[at] ?? 0, whole[at] ?? 0, size - at];
    const between = toAll - before;
    const rest = all - before - 2 * between;
    const distance = (2 * between) / (at * after) - before / at ** 2 - rest / after ** 2;
    const statistic = ((at * after) / size) * distance;
    if (statistic > best.statistic) best = { at, statistic };
  }
  return best;
}

/** Sums of distances: of the first k values to all values (`whole`), and to each other (`within`). */
function distanceSums(values: readonly number[]): { readonly whole: Float64Array; readonly within: Float64Array } {
  const size = values.length;
  const [whole, within] = [new Float64Array(size + 1), new Float64Array(size + 1)];
  for (let at = 0; at < size; at += 1) {
    let [toAll, toEarlier] = [0, 0];
    for (let other = 0; other < size; other += 1) {
      const distance = Math.abs((values[at] ?? 0) - (values[other] ?? 0));
      toAll += distance;
      if (other < at) toEarlier += distance;
    }
    whole[at + 1] = (whole[at] ?? 0) + toAll;
    within[at + 1] = (within[at] ?? 0) + 2 * toEarlier;
  }
  return { whole, within };
}

interface Trial {
  readonly most: number;
  readonly share: number;
  readonly statistic: number;
}

/** Shuffling ends once too many part as well for the share to be small (Besag and Clifford 1991); what is returned then is too large as well. */
function shareOfShuffles(values: readonly number[], { most, share, statistic }: Trial): number {
  const random = uniform01(seedOf(values.length, most));
  const shuffled = [...values];
  const reachedAtMost = share * (SHUFFLES + 1);
  let reached = 1;
  for (let round = 0; round < SHUFFLES && reached <= reachedAtMost; round += 1) {
    for (let at = shuffled.length - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1));
      [shuffled[at], shuffled[other]] = [shuffled[other] ?? 0, shuffled[at] ?? 0];
    }
    // A hair of tolerance: sums in another order differ in their last digits.
    if (bestSplit(shuffled, most).statistic >= statistic * (1 - 1e-9)) reached += 1;
  }
  return reached / (SHUFFLES + 1);
}
