import type { AnalysedRun } from './analysed-run.ts';
import { bottleneck } from './bottleneck.ts';
import { diagnosis, type Diagnosis } from './diagnosis/diagnose.ts';
import { breakingPoint } from './breaking-point.ts';
import { capacity, type CapacityFinding } from './capacity/finding.ts';
import { drift } from './drift/drift.ts';
import { health } from './watching/health.ts';
import { integrity } from './watching/integrity.ts';
import { knee } from './capacity/knee.ts';
import type { PhaseFindings } from './phase.ts';
import { readiness, type Readiness } from './watching/readiness.ts';
import { recovery } from './watching/recovery.ts';
import { scaling } from './scaling/finding.ts';
import { runObjectives } from './run-objectives.ts';
import { verdictOn } from './objectives.ts';
import { gravest, phasesThatCount, type Verdict } from './verdict.ts';

/**
 * What is concluded of a whole run, in the order in which summary.json has it. A finding is a function of the analysed run, or
 * undefined where there is nothing to conclude; a new one is a file, its line here, and how it is shown: a line in
 * lib/report/sections/findings.ts.
 */
const runFindings = {
  runObjectives,
  capacity,
  breakingPoint,
  knee,
  recovery,
  integrity,
  health,
  drift,
  scaling,
  bottleneck,
  diagnosis: (_: AnalysedRun, why: Diagnosis | undefined): Diagnosis | undefined => why,
} as const;

type FoundOf<Finders extends Readonly<Record<string, (run: AnalysedRun, why: Diagnosis | undefined) => unknown>>> = {
  readonly [Name in keyof Finders]?: NonNullable<ReturnType<Finders[Name]>>;
};

/** By its name, each finding that the run gave; that on readiness rests on the others. */
export type RunFindings = { readonly readiness?: Readiness } & FoundOf<typeof runFindings>;

export type FindingName = keyof RunFindings;

/** All that is concluded from a run: its verdict, its phases, and what they show together. */
export interface Findings extends RunFindings {
  readonly verdict: Verdict;
  readonly phases: readonly PhaseFindings[];
}

export function analyse(run: AnalysedRun): Findings {
  // Two rest on it, and it takes longer than all others.
  const why = diagnosis(run);
  const found = Object.entries(runFindings)
    .map(([name, find]) => [name, find(run, why)] as const)
    .filter(([, finding]) => finding !== undefined);
  const rest: FoundOf<typeof runFindings> = Object.fromEntries(found);
  const ready = readiness(run, rest);
  const findings: RunFindings = { ...(ready && { readiness: ready }), ...rest };
  const verdict =
    findings.capacity === undefined
      ? gravest([runVerdict(run.phases, run.interrupted), ...watchedVerdicts(findings)])
      : verdictOfSearch(findings.capacity, run);
  return { verdict, phases: run.phases, ...findings };
}

/** What no single phase shows. A drift that could not be looked for is no doubt of a plan that doesn't ask for it. */
const watchedVerdicts = (found: RunFindings): Verdict[] => {
  const { runObjectives: judged, recovery: came, integrity: data, health: checked, drift: rose } = found;
  return [
    judged?.verdict,
    came?.verdict,
    data?.verdict,
    checked?.verdict,
    rose?.verdict === 'unknown' ? undefined : rose?.verdict,
  ].filter((each) => each !== undefined);
};

/** Probes fail on purpose: the answer is what counts, and whether it is as much as a floor of throughput asks for. */
function verdictOfSearch(
  { verdict, throughputPerSecond = 0 }: CapacityFinding,
  { plan, interrupted }: AnalysedRun,
): Verdict {
  if (verdict === 'declining') return 'fail';
  if (verdict === 'unknown' || interrupted) return 'unknown';
  const floors = plan.capacity.objectives.filter(({ metric }) => metric.of === 'throughput');
  return gravest(['pass', ...floors.map((floor) => verdictOn(floor, throughputPerSecond))]);
}

/** A run that was stopped early is unknown at best: what its later phases would have shown is not known. */
export const runVerdict = (phases: readonly PhaseFindings[], interrupted: boolean): Verdict =>
  gravest([...(interrupted ? (['unknown'] as const) : []), ...phasesThatCount(phases).map(({ verdict }) => verdict)]);
