import { capacityOf, type Capacity } from '../../../../lib/analysis/capacity/capacity.ts';
import type { Case } from './cases.ts';
import { seeded } from './servers.ts';
import { simulate } from './simulate.ts';

interface One {
  readonly capacity: Capacity;
  readonly seconds: number;
}

function searched({ server, settings, journeySeconds }: Case, seed: number): One {
  const { probes, seconds } = simulate(
    server(seed * 7 + 1),
    settings,
    settings.arrivals === 'poisson' ? seeded(seed * 13 + 5) : undefined,
    undefined,
    journeySeconds,
  );
  return { capacity: capacityOf(settings, probes), seconds };
}

/** Of many searches, the shares that came out so. */
export interface Score {
  readonly verdicts: Readonly<Record<string, number>>;
  readonly within2: number;
  readonly within5: number;
  readonly above5: number;
  /** Of answers about as narrow as asked for; a wide one claims its interval. */
  readonly foundAbove5: number;
  readonly wide: number;
  readonly wideAbove: number;
  readonly holds: number;
  readonly holdsNarrow: number;
  readonly width: number;
  readonly seconds: number;
  readonly errors: readonly number[];
}

export function scoreOf(one: Case, searches: number): Score {
  const all = Array.from({ length: searches }, (_, seed) => searched(one, seed));
  const { truth = 0 } = one;
  const share = (test: (each: One) => boolean) => all.filter(test).length / searches;
  const mean = (of: (each: One) => number) => all.reduce((sum, each) => sum + of(each), 0) / searches;
  const error = ({ capacity }: One) => (capacity.perSecond ?? 0) / truth - 1;
  const isFound = ({ capacity }: One) => capacity.verdict === 'found';
  const inside = ({ capacity: { interval: [low, high] = [0, 0] } }: One) => low <= truth && truth <= high;
  const width = ({ capacity: { interval: [low, high] = [0, 1], perSecond = 1 } }: One) => (high - low) / perSecond;
  return {
    verdicts: Object.fromEntries(
      Object.entries(Object.groupBy(all, ({ capacity }) => capacity.verdict)).map(([verdict, some]) => [
        verdict,
        some.length,
      ]),
    ),
    within2: share((each) => Math.abs(error(each)) <= 0.02),
    within5: share((each) => Math.abs(error(each)) <= 0.05),
    above5: share((each) => error(each) >= 0.05),
    foundAbove5: share((each) => isFound(each) && each.capacity.wide !== true && error(each) >= 0.05),
    wide: share(({ capacity }) => capacity.wide === true),
    wideAbove: share(({ capacity: { wide, interval: [low] = [0, 0] } }) => wide === true && low >= truth * 1.05),
    holds: share(inside),
    holdsNarrow: share((each) => inside(each) && width(each) <= 0.15),
    width: mean(width),
    seconds: mean(({ seconds }) => seconds),
    errors: all.map(error).toSorted((a, b) => a - b),
  };
}
