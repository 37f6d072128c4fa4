import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MeasurementBuilder } from '../../../../lib/measure/measurement.ts';
import { lowerPhase } from '../../../../lib/plan/phase.ts';
import { judgePhase } from '../../../../lib/analysis/phase.ts';
import { decodeOutcome, encodeOutcome } from '../../../../lib/run/archive/outcomes.ts';
import { anyInterval } from '../../../laws/intervals.ts';
import { planOf } from '../plan.ts';

const phase = lowerPhase(
  { name: 'p', kind: 'sustained', duration: '5s', open: { rate: 1 }, objectives: ['p99 < 1s', 'errors < 1%'] },
  [],
);
const plan = planOf([phase], ['/a', '/b', '/c', '/d']);
const window = { fromSeconds: 0, toSeconds: 5, signals: [] };

test('a phase that was kept and read again is summarised and drawn as it was', () => {
  fc.assert(
    fc.property(
      fc.array(anyInterval, { maxLength: 8 }),
      fc.option(fc.string(), { nil: undefined }),
      (seconds, lost) => {
        const builder = new MeasurementBuilder(5);
        for (const [second, interval] of seconds.entries()) builder.add(second, interval);
        const measurement = builder.build();
        const outcome = { phase, startedAtMs: 1e12, ranSeconds: 5, measurement, ...(lost !== undefined && { lost }) };
        const again = decodeOutcome(encodeOutcome(outcome), phase);
        expect(judgePhase(plan, again, window)).toEqual(judgePhase(plan, outcome, window));
        expect(JSON.stringify(again.measurement.points)).toBe(JSON.stringify(measurement.points));
      },
    ),
    { numRuns: 50 },
  );
});

test('of another format it is refused', () => {
  expect(() => decodeOutcome('{"format":"plimsoll.outcome.v0"}', phase)).toThrow('plimsoll.outcome.v1');
});
