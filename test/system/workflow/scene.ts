import type { Execution, Json } from './execute.ts';

/** A phase of three seconds, twenty arrivals a second in all: what two fake generators tell. */
export const phase = (name: string, kind: string, more: Record<string, Json> = {}): { [name: string]: Json } => ({
  name,
  kind,
  duration: '3s',
  open: { rate: 20 },
  objectives: ['errors < 1%'],
  ...more,
});

export const planOf = (...phases: Json[]): { plan: { [name: string]: Json } } => ({
  plan: { name: 'branches', scenarios: [{ name: 'one', steps: [{ get: '/' }] }], phases },
});

export const twoPhases = planOf(phase('steady', 'sustained'), phase('after', 'recovery'));

/** The aftermath of an execution that has reported already, or has nothing to report. */
export const NOTHING_LEFT: Partial<Execution> = { status: 'SUCCEEDED', states: ['EndLoad', 'HaveRun?', 'Done'] };

/** The aftermath of one that was broken off. */
export const REPORTED: Partial<Execution> = {
  status: 'SUCCEEDED',
  states: ['EndLoad', 'HaveRun?', 'ReportPartial', 'Done'],
};

/** What an execution that reports in order goes through, once a phase. */
export const through = (phases: number, end: string): string[] => [
  'Prepare',
  'HavePhase?',
  ...Array.from({ length: phases }, () => ['Load', 'Gate', 'HavePhase?']).flat(),
  'Report',
  'Verdict?',
  end,
];
