/**
 * A figure that is compared. Times and rates shift by a share (their logarithms are compared), the error ratio by a difference.
 * `tolerance` is the shift that does not matter; `least` the requests on either side from which on the figure is worth comparing.
 */
export interface ComparedFigure {
  readonly name: string;
  readonly title: string;
  readonly scale: 'ratio' | 'difference';
  readonly better: 'less' | 'more';
  readonly tolerance: number;
  readonly least: number;
  /** Of a percentile: whose, and which. */
  readonly percentile?: { readonly of: 'responseTime' | 'serviceTime'; readonly share: number };
}

/** Twenty requests beyond a percentile, ten for p99, are the least from which its place can be seen at all. */
const PERCENTILES = [
  { name: 'p50', share: 0.5, tolerance: 0.02, least: 100 },
  { name: 'p95', share: 0.95, tolerance: 0.03, least: 400 },
  { name: 'p99', share: 0.99, tolerance: 0.03, least: 1000 },
];

const percentilesFor = (of: 'responseTime' | 'serviceTime', title: string): ComparedFigure[] =>
  PERCENTILES.map(({ name, share, tolerance, least }) => ({
    name: `${of}.${name}`,
    title: `${name} of ${title}`,
    scale: 'ratio',
    better: 'less',
    tolerance,
    least,
    percentile: { of, share },
  }));

/** In the order in which they are shown; a new figure is an entry, and how its value is made in resample.ts. */
export const comparedFigures: readonly ComparedFigure[] = [
  { name: 'throughput', title: 'throughput', scale: 'ratio', better: 'more', tolerance: 0.02, least: 100 },
  { name: 'errorRatio', title: 'error ratio', scale: 'difference', better: 'less', tolerance: 0.001, least: 100 },
  ...percentilesFor('responseTime', 'response time'),
  ...percentilesFor('serviceTime', 'service time'),
];

/** What a search finds, which is no figure of a phase. */
export const capacityFigure: ComparedFigure = {
  name: 'capacity',
  title: 'capacity',
  scale: 'ratio',
  better: 'more',
  tolerance: 0.02,
  least: 0,
};
