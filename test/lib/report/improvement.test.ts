import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { RankedCause } from '../../../lib/analysis/diagnosis/diagnose.ts';
import { improvementOf } from '../../../lib/report/improvement.ts';
import { anyReport } from './arbitrary.ts';
import { brokenRun } from './fixture.ts';

const cause = (remedy: string, confidence: RankedCause['confidence']): RankedCause => ({
  hypothesis: 'some',
  id: 'service.cpu',
  score: 0.5,
  sinceSeconds: 0,
  perSecond: 1,
  remedy,
  confidence,
  supporting: [],
  contradicting: [],
  undecidedBy: [],
});

test('measures first, changes one thing at a time, compares each with what was before it, and searches the capacity at the end', () => {
  const { summary } = brokenRun();
  const steps = improvementOf(summary);
  const measured = steps.map(({ command }) => command?.split(' ').slice(0, 2).join(' ') ?? 'change');
  expect(measured.slice(0, 3)).toEqual(['plimsoll run', 'change', 'plimsoll run']);
  expect(measured.at(-1)).toBe('plimsoll capacity');
  expect(steps[1]?.what).toBe(summary.bottleneck?.remedy);
  expect(steps[2]?.command).toContain('plimsoll compare runs/before runs/after-1');
});

test('a second change is measured against the first, a cause that is only possible is none, and one remedy stands once', () => {
  const { summary } = brokenRun();
  const causes = [
    cause(summary.bottleneck?.remedy ?? '', 'high'),
    cause('Add an index.', 'medium'),
    cause('Pray.', 'low'),
  ];
  const diagnosis = { missed: 'p99 < 1s', sinceSeconds: 0, broken: true, causes, wanted: [] };
  const steps = improvementOf({ ...summary, diagnosis });
  expect(steps.filter(({ command }) => command === undefined).map(({ what }) => what)).toEqual([
    summary.bottleneck?.remedy,
    'Add an index.',
  ]);
  expect(steps[4]?.command).toContain('compare runs/after-1 runs/after-2');
  expect(steps[2]?.doneWhen).toContain('p99 < 1s holds');
});

test('the remedy of what gave way first, at steps that are named, is no second change', () => {
  const { summary } = brokenRun();
  const { bottleneck } = summary;
  if (bottleneck === undefined) throw new Error('a broken run has a bottleneck');
  const named = { ...bottleneck, remedy: `Begin with login. ${bottleneck.remedy}` };
  const causes = [cause(bottleneck.remedy, 'high')];
  const diagnosis = { missed: 'p99 < 1s', sinceSeconds: 0, broken: true, causes, wanted: [] };
  const steps = improvementOf({ ...summary, bottleneck: named, diagnosis });
  expect(steps.flatMap(({ what, command }) => (command === undefined ? [what] : []))).toEqual([named.remedy]);
});

test('law: there is a plan only where something gave way', () => {
  fc.assert(
    fc.property(anyReport, ({ summary }) => {
      const sound = { ...summary, verdict: 'pass' as const };
      delete sound.breakingPoint;
      expect(improvementOf(sound)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
