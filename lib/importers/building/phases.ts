import type { Measurement } from '../../measure/measurement.ts';
import type { PhaseKind } from '../../plan/phase.ts';
import { planSteps, type Plan } from '../../plan/plan.ts';
import { listed } from '../../units.ts';
import type { ImportedRun } from './run.ts';

/** A run as one phase among others; the steps before `firstStep` are those of the phases before it. */
export function asPhase(run: ImportedRun, kind: PhaseKind, firstStep: number): ImportedRun {
  const shifted = <T>(steps: ReadonlyMap<number, T>): Map<number, T> =>
    new Map(Array.from(steps, ([number, each]) => [firstStep + number, each]));
  const placed = ({ total, within, ...rest }: Measurement): Measurement => ({
    ...rest,
    total: { ...total, steps: shifted(total.steps) },
    within: { ...within, steps: shifted(within.steps) },
  });
  const phase = { ...run.phase, name: kind, kind };
  const [scenario, ...others] = run.plan.scenarios;
  if (scenario === undefined || others.length > 0) throw new RangeError('an imported run has one scenario');
  return {
    ...run,
    phase,
    // Names of scenarios are unique in a plan, and a tool may have measured several phases.
    plan: { ...run.plan, phases: [phase], scenarios: [{ ...scenario, name: `${scenario.name} ${kind}` }] },
    given: { ...run.given, steps: shifted(run.given.steps) },
    ...(run.measurement !== undefined && { measurement: placed(run.measurement) }),
  };
}

/** How many steps the run names. */
export const stepCount = ({ plan }: ImportedRun): number => planSteps(plan).length;

/** One plan of the phases, in their order. */
export function planOfPhases([first, ...others]: readonly [ImportedRun, ...ImportedRun[]]): Plan {
  if (others.length === 0) return first.plan;
  const all = [first, ...others];
  return {
    ...first.plan,
    name: listed([...new Set(all.map(({ provenance }) => provenance.tool))], 'and'),
    scenarios: all.flatMap(({ plan }) => plan.scenarios),
    phases: all.map(({ phase }) => phase),
  };
}

/**
 * The phases on a common axis, each where the one before it ends. Files of one run may lie days apart, overlap, or not say when they
 * ran, and what was between them is not measured.
 */
export function oneAfterAnother<P extends { readonly ranSeconds: number }>(phases: readonly P[], fromMs: number) {
  let atMs = fromMs;
  return phases.map((phase) => {
    const startedAtMs = atMs;
    if (Number.isFinite(phase.ranSeconds)) atMs += phase.ranSeconds * 1000;
    return { ...phase, startedAtMs };
  });
}
