import { describe, expect, test } from '@jest/globals';
import {
  type ImportedPhase,
  importedDoubts,
  importedHeadline,
  importedNextSteps,
  importedRecommendations,
} from '../../../lib/report/imported-words.ts';
import { importSample } from '../importers/imported.ts';

/** A sample as a phase of a run of several; `startedAt` and `errorRatio` as the test wants them. */
function phaseOf(
  file: string,
  kind: ImportedPhase['phase']['kind'],
  more: { startedAt?: string | null; durationSeconds?: number; errorRatio?: number } = {},
): ImportedPhase {
  const { phase, run } = importSample(file);
  const { errorRatio = phase.errorRatio, ...moments } = more;
  return {
    phase: { ...phase, name: kind, kind, errorRatio },
    from: { ...run.provenance, files: [], ...moments },
  };
}

const K6 = 'recorded/output.ndjson';
const ARTILLERY = 'made/artillery-1.json';

describe('the words for results of several tools', () => {
  test('the headline has a clause a phase, and warm-up none', () => {
    const headline = importedHeadline([phaseOf(ARTILLERY, 'warm-up'), phaseOf(K6, 'sustained'), phaseOf(K6, 'stress')]);
    expect(headline).toMatch(/^sustained: k6 sent 60 .*; stress: k6 sent 60 .*\. There is no verdict: they were not/);
    expect(headline).not.toContain('Artillery');
  });

  test('a doubt that several share stands once, with the names of all', () => {
    const doubts = importedDoubts([phaseOf(K6, 'sustained'), phaseOf(K6, 'stress')]);
    expect(new Set(doubts).size).toBe(doubts.length);
    expect(doubts.filter((each) => each.startsWith('sustained and stress: '))).toHaveLength(
      importedDoubts([phaseOf(K6, 'stress')]).length,
    );
  });

  test('only times of different definitions can’t be held against each other', () => {
    const said = (...phases: ImportedPhase[]) => importedDoubts(phases).filter((each) => each.startsWith('Times can'));
    expect(said(phaseOf(K6, 'sustained'), phaseOf(K6, 'stress'))).toEqual([]);
    expect(said(phaseOf(ARTILLERY, 'sustained'), phaseOf(K6, 'stress'))).toHaveLength(1);
  });

  // From 12:00:00 on for 60 s; the second from the moment of the row on.
  test.each([
    ['2026-01-01T12:00:50Z', ['sustained and stress ran at the same time for 10 s']],
    ['2026-01-01T12:00:59.500Z', []],
    ['2026-01-01T12:01:00Z', []],
    ['2026-01-02T12:00:00Z', []],
    [null, []],
  ])('a second load that starts at %s: %j', (startedAt, sentences) => {
    const doubts = importedDoubts([
      phaseOf(K6, 'sustained', { startedAt: '2026-01-01T12:00:00Z', durationSeconds: 60 }),
      phaseOf(K6, 'stress', { startedAt, durationSeconds: 60 }),
    ]);
    expect(doubts.filter((each) => each.includes('at the same time')).map((each) => each.split(',')[0])).toEqual(
      sentences,
    );
  });

  test.each([
    [0.02, 0.3, 'Mend what fails under the sustained load'],
    [0.01, 0.3, 'Look for the load at which errors begin'],
    [0, 0.01, 'Raise the load of the stress phase'],
  ])('with %d errors in sustained and %d in stress: %s', (calm, stress, begin) => {
    const advice = importedRecommendations([
      phaseOf(ARTILLERY, 'sustained', { errorRatio: calm }),
      phaseOf(K6, 'stress', { errorRatio: stress }),
    ]);
    expect(advice.map(({ text }) => text.startsWith(begin))).toEqual([true]);
  });

  test('one phase alone asks for nothing, and finished figures for single requests', () => {
    expect(importedRecommendations([phaseOf(K6, 'stress')])).toEqual([]);
    expect(importedNextSteps([phaseOf(K6, 'stress')])).toHaveLength(1);
    expect(importedNextSteps([phaseOf('made/artillery-2.json', 'sustained'), phaseOf(K6, 'stress')])[0]).toContain(
      'from Artillery where',
    );
  });
});
