import { findBreak } from '../analysis/breaking-point.ts';
import { judge, type Judged } from '../analysis/objectives.ts';
import type { PhaseOutcome, PhaseWindow } from '../analysis/outcome.ts';
import { isVoidedByCollapse, voidReasons } from '../analysis/validity.ts';
import { gravest, type Verdict } from '../analysis/verdict.ts';
import { percentilesOf, type Histogram } from '../measure/histogram.ts';
import { addStep, allSteps, emptyStep, type Interval } from '../measure/interval.ts';
import { errorRatio, type Ledger } from '../measure/ledger.ts';
import { planSteps, type Plan } from '../plan/plan.ts';
import type { Phase } from '../plan/phase.ts';
import { describeLoad } from './describe-load.ts';
import type { BreakingPoint, PhaseSummary, StepSummary, TimesUs } from './summary.ts';

const NO_TIMES: TimesUs = {
  count: 0,
  min: null,
  mean: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  p999: null,
  max: null,
};

const timesOf = (histogram: Histogram): TimesUs => percentilesOf(histogram) ?? NO_TIMES;

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** One phase as `summary.json` tells it, judged. */
export function summarisePhase(plan: Plan, outcome: PhaseOutcome, window: PhaseWindow): PhaseSummary {
  const { phase, measurement, ranSeconds } = outcome;
  const { total, within } = measurement;
  const all = allSteps(total);
  const reasons = voidReasons(outcome);
  const judged = phase.objectives.map((objective) => judge(objective, outcome, window));
  return {
    name: phase.name,
    kind: phase.kind,
    model: phase.model,
    load: describeLoad(phase),
    startedAt: new Date(outcome.startedAtMs).toISOString(),
    durationSeconds: ranSeconds,
    verdict: isVoidedByCollapse(outcome) ? 'fail' : phaseVerdict(phase, all.ledger, judged, reasons),
    validity: { verdict: reasons.length === 0 ? 'valid' : 'void', reasons },
    arrivals: total.arrivals,
    ledger: all.ledger,
    offeredPerSecond: total.arrivals.due / Math.max(ranSeconds, 1e-3),
    throughputPerSecond: allSteps(within).ledger.ok / Math.max(ranSeconds, 1e-3),
    errorRatio: orNull(errorRatio(all.ledger)),
    peakUsers: Math.ceil(Math.max(0, ...measurement.points.map((point) => point.users))),
    responseTimeUs: timesOf(all.responseTime),
    serviceTimeUs: timesOf(all.serviceTime),
    startDelayUs: timesOf(total.startDelay),
    generator: {
      cpuRatio: orNull(total.generator.cpuUs / total.generator.wallUs),
      eventLoopDelayUs: timesOf(total.generator.eventLoopDelay),
    },
    objectives: judged.map((each) => ({ ...each, value: orNull(each.value) })),
    scenarios: scenariosOf(plan, total),
  };
}

/** Nothing that ended is no evidence; nothing answered well is a failure, whatever the objectives say; void outranks what it voids. */
function phaseVerdict(phase: Phase, ledger: Ledger, judged: readonly Judged[], reasons: readonly string[]): Verdict {
  if (reasons.length > 0) return 'void';
  if (ledger.sent === 0) return phase.segments.every(({ from, to }) => from === 0 && to === 0) ? 'pass' : 'unknown';
  if (ledger.ok === 0) return ledger.failed + ledger.timedOut === 0 ? 'unknown' : 'fail';
  return judged.length === 0 ? 'pass' : gravest(judged.map(({ verdict }) => verdict));
}

/** Steps in the plan's order, those never reached included; steps of one name are one. */
function scenariosOf(plan: Plan, total: Interval): PhaseSummary['scenarios'] {
  const steps = planSteps(plan);
  return plan.scenarios.map(({ name }) => {
    const byName = new Map<string, ReturnType<typeof emptyStep>>();
    steps.forEach(({ scenario, step }, number) => {
      if (scenario !== name) return;
      const record = byName.get(step.name) ?? emptyStep();
      byName.set(step.name, record);
      const seen = total.steps.get(number);
      if (seen !== undefined) addStep(record, seen);
    });
    return { name, steps: Array.from(byName, ([stepName, record]): StepSummary => stepSummary(stepName, record)) };
  });
}

const stepSummary = (name: string, record: ReturnType<typeof emptyStep>): StepSummary => ({
  name,
  ledger: record.ledger,
  responseTimeUs: timesOf(record.responseTime),
  serviceTimeUs: timesOf(record.serviceTime),
});

/** The first break of the run; a void phase can't show one, nor that an objective held before. */
export function breakingPointOf(outcomes: readonly PhaseOutcome[]): BreakingPoint | undefined {
  const valid = outcomes.filter((outcome) => voidReasons(outcome).length === 0);
  for (const [at, outcome] of valid.entries()) {
    if (outcome.phase.kind === 'recovery') continue;
    const found = findBreak(outcome, valid.slice(0, at));
    if (found !== undefined) return { ...found, phase: outcome.phase.name };
  }
  return undefined;
}

/** The phases that have a say in the run's verdict: all but warm-up, unless there is nothing else. */
export function phasesThatCount(phases: readonly PhaseSummary[]): readonly PhaseSummary[] {
  const judged = phases.filter(({ kind }) => kind !== 'warm-up');
  return judged.length === 0 ? phases : judged;
}

/** A run that was stopped early is unknown at best: nobody knows what its later phases would have shown. */
export const runVerdict = (phases: readonly PhaseSummary[], interrupted: boolean): Verdict =>
  gravest([...(interrupted ? (['unknown'] as const) : []), ...phasesThatCount(phases).map(({ verdict }) => verdict)]);
