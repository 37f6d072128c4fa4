import { tBeyond } from '../compare/student.ts';
import { meanValue, medianValue } from '../compare/middle.ts';

/** What a figure is looked at by: the middle of its readings, or also their floor, which the teeth of a garbage collector leave alone. */
export type BlockFigure = 'middle' | 'floor';

/** How a figure moves over a stretch of time, by a straight line. */
export interface Trend {
  /** Of the line, at the beginning and the end of the stretch. */
  readonly from: number;
  readonly to: number;
  readonly perSecond: number;
  /** Between these the true slope lies with nine tenths' confidence. */
  readonly perSecondRange: readonly [low: number, high: number];
  /** It rises, by more than chance, all along, and enough to matter. */
  readonly rises: boolean;
}

/** A way to look at the course: in how many blocks, and what share of courses without a trend may seem to rise by it. */
interface Resolution {
  readonly blocks: number;
  readonly falseShare: number;
  /** Whether the likeness of neighbours is freed of its bias, for which it takes many of them. */
  readonly freed: boolean;
}

/** Many blocks say how long a course remembers, and so how much it wanders by chance. */
const FINE: Resolution = { blocks: 60, falseShare: 0.005, freed: true };
/** Few are wide enough for a whole tooth of a saw, whose floor is then seen in each; ten to thirty is what batch means want (Schmeiser 1982). */
const COARSE: Resolution = { blocks: 12, falseShare: 0.0003, freed: false };

/** Gaps may take a third of the blocks. */
const LEAST_SHARE = 2 / 3;
const LEAST_BLOCKS = 12;

const RANGE_SHARE = 0.1;

/** A smaller growth over the whole stretch does not matter, however sure it is. */
const LEAST_GROWTH = 0.02;

/** What fills up slows down: the last third of the way has to rise at least at this share of the pace of the one before it. */
const GOES_ON = 0.5;
/** And a step is no trend: the other way round this share. */
const HAD_BEGUN = 0.25;

type Readings = readonly (readonly [atSeconds: number, value: number])[];
type Stretch = readonly [fromSeconds: number, toSeconds: number];

/**
 * Whether readings in time order rise between two moments; undefined where too few were made. The slope is that of Theil (1950) and Sen
 * (1968), the median of the slopes between any two blocks, so that outliers have no say. Its error counts residuals that resemble their
 * neighbours as fewer than they are, in the error as in the degrees of freedom (Santer et al. 2000), with their likeness r
 * freed of its bias in short courses (Marriott and Pope 1954). `npm run bench:drift` measures how often it errs.
 */
export function trendOf(points: Readings, stretch: Stretch, figure: BlockFigure): Trend | undefined {
  const within = points.filter(([at, value]) => at >= stretch[0] && at < stretch[1] && Number.isFinite(value));
  // Two readings a block at least, so that one has a middle.
  const fine = { ...FINE, blocks: Math.min(FINE.blocks, Math.floor(within.length / 2)) };
  const middle = seenAt(fine, within, stretch, 'middle');
  const floor = figure === 'floor' ? seenAt(COARSE, within, stretch, 'floor') : undefined;
  const seen = [middle, floor].filter((each) => each !== undefined);
  return seen.find(({ rises }) => rises) ?? seen[0];
}

function seenAt(resolution: Resolution, points: Readings, [from, to]: Stretch, figure: BlockFigure): Trend | undefined {
  const blocks = blocksOf(points, [from, to], resolution.blocks, figure);
  if (resolution.blocks < LEAST_BLOCKS || blocks.length < LEAST_SHARE * resolution.blocks) return undefined;
  const perSecond = slopeOf(blocks);
  const at = medianValue(blocks.map(({ value, atSeconds }) => value - perSecond * atSeconds));
  const { error, deviation, freedom } = errorOf(blocks, perSecond, at, resolution.freed);
  const [begin, end] = [at + perSecond * from, at + perSecond * to];
  const half = error * tBeyond(RANGE_SHARE, freedom);
  const low = perSecond - half;
  const rises =
    perSecond > error * tBeyond(2 * resolution.falseShare, freedom) &&
    low * (to - from) > LEAST_GROWTH * Math.abs(begin) &&
    risesAllAlong(blocks, [from, to], deviation);
  return { from: begin, to: end, perSecond, perSecondRange: [low, perSecond + half], rises };
}

interface TrendBlock {
  readonly number: number;
  readonly atSeconds: number;
  readonly value: number;
  readonly readings: number;
}

/** The stretch in equal parts; parts without a reading are left out. */
function blocksOf(points: Readings, [from, to]: Stretch, count: number, figure: BlockFigure): TrendBlock[] {
  const parts = Map.groupBy(points, ([at]) => Math.floor(((at - from) / (to - from)) * count));
  return Array.from(parts, ([number, own]) => {
    const values = own.map(([, value]) => value);
    const atSeconds = own.reduce((sum, [at]) => sum + at, 0) / own.length;
    const value = figure === 'middle' ? medianValue(values) : floorOf(values);
    return { number, atSeconds, value, readings: own.length };
  }).toSorted((a, b) => a.number - b.number);
}

