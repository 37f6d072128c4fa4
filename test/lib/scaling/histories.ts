import type { AlarmHistory, ScalingActivity, ScalingHistory } from '../../../lib/analysis/scaling/history.ts';
import type { VerifyRuleName } from '../../../lib/analysis/scaling/verify.ts';

const START = Date.UTC(2026, 2, 2, 9);
export const at = (minute: number): number => START + minute * 60_000;

/** From a minute on: needed, desired and running tasks. */
type Row = readonly [minute: number, needed: number, desired: number, running: number];

/** Two hours between 2 and 10 tasks. Every change of the desired count is an activity of CPU's target tracking. */
export function recorded(
  rows: readonly Row[],
  alarms: readonly AlarmHistory[] = [],
  violatedMinutes = 0,
): ScalingHistory {
  const counts = rows.map(([minute, needed, desired, running]) => ({ atMs: at(minute), needed, desired, running }));
  const activities = counts.slice(1).flatMap(({ atMs, desired }, i): ScalingActivity[] => {
    const from = counts[i]?.desired ?? 0;
    return desired === from ? [] : [{ atMs, from, to: desired, cause: 'AlarmHigh of cpu' }];
  });
  return { fromMs: at(0), toMs: at(120), min: 2, max: 10, counts, activities, alarms, violatedMinutes };
}

const alarm = (
  changes: readonly (readonly [minute: number, state: 'OK' | 'ALARM'])[],
  expected?: readonly [from: number, to: number],
): AlarmHistory => ({
  name: 'cpu-high',
  changes: changes.map(([minute, state]) => ({ atMs: at(minute), state })),
  ...(expected && { expected: { fromMs: at(expected[0]), toMs: at(expected[1]) } }),
});

/** Load rises at minute 20 and falls at 60; a scale-out after 5 minutes, running after 6; back to two by minute 80. */
const GOOD: readonly Row[] = [
  [0, 2, 2, 2],
  [20, 6, 2, 2],
  [25, 6, 7, 2],
  [26, 6, 7, 7],
  [60, 2, 7, 7],
  [80, 2, 3, 3],
];
const FIRED = alarm(
  [
    [25, 'ALARM'],
    [62, 'OK'],
  ],
  [20, 60],
);

export const HISTORIES: readonly (readonly [
  name: string,
  history: ScalingHistory,
  judged: Partial<Record<VerifyRuleName, string>>,
])[] = [
  ['all as it should be', recorded(GOOD, [FIRED]), {}],
  [
    'a need of five minutes, which ended by itself',
    recorded(
      [
        [0, 2, 2, 2],
        [20, 3, 2, 2],
        [25, 2, 2, 2],
      ],
      [alarm([[0, 'OK']])],
    ),
    {},
  ],
  ['nothing was needed', recorded([[0, 2, 2, 2]], [alarm([[0, 'OK']])]), {}],
  [
    'no scale-out',
    recorded(
      [
        [0, 2, 2, 2],
        [20, 6, 2, 2],
        [60, 2, 2, 2],
      ],
      [FIRED],
    ),
    { 'scale-out': 'fail', delay: 'fail' },
  ],
  [
    'a late scale-out',
    recorded(
      [
        [0, 2, 2, 2],
        [20, 6, 2, 2],
        [40, 6, 7, 2],
        [41, 6, 7, 7],
        [60, 2, 2, 2],
      ],
      [FIRED],
    ),
    { delay: 'fail' },
  ],
  [
    'too many at once',
    recorded(
      [
        [0, 2, 2, 2],
        [20, 4, 2, 2],
        [25, 4, 10, 2],
        [26, 4, 10, 10],
        [40, 2, 2, 2],
      ],
      [FIRED],
    ),
    { overshoot: 'warn' },
  ],
  [
    'out and in by turns',
    recorded(
      [
        [0, 3, 3, 3],
        [10, 3, 4, 4],
        [25, 3, 3, 3],
        [35, 3, 4, 4],
        [50, 3, 3, 3],
        [60, 3, 4, 4],
        [75, 3, 3, 3],
      ],
      [alarm([])],
    ),
    { flapping: 'fail' },
  ],
  [
    'the maximum ends it',
    recorded(
      [
        [0, 2, 2, 2],
        [20, 14, 2, 2],
        [25, 14, 10, 10],
        [60, 2, 2, 2],
      ],
      [FIRED],
      40,
    ),
    { 'at-maximum': 'fail', delay: 'fail', objectives: 'fail' },
  ],
  [
    'no scale-in',
    recorded(
      [
        [0, 2, 2, 2],
        [20, 6, 2, 2],
        [25, 6, 7, 7],
        [60, 2, 7, 7],
      ],
      [FIRED],
    ),
    { 'scale-in': 'fail' },
  ],
  [
    'tasks that never start',
    recorded(
      [
        [0, 2, 2, 2],
        [20, 6, 2, 2],
        [25, 6, 7, 2],
        [60, 2, 2, 2],
      ],
      [FIRED],
    ),
    { started: 'fail', delay: 'fail' },
  ],
  ['an alarm that never came', recorded(GOOD, [alarm([[0, 'OK']], [20, 60])]), { 'alarm-fired': 'fail' }],
  [
    'an alarm that came late',
    recorded(GOOD, [
      alarm(
        [
          [45, 'ALARM'],
          [62, 'OK'],
        ],
        [20, 60],
      ),
    ]),
    { 'alarm-fired': 'fail' },
  ],
  ['an alarm that never went', recorded(GOOD, [alarm([[25, 'ALARM']], [20, 60])]), { 'alarm-cleared': 'fail' }],
  [
    'an alarm for nothing',
    recorded(
      [[0, 2, 2, 2]],
      [
        alarm([
          [30, 'ALARM'],
          [31, 'OK'],
        ]),
      ],
    ),
    { 'alarm-fired': 'warn' },
  ],
  [
    'an alarm that is on when the record ends',
    recorded(
      [
        [0, 2, 2, 2],
        [110, 6, 2, 2],
        [115, 6, 6, 6],
      ],
      [alarm([[112, 'ALARM']], [110, 118])],
    ),
    { 'alarm-cleared': 'unknown' },
  ],
  [
    'far too many all along',
    // 3 and a quarter are 4 of 10: 6 of 10 stand idle.
    recorded([[0, 3, 10, 10]], [alarm([])]),
    { 'over-provisioned': 'warn', 'scale-in': 'fail' },
  ],
  [
    'a timetable that holds them',
    {
      ...recorded([[0, 3, 10, 10]], [alarm([])]),
      counts: [{ atMs: at(0), needed: 3, desired: 10, running: 10, least: 10 }],
    },
    {},
  ],
];
