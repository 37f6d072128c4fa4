import type { ComparedPhase, ComparedRun } from '../../../../lib/analysis/compare/comparable.ts';
import { SliceBuilder } from '../../../../lib/analysis/compare/slices.ts';
import { record } from '../../../../lib/measure/histogram.ts';
import { emptyInterval, stepOf, type Interval } from '../../../../lib/measure/interval.ts';
import { uniform01 } from '../../../../lib/schedule/random.ts';

export interface MadeRun {
  readonly seed: number;
  readonly seconds?: number;
  /** Requests a second. */
  readonly rate?: number;
  /** All times, by this factor. */
  readonly factor?: number;
  readonly errorRatio?: number;
  readonly steps?: number;
  /** All times in whole µs, by this power of two, at which the layout of histograms repeats itself. */
  readonly scale?: number;
}

const MEDIAN_US = 30_000;

/** Seconds of so many steps, each of which takes as much longer than the first; times spread evenly over an octave about the median. */
export function madeSeconds({
  seed,
  seconds = 24,
  rate = 100,
  factor = 1,
  errorRatio = 0.01,
  steps = 1,
  scale = 1,
}: MadeRun): Interval[] {
  const draw = uniform01(seed);
  return Array.from({ length: seconds }, () => {
    const interval = emptyInterval();
    for (let at = 0; at < rate; at += 1) {
      const { ledger, responseTime, serviceTime } = stepOf(interval, at % steps);
      const us = scale * Math.round(MEDIAN_US * ((at % steps) + 1) * 2 ** (draw() - 0.5) * factor);
      record(responseTime, us);
      record(serviceTime, us);
      ledger.sent += 1;
      if (draw() < errorRatio) ledger.failed += 1;
      else ledger.ok += 1;
    }
    return interval;
  });
}

export function phaseFrom(seconds: readonly Interval[], more: Partial<ComparedPhase> = {}): ComparedPhase {
  const builder = new SliceBuilder(seconds.length);
  for (const [second, interval] of seconds.entries()) builder.add(second, interval);
  const { whole, steps } = builder.build();
  return {
    name: 'steady',
    kind: 'sustained',
    load: { model: 'open', segments: [{ durationUs: seconds.length * 1e6, from: 100, to: 100 }] },
    ranSeconds: seconds.length,
    offeredPerSecond: 100,
    validity: { verdict: 'valid', reasons: [] },
    whole,
    signals: new Map(),
    steps: new Map(Array.from(steps, ([step, series]) => [`shop / step ${step}`, series])),
    ...more,
  };
}

export const runOfPhases = (
  id: string,
  phases: readonly ComparedPhase[],
  more: Partial<ComparedRun> = {},
): ComparedRun => ({
  id,
  plan: { name: 'shop', sha256: 'a' },
  journeys: 'browse',
  target: 'http://127.0.0.1:1',
  version: '1',
  machine: 'two cores',
  phases,
  ...more,
});

export const madeRun = (made: MadeRun, id = `run ${made.seed}`): ComparedRun =>
  runOfPhases(id, [phaseFrom(madeSeconds(made))]);
