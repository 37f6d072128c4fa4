import { trendOf, type BlockFigure } from '../../../../lib/analysis/drift/trend.ts';
import { seedOf, uniform01 } from '../../../../lib/schedule/random.ts';

export type Points = readonly (readonly [atSeconds: number, value: number])[];

/** Of a standard normal distribution, by Box and Muller. */
export function normalFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log1p(-random())) * Math.cos(2 * Math.PI * random());
}

export interface Course {
  readonly seconds: number;
  readonly everySeconds: number;
  /** At the beginning of each hour so much more, as a share of the first level. */
  readonly perHour?: number;
  /** Standard deviation of the noise, as a share of the level, and how alike it is to itself so many seconds later: e⁻¹. */
  readonly noise: number;
  readonly memorySeconds?: number;
  /** A saw-tooth: it climbs by this share and falls back every so many seconds. */
  readonly tooth?: { readonly share: number; readonly everySeconds: number };
  /** What is there at the beginning and decays, or (below 0) is lacking and fills up. */
  readonly decay?: { readonly share: number; readonly seconds: number };
  /** From this share of the time on the level is another, by so much. */
  readonly step?: { readonly at: number; readonly share: number };
  /** No readings between these shares of the time. */
  readonly gap?: readonly [from: number, to: number];
  /** How many readings are outliers, of five times the level. */
  readonly outliers?: number;
  /** Long tails: the noise is that of the logarithm. */
  readonly skewed?: boolean;
}

/** Readings about a level of 100. */
export function pointsOf(course: Course, seed: number): Points {
  const random = uniform01(seedOf(seed, 0));
  const normal = normalFrom(random);
  const {
    seconds,
    everySeconds,
    perHour = 0,
    noise,
    memorySeconds = 0,
    tooth,
    decay,
    step,
    gap,
    outliers = 0,
  } = course;
  const alike = memorySeconds === 0 ? 0 : Math.exp(-everySeconds / memorySeconds);
  const phase = random();
  let state = normal();
  const points: [number, number][] = [];
  for (let at = 0; at < seconds; at += everySeconds) {
    state = alike * state + Math.sqrt(1 - alike ** 2) * normal();
    const outlier = random() < outliers ? 4 : 0;
    if (gap !== undefined && at >= gap[0] * seconds && at < gap[1] * seconds) continue;
    const parts = [
      (perHour * at) / 3600,
      tooth === undefined ? 0 : tooth.share * ((at / tooth.everySeconds + phase) % 1),
      decay === undefined ? 0 : decay.share * Math.exp(-at / decay.seconds),
      step !== undefined && at >= step.at * seconds ? step.share : 0,
      outlier,
    ];
    const level = 100 * (1 + parts.reduce((sum, each) => sum + each, 0));
    points.push([at, level * (course.skewed === true ? Math.exp(noise * state) : 1 + noise * state)]);
  }
  return points;
}

const hours = (count: number): number => count * 3600;

const second = { seconds: hours(2), everySeconds: 1 } as const;
const minute = { seconds: hours(2), everySeconds: 60 } as const;

