import type { ComparedFigure } from './figures.ts';
import type { FigureEstimate } from './resample.ts';

/** What a million successful requests have cost, in USD: an hour's price over an hour's requests. */
export const costFigure: ComparedFigure = {
  name: 'costPerMillion',
  title: 'cost of a million requests',
  scale: 'ratio',
  better: 'less',
  tolerance: 0.02,
  least: 100,
};

const SECONDS_AN_HOUR = 3600;

/**
 * The cost of every run, by what was carried (the logarithm of requests a second) and USD an hour; its noise is that of the requests,
 * since a price has none. Undefined where the price of any run is not known.
 */
export function costEstimates(
  carried: readonly FigureEstimate[],
  usdPerHour: readonly (number | undefined)[],
): readonly FigureEstimate[] | undefined {
  const costs = carried.flatMap((each, at) => {
    const usd = usdPerHour[at];
    return usd === undefined ? [] : { ...each, value: Math.log((1e6 * usd) / SECONDS_AN_HOUR) - each.value };
  });
  return costs.length === carried.length ? costs : undefined;
}
