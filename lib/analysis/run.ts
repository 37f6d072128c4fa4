import { runFindings } from './index.ts';
import type { AnalysedRun } from './analysed-run.ts';
import type { PhaseFindings } from './phase.ts';
import { gravest, phasesThatCount, type Verdict } from './verdict.ts';

type FindingName = keyof typeof runFindings;

/** By its name, each finding that the run gave. */
export type RunFindings = { readonly [Name in FindingName]?: NonNullable<ReturnType<(typeof runFindings)[Name]>> };

/** All that is concluded from a run: its verdict, its phases, and what they show together. */
export interface Findings extends RunFindings {
  readonly verdict: Verdict;
  readonly phases: readonly PhaseFindings[];
}

export function analyse(run: AnalysedRun): Findings {
  const found = Object.entries(runFindings)
    .map(([name, find]) => [name, find(run)] as const)
    .filter(([, finding]) => finding !== undefined);
  return { verdict: runVerdict(run.phases, run.interrupted), phases: run.phases, ...Object.fromEntries(found) };
}

/** A run that was stopped early is unknown at best: what its later phases would have shown is not known. */
export const runVerdict = (phases: readonly PhaseFindings[], interrupted: boolean): Verdict =>
  gravest([...(interrupted ? (['unknown'] as const) : []), ...phasesThatCount(phases).map(({ verdict }) => verdict)]);