/** Courses without a trend: what a healthy service looks like, and what is told as a trend by mistake. */
export const LEVEL: Readonly<Record<string, Course>> = {
  'white noise of 5 %': { ...second, noise: 0.05 },
  'white noise of 5 %, once a minute': { ...minute, noise: 0.05 },
  'white noise in half an hour': { seconds: 1800, everySeconds: 1, noise: 0.05 },
  'white noise in eight hours': { seconds: hours(8), everySeconds: 4, noise: 0.05 },
  'alike for 30 s': { ...second, noise: 0.05, memorySeconds: 30 },
  'alike for 2 min': { ...second, noise: 0.05, memorySeconds: 120 },
  'alike for 5 min': { ...second, noise: 0.1, memorySeconds: 300 },
  'alike for 10 min (0.9 from minute to minute)': { ...minute, noise: 0.1, memorySeconds: 570 },
  'long tails': { ...second, noise: 0.5, skewed: true },
  'long tails, alike for 2 min': { ...second, noise: 0.3, skewed: true, memorySeconds: 120 },
  outliers: { ...second, noise: 0.05, outliers: 0.02 },
  'teeth of 30 % every 20 s': { ...second, noise: 0.01, tooth: { share: 0.3, everySeconds: 20 } },
  'teeth of 30 % every 3 min': { ...second, noise: 0.01, tooth: { share: 0.3, everySeconds: 180 } },
  'teeth of 50 % every 10 min': { ...second, noise: 0.01, tooth: { share: 0.5, everySeconds: 600 } },
  'teeth of 50 % every 25 min': { ...second, noise: 0.01, tooth: { share: 0.5, everySeconds: 1500 } },
  'teeth of 50 % every 50 min': { ...second, noise: 0.01, tooth: { share: 0.5, everySeconds: 3000 } },
  'warm-up decays in 5 min': { ...second, noise: 0.02, decay: { share: 1, seconds: 300 } },
  'warm-up decays in 30 min': { ...second, noise: 0.02, decay: { share: 1, seconds: 1800 } },
  'memory fills in 5 min': { ...second, noise: 0.01, decay: { share: -0.4, seconds: 300 } },
  'memory fills in 15 min': { ...second, noise: 0.01, decay: { share: -0.4, seconds: 900 } },
  'memory fills in 25 min': { ...second, noise: 0.01, decay: { share: -0.4, seconds: 1500 } },
  'a step up in the middle': { ...second, noise: 0.02, step: { at: 0.5, share: 0.2 } },
  'a step up early': { ...second, noise: 0.02, step: { at: 0.2, share: 0.2 } },
  'a step up late': { ...second, noise: 0.02, step: { at: 0.8, share: 0.2 } },
  'a gap of a quarter': { ...second, noise: 0.05, memorySeconds: 60, gap: [0.3, 0.55] },
};

/** Leaks of 5 % an hour, by their floor, and a p99 that grows by 10 %, by its middle, each within two hours. */
export const RISING: Readonly<Record<string, Course & { readonly figure: BlockFigure }>> = {
  'leak in white noise of 5 %': { ...second, perHour: 0.05, noise: 0.05, figure: 'floor' },
  'leak, once a minute': { ...minute, perHour: 0.05, noise: 0.02, figure: 'floor' },
  'leak in noise alike for 2 min': { ...second, perHour: 0.05, noise: 0.03, memorySeconds: 120, figure: 'floor' },
  'leak below teeth of 30 % every 3 min': {
    ...second,
    perHour: 0.05,
    noise: 0.01,
    tooth: { share: 0.3, everySeconds: 180 },
    figure: 'floor',
  },
  'leak below teeth of 50 % every 8 min': {
    ...second,
    perHour: 0.05,
    noise: 0.01,
    tooth: { share: 0.5, everySeconds: 480 },
    figure: 'floor',
  },
  'leak with a gap of a quarter': { ...second, perHour: 0.05, noise: 0.03, gap: [0.3, 0.55], figure: 'floor' },
  'leak after a warm-up of 3 min': {
    ...second,
    perHour: 0.05,
    noise: 0.02,
    decay: { share: -0.3, seconds: 180 },
    figure: 'floor',
  },
  'p99 in white noise of 10 %': { ...second, perHour: 0.1, noise: 0.1, figure: 'middle' },
  'p99 with long tails': { ...second, perHour: 0.1, noise: 0.3, skewed: true, figure: 'middle' },
  'p99 alike for 2 min': { ...second, perHour: 0.1, noise: 0.08, memorySeconds: 120, figure: 'middle' },
  'p99 with outliers': { ...second, perHour: 0.1, noise: 0.1, outliers: 0.02, figure: 'middle' },
  'p99, once a minute': { ...minute, perHour: 0.1, noise: 0.05, figure: 'middle' },
  'p99 after a decay of 3 min': {
    ...second,
    perHour: 0.1,
    noise: 0.05,
    decay: { share: 1, seconds: 180 },
    figure: 'middle',
  },
};

/** What is judged: the phase without its first tenth, in which it warms up. */
export const judgedSpan = ({ seconds }: Course): readonly [number, number] => [seconds / 10, seconds];

/** The share of so many courses of a kind that seem to rise. */
export function shareRising(course: Course, figure: BlockFigure, count: number): number {
  let rising = 0;
  for (let seed = 1; seed <= count; seed += 1)
    if (trendOf(pointsOf(course, seed), judgedSpan(course), figure)?.rises === true) rising += 1;
  return rising / count;
}

/** Of these the noise is as large as the growth, so that some are missed. */
export const HARD: readonly string[] = ['leak in noise alike for 2 min', 'p99 alike for 2 min'];
