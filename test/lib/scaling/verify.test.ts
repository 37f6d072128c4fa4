import { describe, expect, test } from '@jest/globals';
import { modelOf } from '../../../lib/scaling/service-model.ts';
import { simulate } from '../../../lib/scaling/simulate/simulate.ts';
import type { ScalingHistory } from '../../../lib/analysis/scaling/history.ts';
import { verifyRules, verifyScaling } from '../../../lib/analysis/scaling/verify.ts';
import { historyOfRun } from '../../../lib/scaling/verify/of-run.ts';
import { historyOfSimulation } from '../../../lib/scaling/verify/of-simulation.ts';
import { at, HISTORIES, recorded } from './histories.ts';
import { byMinute, host, measured, policy, spot, steady } from './measured.ts';

describe('a recorded history', () => {
  test.each(HISTORIES)('%s', (_, history, judged) => {
    const found = verifyScaling(history);
    const verdicts = Object.fromEntries(Object.entries(found).map(([name, { verdict }]) => [name, verdict]));
    const passing = Object.fromEntries(Object.keys(verifyRules).map((name) => [name, 'pass']));
    expect(verdicts).toEqual({ ...passing, ...judged });
    expect(
      Object.values(found).filter(({ evidence }) => evidence === '' || /NaN|undefined|Infinity/.test(evidence)),
    ).toEqual([]);
  });

  test('what was not measured is unknown, and never a pass', () => {
    const empty: ScalingHistory = {
      fromMs: at(0),
      toMs: at(120),
      min: 2,
      max: 10,
      counts: [],
      activities: [],
      alarms: [],
    };
    const { flapping, ...rest } = verifyScaling(empty);
    expect(new Set(Object.values(rest).map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
    // Activities are on record, and there are none.
    expect(flapping.verdict).toBe('pass');
  });

  test('the evidence names when and how much', () => {
    const found = verifyScaling(
      recorded([
        [0, 2, 2, 2],
        [20, 6, 2, 2],
        [40, 6, 7, 7],
      ]),
    );
    expect(found.delay.evidence).toBe(
      'tasks were missing for 1200 s at the longest, from 2026-03-02 09:20:00 until they ran; 600 s are allowed',
    );
  });
});

describe('a run on AWS', () => {
  /** A minute each: 150/s, then 700/s from the third on, of tasks that carry 100/s; the system said what it had. */
  const minutes = [150, 150, 700, 700, 700, 700];
  const points = (values: readonly number[]) => values.map((value, minute) => [minute * 60 + 30, value]);
  const seen = {
    timeline: [
      {
        startSeconds: 0,
        points: minutes.map((rate, minute) => ({ atSeconds: minute * 60, seconds: 60, ledger: { sent: rate * 60 } })),
      },
    ],
    signals: [
      { id: 'service.tasks', points: points([2, 2, 2, 2, 9, 9]) },
      { id: 'service.tasks-desired', points: points([2, 2, 2, 9, 9, 9]) },
    ],
  };
  const ran = {
    run: { startedAt: '2026-03-02T09:00:00Z', endedAt: '2026-03-02T09:06:00Z' },
    phases: [{ verdict: 'fail', durationSeconds: 360 }],
  };

  test('is judged by its counts and by what was sent', () => {
    const history = historyOfRun({ summary: ran, report: seen, path: 'runs/latest' }, policy);
    expect(history.counts.map(({ needed, desired, running }) => [needed, desired, running])).toEqual([
      [2, 2, 2],
      [2, 2, 2],
      [7, 2, 2],
      [7, 9, 2],
      [7, 9, 9],
      [7, 9, 9],
    ]);
    const found = verifyScaling(history);
    expect(found.delay.evidence).toContain('tasks were missing for 120 s at the longest');
    expect([found['scale-out'].verdict, found.objectives.verdict, found['alarm-fired'].verdict]).toEqual([
      'pass',
      'fail',
      'unknown',
    ]);
  });

  test('without counts of tasks there is nothing to judge', () => {
    const bare = { ...seen, signals: [] };
    expect(() => historyOfRun({ summary: ran, report: bare, path: 'runs/latest' }, policy)).toThrow(
      'which runs in the cloud do',
    );
    expect(() => historyOfRun({ summary: ran, report: undefined, path: 'x' }, policy)).toThrow('holds no summary.json');
  });
});

describe('a simulated history', () => {
  const model = modelOf(measured);
  const judge = (max: number) => {
    const traffic = byMinute([...steady(150, 30), ...steady(700, 60), ...steady(150, 60)]);
    const scaled = {
      ...policy,
      tasks: { min: 2, max },
      cooldown: { outSeconds: 300, inSeconds: 300 },
      cpu: { targetRatio: 0.9 },
    };
    const course = simulate({ policy: scaled, model, host, spot }, traffic);
    return verifyScaling(historyOfSimulation(course, model, scaled));
  };

  test('is judged by the same rules: tasks come in time and go again', () => {
    const found = judge(20);
    const verdicts = ['scale-out', 'delay', 'started', 'at-maximum', 'overshoot', 'scale-in'] as const;
    expect(verdicts.map((name) => found[name].verdict)).toEqual(verdicts.map(() => 'pass'));
    expect(found['alarm-fired'].verdict).toBe('unknown');
  });

  test('with a maximum below the need it is stuck', () => {
    expect(judge(4)['at-maximum'].verdict).toBe('fail');
  });
});
