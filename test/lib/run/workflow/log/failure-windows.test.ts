import { expect, test } from '@jest/globals';
import type { PhaseOutcome } from '../../../../../lib/analysis/outcome.ts';
import { addCase } from '../../../../../lib/measure/cases.ts';
import { stepOf } from '../../../../../lib/measure/interval.ts';
import { failureWindows } from '../../../../../lib/run/workflow/log/failure-windows.ts';
import { outcomeOf, times } from '../../../analysis/measured.ts';

const START_MS = 1_000_000;

/** What failed first, by step: its kind, and so many seconds after the phase's start. */
type Firsts = readonly (readonly [step: number, kind: string, atSeconds: number])[];

function phaseWith(startSeconds: number, failures: Firsts): PhaseOutcome {
  const outcome = outcomeOf({}, times(10, { ok: 1 }), { startedAtMs: START_MS + startSeconds * 1000 });
  for (const [step, kind, atSeconds] of failures)
    addCase(stepOf(outcome.measurement.total, step).cases, { kind, atUs: atSeconds * 1e6, text: `${step} ${kind}` });
  return outcome;
}

/** In seconds after START_MS. */
const windows = (outcomes: readonly PhaseOutcome[], patienceMs = 5000) =>
  failureWindows(outcomes, patienceMs).map(({ fromMs, toMs }) => [
    (fromMs - START_MS) / 1000,
    (toMs - START_MS) / 1000,
  ]);

test.each<[what: string, outcomes: readonly PhaseOutcome[], windows: readonly (readonly [number, number])[]]>([
  ['nothing where nothing failed', [phaseWith(0, [])], []],
  ['from 10 s before a failure to 20 s after it', [phaseWith(100, [[0, 'status.503', 30]])], [[120, 150]]],
  ['a time-out has its wait before it: 130 − 5 − 10', [phaseWith(100, [[0, 'timedOut', 30]])], [[115, 150]]],
  [
    'one where they overlap',
    [
      phaseWith(0, [
        [0, 'a', 30],
        [1, 'b', 45],
      ]),
    ],
    [[20, 65]],
  ], // 20–50 and 35–65
  [
    'one that lies within another',
    [
      phaseWith(0, [
        [0, 'a', 30],
        [1, 'timedOut', 32],
      ]),
    ],
    [[17, 52]],
  ], // 20–50 within 17–52
  [
    'of each phase',
    [phaseWith(0, [[0, 'a', 30]]), phaseWith(200, [[0, 'a', 0]])],
    [
      [20, 50],
      [190, 220],
    ],
  ],
  [
    'of each kind and step',
    [
      phaseWith(0, [
        [0, 'a', 30],
        [0, 'b', 130],
        [1, 'a', 230],
      ]),
    ],
    [
      [20, 50],
      [120, 150],
      [220, 250],
    ],
  ],
])('windows are %s', (_, outcomes, expected) => {
  expect(windows(outcomes)).toEqual(expected);
});

test('only the first of a kind of a step has one, and there are five at the most, the earliest', () => {
  expect(
    windows([
      phaseWith(0, [
        [0, 'a', 300],
        [0, 'a', 30],
      ]),
    ]),
  ).toEqual([[20, 50]]);
  const many = Array.from({ length: 8 }, (_, step) => [step, 'a', 800 - 100 * step] as const);
  expect(windows([phaseWith(0, many)]).map(([from]) => from)).toEqual([90, 190, 290, 390, 490]);
});

test('whoever waits for hours has the last minute of it looked at', () => {
  expect(windows([phaseWith(0, [[0, 'timedOut', 7200]])], 3_600_000)).toEqual([[7130, 7220]]);
});
