import { describe, expect, test } from '@jest/globals';
import { modelOf } from '../../../lib/scaling/service-model.ts';
import { simulate } from '../../../lib/scaling/simulate/simulate.ts';
import type { ScalingHistory } from '../../../lib/scaling/verify/history.ts';
import { verifyRules, verifyScaling } from '../../../lib/scaling/verify/index.ts';
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
