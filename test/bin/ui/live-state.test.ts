import { expect, test } from '@jest/globals';
import { probeVerdicts } from '../../../bin/ui/live-state.ts';
import type { LiveRun } from '../../../bin/ui/live-run.ts';

const phaseOf = (probe: boolean, isOver: boolean) => ({
  phase: probe ? { probe: {} } : {},
  ...(isOver && { findings: { verdict: 'fail' } }),
});

test('of a probe that is over the verdict is the one in the list of probes; other phases, and one that runs, have none', () => {
  const live = {
    phases: [phaseOf(false, true), phaseOf(true, true), phaseOf(true, true), phaseOf(true, false)],
    capacity: { probes: [{ verdict: 'pass' }, { verdict: 'unsure' }] },
  } as unknown as Pick<LiveRun, 'phases' | 'capacity'>;
  expect([...probeVerdicts(live)]).toEqual([
    [1, 'pass'],
    [2, 'unsure'],
  ]);
});
