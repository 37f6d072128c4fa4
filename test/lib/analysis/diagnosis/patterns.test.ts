import { describe, expect, test } from '@jest/globals';
import { clientOf } from '../../../../lib/analysis/diagnosis/client.ts';
import { troubleMoments } from '../../../../lib/analysis/diagnosis/moments.ts';
import { patternOf } from '../../../../lib/analysis/diagnosis/patterns/index.ts';
import type { LoadProfile, StepProfile, StepTimes } from '../../../../lib/analysis/diagnosis/profile.ts';
import { emptyHistogram, record } from '../../../../lib/measure/histogram.ts';
import { recordedSystems, seenAs } from './recorded.ts';

/** Of 100 requests these p10, p50, p90, in ms, and so many per cent time out after 5 s. */
function times(p10: number, p50: number, p90: number, timedOut = 0): StepTimes {
  const histogram = emptyHistogram();
  for (const [count, ms] of [
    [30, p10],
    [40, p50],
    [30 - timedOut, p90],
    [timedOut, 5000],
  ] as const)
    for (let n = 0; n < count; n++) record(histogram, ms * 1000);
  const us = { p10: p10 * 1000, p50: p50 * 1000, p90: (timedOut > 10 ? 5000 : p90) * 1000, p99: p90 * 1000 };
  return { ended: 100, failedRatio: 0, timedOutRatio: timedOut / 100, ...us, histogram };
}

type Kind = 'read' | 'keyed' | 'write';
const step = (name: string, light: StepTimes, heavy: StepTimes, kind: Kind = 'read'): StepProfile => ({
  name,
  light,
  heavy,
  onset: heavy,
  keyed: kind === 'keyed',
  writes: kind === 'write',
});

const quick = times(2, 3, 4);
const waits = times(500, 1500, 3000);

/** Any run's, in which nothing fails. */
const slow = recordedSystems.find(({ label, name }) => label !== 'none' && name.includes('slow'));
const client = (() => {
  if (slow === undefined) throw new Error('there is a recorded run without failures');
  const run = seenAs('client', slow);
  const moments = troubleMoments(run);
  if (moments === undefined) throw new Error('it went wrong');
  return clientOf(run, moments);
})();

interface Row {
  readonly seen: string;
  readonly steps: readonly StepProfile[];
  readonly hog?: number;
  readonly hogBusy?: number;
  readonly early?: true;
  readonly atWork?: number;
  readonly lasts?: boolean;
  readonly first: string | undefined;
}

const slowOne = (kind: Kind, p90 = 180): StepProfile => step('slow', times(170, 175, p90), waits, kind);

/** Four of ten as quick as ever, then two of ten after `from` ms and four after `to`. */
const turnedAt = (from: number, to: number): StepProfile => step('turned', quick, times(3, from, to));

