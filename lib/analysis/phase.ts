import { judge, type Judged } from './objectives.ts';
import type { PhaseOutcome, PhaseWindow } from './outcome.ts';
import { isVoidedByCollapse, type Validity, validityOf } from './validity.ts';
import { gravest, type Verdict } from './verdict.ts';
import { percentilesOf, type Histogram } from '../measure/histogram.ts';
import { addStep, allSteps, emptyStep, type Interval } from '../measure/interval.ts';
import { errorRatio, failuresByClass, type ArrivalLedger, type Ledger } from '../measure/ledger.ts';
import { describeLoad } from '../plan/describe-load.ts';
import { planSteps, type Plan } from '../plan/plan.ts';
import type { PhaseKind } from '../plan/phase.ts';

/** µs; null where nothing was measured. */
export interface TimesUs {
  readonly count: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

/** `value` is in µs, a ratio or a rate a second, as the objective's metric is; null where nothing was measured. */
export interface JudgedObjective {
  readonly objective: string;
  readonly value: number | null;
  readonly verdict: Verdict;
}

export interface StepFindings {
  readonly name: string;
  readonly ledger: Ledger;
  readonly responseTimeUs: TimesUs;
  readonly serviceTimeUs: TimesUs;
}

/** One phase, judged: what it carried, how long that took, whether its figures can be trusted, and its verdict. */
export interface PhaseFindings {
  readonly name: string;
  readonly kind: PhaseKind;
  readonly model: 'open' | 'closed';
  /** The load as a sentence's part: `20 → 200 arrivals/s`, `50 users`. */
  readonly load: string;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly verdict: Verdict;
  readonly validity: Validity;
  readonly arrivals: ArrivalLedger;
  readonly ledger: Ledger;
  readonly offeredPerSecond: number;
  /** Successful requests a second within the phase; what was answered after its end is in the ledger only. */
  readonly throughputPerSecond: number;
  readonly errorRatio: number | null;
  /** Requests that went wrong, by class (`5xx`, `timed out`, …); left out where none did. */
  readonly failuresByClass?: ReturnType<typeof failuresByClass>;
  readonly peakUsers: number;
  readonly responseTimeUs: TimesUs;
  readonly serviceTimeUs: TimesUs;
  readonly startDelayUs: TimesUs;
  readonly generator: { readonly cpuRatio: number | null; readonly eventLoopDelayUs: TimesUs };
  readonly objectives: readonly JudgedObjective[];
  readonly scenarios: readonly { readonly name: string; readonly steps: readonly StepFindings[] }[];
}

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

/** Judges one phase by its plan and what was measured; `window` holds the signals that its objectives name. */
export function judgePhase(plan: Plan, outcome: PhaseOutcome, window: PhaseWindow): PhaseFindings {
  const { phase, measurement, ranSeconds } = outcome;
  const { total, within } = measurement;
  const all = allSteps(total);
  const validity = validityOf(outcome);
  const judged = phase.objectives.map((objective) => judge(objective, outcome, window));
  return {
    name: phase.name,
    kind: phase.kind,
    model: phase.model,
    load: describeLoad(phase),
    startedAt: new Date(outcome.startedAtMs).toISOString(),
    durationSeconds: ranSeconds,
    verdict: isVoidedByCollapse(outcome) ? 'fail' : phaseVerdict(all.ledger, judged, validity.verdict),
    validity,
    arrivals: total.arrivals,
    ledger: all.ledger,
    offeredPerSecond: total.arrivals.due / Math.max(ranSeconds, 1e-3),
    throughputPerSecond: allSteps(within).ledger.ok / Math.max(ranSeconds, 1e-3),
    errorRatio: orNull(errorRatio(all.ledger)),
    ...(all.ledger.failed + all.ledger.timedOut > 0 && { failuresByClass: failuresByClass(all.ledger) }),
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
function phaseVerdict(ledger: Ledger, judged: readonly Judged[], validity: Validity['verdict']): Verdict {
  if (validity === 'void') return 'void';
  if (ledger.sent === 0) return 'unknown';
  if (ledger.ok === 0) return ledger.failed + ledger.timedOut === 0 ? 'unknown' : 'fail';
  return judged.length === 0 ? 'pass' : gravest(judged.map(({ verdict }) => verdict));
}

/** Steps in the plan's order, those never reached included; steps of one name are one. */
function scenariosOf(plan: Plan, total: Interval): PhaseFindings['scenarios'] {
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
    return { name, steps: Array.from(byName, ([stepName, record]): StepFindings => stepFindings(stepName, record)) };
  });
}

const stepFindings = (name: string, record: ReturnType<typeof emptyStep>): StepFindings => ({
  name,
  ledger: record.ledger,
  responseTimeUs: timesOf(record.responseTime),
  serviceTimeUs: timesOf(record.serviceTime),
});