const FLOOR_SHARE = 0.05;

const floorOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(FLOOR_SHARE * values.length) - 1] ?? Number.NaN;

const slopeOf = (blocks: readonly TrendBlock[]): number =>
  medianValue(
    blocks.flatMap((one, index) =>
      blocks.slice(index + 1).map((other) => (other.value - one.value) / (other.atSeconds - one.atSeconds)),
    ),
  );

/** A course of which nothing is left beside its likeness to itself knows no error: so many degrees it has at least. */
const LEAST_FREEDOM = 1;
const MOST_LIKENESS = 0.9;

interface SlopeError {
  /** Of the slope. */
  readonly error: number;
  /** Of a single block, as if all were independent. */
  readonly deviation: number;
  readonly freedom: number;
}

function errorOf(blocks: readonly TrendBlock[], slope: number, at: number, freed: boolean): SlopeError {
  const residuals = blocks.map(({ atSeconds, value }) => value - at - slope * atSeconds);
  const mean = meanValue(residuals);
  const centred = residuals.map((each) => each - mean);
  const squares = centred.reduce((sum, each) => sum + each * each, 0);
  const raw = squares === 0 ? 0 : likenessOf(blocks, centred) / squares;
  const unbiased = freed ? (raw * blocks.length + 2) / (blocks.length - 4) : raw;
  const likeness = Math.min(MOST_LIKENESS, Math.max(0, unbiased));
  const readings = freed ? Math.round(medianValue(blocks.map((each) => each.readings))) : 1;
  const count = blocks.length / inflationOf(likeness, readings);
  const freedom = Math.max(LEAST_FREEDOM, count - 2);
  const deviation = Math.sqrt(squares / freedom);
  const middle = meanValue(blocks.map(({ atSeconds }) => atSeconds));
  const spread = blocks.reduce((sum, { atSeconds }) => sum + (atSeconds - middle) ** 2, 0);
  return { error: deviation / Math.sqrt(spread), deviation, freedom };
}

/**
 * How many blocks count for one, by how alike neighbours are: (1 + r) / (1 − r) where a block is one reading. Middles of many readings are
 * more alike than what remembers from reading to reading makes them farther on, so the likeness of readings is looked for that
 * gives such blocks theirs (a first-order autoregression, aggregated: Amemiya and Wu 1972).
 */
function inflationOf(likeness: number, readings: number): number {
  let [low, high] = [0, 1 - 1e-9];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (blockMoments(middle, readings).likeness < likeness) low = middle;
    else high = middle;
  }
  return (readings * (1 + low)) / (1 - low) / blockMoments(low, readings).variance;
}

const HALVINGS = 50;

/** Of sums of so many readings of variance 1: their variance, and the likeness of neighbouring ones. */
function blockMoments(alike: number, readings: number): { readonly variance: number; readonly likeness: number } {
  const rest = 1 - alike;
  const faded = 1 - alike ** readings;
  const variance = (readings * (1 + alike)) / rest - (2 * alike * faded) / rest ** 2;
  return { variance, likeness: (alike * faded ** 2) / rest ** 2 / variance };
}

/** The sum of the products of neighbours, which are alike where it is large. */
const likenessOf = (blocks: readonly TrendBlock[], residuals: readonly number[]): number =>
  residuals.reduce((sum, each, index) => {
    const isNext = blocks[index]?.number === (blocks[index - 1]?.number ?? Number.NaN) + 1;
    return isNext ? sum + each * (residuals[index - 1] ?? 0) : sum;
  }, 0);

/** A median wanders so much more than a mean (normal distribution: √(π/2)). */
const OF_MEDIAN = 1.25;

/** Neither the first nor the last third makes the whole of the way, but for what chance may do to the middles of thirds. */
function risesAllAlong(blocks: readonly TrendBlock[], [from, to]: Stretch, deviation: number): boolean {
  const thirds = [0, 1, 2].map((third) => {
    const own = blocks.filter(({ atSeconds }) => Math.floor(((atSeconds - from) * 3) / (to - from)) === third);
    return { at: meanValue(own.map(({ atSeconds }) => atSeconds)), value: medianValue(own.map(({ value }) => value)) };
  });
  const pace = (third: number): number => {
    const [one, next] = [thirds[third], thirds[third + 1]];
    return one === undefined || next === undefined ? Number.NaN : (next.value - one.value) / (next.at - one.at);
  };
  const [early, late] = [pace(0), pace(1)];
  const chance = (OF_MEDIAN * deviation) / Math.sqrt(blocks.length / 3) / ((to - from) / 3);
  // Of the difference of two differences that share a middle, one of them times `share`.
  const allowed = (share: number): number => chance * Math.sqrt(2 + 2 * share + 2 * share ** 2);
  const rise = -chance * Math.SQRT2;
  return (
    early > rise &&
    late > rise &&
    late > GOES_ON * early - allowed(GOES_ON) &&
    early > HAD_BEGUN * late - allowed(HAD_BEGUN)
  );
}