const ROWS: readonly Row[] = [
  {
    seen: 'one step takes the same time whatever the load',
    steps: [step('slow', times(700, 705, 710), times(700, 706, 712)), step('b', quick, quick), step('c', quick, quick)],
    hog: 0,
    early: true,
    first: 'downstream-latency',
  },
  {
    seen: 'one step that was quick takes about 900 ms in six of ten cases, and the rest is quick',
    steps: [turnedAt(870, 930), step('b', quick, quick), step('c', quick, quick)],
    first: 'downstream-latency',
  },
  {
    seen: 'the same under the little load already, and all waits under more',
    steps: [step('turned', times(3, 870, 930), waits), step('b', quick, waits), step('c', quick, waits)],
    hog: 0,
    early: true,
    first: 'downstream-latency',
  },
  {
    seen: 'one step is never answered, and a part of the others neither',
    steps: [
      step('hangs', { ...times(5000, 5000, 5000), timedOutRatio: 1 }, waits),
      step('b', times(2, 3, 4, 25), waits),
      step('c', times(2, 3, 4, 25), waits),
    ],
    hog: 0,
    early: true,
    first: 'downstream-latency',
  },
  {
    seen: 'one step that was quick takes anything up to 3 s, and the rest is quick',
    steps: [turnedAt(300, 3000), step('b', quick, quick), step('c', quick, quick)],
    first: undefined,
  },
  {
    seen: 'one step takes long, and others meet it at times, though there is time left',
    steps: [step('slow', times(350, 360, 370), waits), step('b', times(2, 3, 300), waits)],
    hog: 0,
    hogBusy: 0.4,
    early: true,
    first: 'event-loop',
  },
  {
    seen: 'one step takes long, and others meet it at times, and it takes all of a thread',
    steps: [step('slow', times(350, 360, 370), waits), step('b', times(2, 3, 300), waits)],
    hog: 0,
    hogBusy: 0.9,
    early: true,
    first: 'service-cpu',
  },
  {
    seen: 'at every step a third takes 600 ms longer',
    steps: ['a', 'b', 'c'].map((name) => step(name, times(2, 3, 603), times(2, 3, 603))),
    first: 'uneven-nodes',
  },
  {
    seen: 'a part of one step never ends, the rest is quick',
    steps: [step('a', quick, times(2, 3, 4, 20)), step('b', quick, quick), step('c', quick, quick)],
    first: 'downstream-latency',
  },
  {
    seen: 'all steps hang from one moment on, and after the load',
    steps: ['a', 'b', 'c'].map((name) => step(name, quick, times(2, 3, 4, 25))),
    lasts: true,
    first: 'connection-leak',
  },
  {
    seen: 'a read is slow by itself',
    steps: [slowOne('read'), step('b', quick, quick)],
    hog: 0,
    early: true,
    first: 'slow-statements',
  },
  {
    seen: 'a read by a key is slow by itself',
    steps: [slowOne('keyed'), step('b', quick, quick)],
    hog: 0,
    early: true,
    first: 'cache-misses',
  },
  {
    seen: 'a write takes the same long time, by itself',
    steps: [slowOne('write'), step('b', quick, quick)],
    hog: 0,
    early: true,
    first: 'slow-statements',
  },
  {
    seen: 'a write is slow by itself, and now longer and now shorter',
    steps: [slowOne('write', 300), step('b', quick, quick)],
    hog: 0,
    early: true,
    first: 'lock-contention',
  },
  {
    seen: 'others wait with a write',
    steps: [slowOne('write'), step('b', quick, waits), step('c', quick, quick)],
    hog: 0,
    atWork: 2,
    first: 'lock-contention',
  },
  {
    seen: 'some wait with a read that takes a steady time',
    steps: [slowOne('read'), step('b', quick, waits), step('c', quick, quick)],
    hog: 0,
    atWork: 3,
    first: 'connection-pool',
  },
  {
    seen: 'all wait with one step, and one is worked on at a time',
    steps: [slowOne('read'), step('b', quick, waits), step('c', quick, waits)],
    hog: 0,
    atWork: 1,
    first: 'event-loop',
  },
  {
    seen: 'all steps take the same and wait, three at work',
    steps: ['a', 'b', 'c'].map((name) => step(name, times(90, 91, 92), waits)),
    atWork: 3,
    first: 'worker-pool',
  },
  {
    seen: 'all steps take the same and wait, one at work',
    steps: ['a', 'b', 'c'].map((name) => step(name, times(15, 16, 17), waits)),
    atWork: 1,
    first: 'service-cpu',
  },
  {
    seen: 'nothing is worse under more load',
    steps: ['a', 'b'].map((name) => step(name, quick, quick)),
    first: undefined,
  },
];

describe('seen from outside', () => {
  test.each(ROWS)('$seen: $first', ({ steps, hog, hogBusy = 1, early = false, atWork = 1, lasts, first }) => {
    const seen = steps.map((each) => ({ ...each, onset: early ? each.light : each.heavy }));
    const profile: LoadProfile = {
      steps: seen,
      hog: hog === undefined ? undefined : seen[hog],
      hogBusy,
      early,
      twoLoads: true,
      atWork,
    };
    const found = patternOf({ profile, client, lasts });
    const [best] = Object.entries(found?.points ?? {}).toSorted(([, a], [, b]) => b - a);
    expect(best?.[0]).toBe(first);
  });
});
