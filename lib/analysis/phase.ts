import { judge, type Judged } from './objectives.ts';
import type { PhaseAbort, PhaseOutcome, PhaseWindow } from './outcome.ts';
import { isVoidedByCollapse, type Validity, validityOf } from './validity.ts';
import { orNull, timesOf, transferFindings, type TimesUs, type TransferFindings } from '../measure/times.ts';
import { gravest, type Verdict } from './verdict.ts';
import type { FailureCase } from '../measure/cases.ts';
import type { GivenPhase, GivenTimes } from '../measure/given.ts';
import { addStep, allSteps, emptyStep, type GeneratorRecord } from '../measure/interval.ts';
import { errorRatio, failuresByClass, type ArrivalLedger, type Ledger } from '../measure/ledger.ts';
import { ABORT_ON } from '../plan/objective.ts';
import { describeLoad } from '../plan/describe-load.ts';
import { planSteps, type Plan } from '../plan/plan.ts';
import type { Provenance } from '../measure/provenance.ts';
import type { PhaseKind } from '../plan/phase.ts';
import { areaUntil } from '../schedule/segment.ts';

/** `value` is in µs, a ratio or a rate a second, as the objective's metric is; null where nothing was measured. */
export interface JudgedObjective {
  readonly objective: string;
  readonly value: number | null;
  readonly verdict: Verdict;
}

/** What ended a phase before its time, with the moment when it did; else as `PhaseAbort`. */
export interface AbortedPhase {
  readonly condition: string;
  readonly value: number;
  readonly atSeconds: number;
  readonly at: string;
}

export interface StepFindings extends Partial<TransferFindings> {
  readonly name: string;
  readonly ledger: Ledger;
  readonly responseTimeUs: TimesUs;
  readonly serviceTimeUs: TimesUs;
  /** Examples of its failures, at most three of a kind; left out where none failed. */
  readonly cases?: readonly FailureCase[];
}

/** One phase, judged: what it carried, how long that took, whether its figures can be trusted, and its verdict. */
export interface PhaseFindings extends Partial<TransferFindings> {
  readonly name: string;
  readonly kind: PhaseKind;
  /** `unknown` only of a result of another tool. */
  readonly model: 'open' | 'closed' | 'unknown';
  /** The load as a sentence's part: `20 → 200 arrivals/s`, `50 users`. */
  readonly load: string;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly verdict: Verdict;
  readonly validity: Validity;
  readonly arrivals: ArrivalLedger;
  readonly ledger: Ledger;
  readonly offeredPerSecond: number;
  /** Of a load in requests: what was asked for within the phase, and sent in it. */
  readonly requests?: {
    readonly askedPerSecond: number;
    readonly sentPerSecond: number;
    readonly perJourney: number | null;
  };
  /** Successful requests a second within the phase; what was answered after its end is in the ledger only. */
  readonly throughputPerSecond: number;
  readonly errorRatio: number | null;
  /** Requests that went wrong, by class (`5xx`, `timed out`, …); left out where none did. */
  readonly failuresByClass?: ReturnType<typeof failuresByClass>;
  readonly peakUsers: number;
  readonly responseTimeUs: TimesUs;
  readonly serviceTimeUs: TimesUs;
  readonly startDelayUs: TimesUs;
  readonly generator: {
    readonly cpuRatio: number | null;
    readonly eventLoopDelayUs: TimesUs;
    readonly hooks?: GeneratorRecord['hooks'];
  };
  readonly objectives: readonly JudgedObjective[];
  /** Where a condition of the plan ended it, which is also the last of its objectives, and failed. */
  readonly aborted?: AbortedPhase;
  readonly scenarios: readonly { readonly name: string; readonly steps: readonly StepFindings[] }[];
  /** Of a run of several results of other tools: where this phase's figures come from. Of one result the summary says it. */
  readonly imported?: Provenance;
}

/** Judges one phase by its plan and what was measured; `window` holds the signals that its objectives name. */
export function judgePhase(plan: Plan, outcome: PhaseOutcome, window: PhaseWindow): PhaseFindings {
  const { phase, measurement, ranSeconds, given } = outcome;
  const { total, within } = measurement;
  const all = allSteps(total);
  const seconds = Math.max(ranSeconds, 1e-3);
  const validity = validityOf(outcome);
  const judged = [...phase.objectives.map((objective) => judge(objective, outcome, window)), ...abortJudged(outcome)];
  return {
    name: phase.name,
    kind: phase.kind,
    model: given?.model ?? phase.model,
    load: given?.load ?? describeLoad(phase),
    startedAt: new Date(outcome.startedAtMs).toISOString(),
    durationSeconds: ranSeconds,
    verdict: verdictOf(outcome, judged, validity.verdict),
    validity,
    arrivals: total.arrivals,
    ledger: all.ledger,
    offeredPerSecond: notGiven(outcome, total.arrivals.due / seconds),
    ...(phase.counts === 'requests' && { requests: requestsOf(outcome, seconds) }),
    throughputPerSecond: allSteps(within).ledger.ok / seconds,
    errorRatio: orNull(errorRatio(all.ledger)),
    ...(all.ledger.failed + all.ledger.timedOut > 0 && { failuresByClass: failuresByClass(all.ledger) }),
    peakUsers: notGiven(outcome, Math.ceil(Math.max(0, ...measurement.points.map((point) => point.users)))),
    responseTimeUs: timesOf(all.responseTime, givenFor('responseTime', given, given?.all)),
    serviceTimeUs: timesOf(all.serviceTime, givenFor('serviceTime', given, given?.all)),
    ...transferFindings(all),
    startDelayUs: timesOf(total.startDelay),
    generator: {
      cpuRatio: orNull(total.generator.cpuUs / total.generator.wallUs),
      eventLoopDelayUs: timesOf(total.generator.eventLoopDelay),
      ...(total.generator.hooks !== undefined && { hooks: total.generator.hooks }),
    },
    objectives: judged.map((each) => ({ ...each, value: orNull(each.value) })),
    ...(outcome.aborted && { aborted: abortedPhase(outcome.aborted, outcome.startedAtMs) }),
    scenarios: scenariosOf(plan, outcome),
  };
}

/** So that every reader of objectives sees what ended the phase, and how far it was beyond. */
const abortJudged = ({ aborted }: PhaseOutcome): Judged[] =>
  aborted === undefined
    ? []
    : [{ objective: `${ABORT_ON}${aborted.condition}`, value: aborted.value, verdict: 'fail' }];

const abortedPhase = (aborted: PhaseAbort, startedAtMs: number): AbortedPhase => ({
  ...aborted,
  at: new Date(startedAtMs + aborted.atSeconds * 1000).toISOString(),
});
function requestsOf({ phase: { segments }, measurement: { total, within } }: PhaseOutcome, seconds: number) {
  return {
    askedPerSecond: areaUntil(segments, seconds * 1e6) / seconds,
    sentPerSecond: allSteps(within).ledger.sent / seconds,
    perJourney: orNull(allSteps(total).ledger.sent / total.arrivals.started),
  };
}

/** What another tool has measured was held to no objective of ours, and how its load was made is not known. */
function verdictOf(outcome: PhaseOutcome, judged: readonly Judged[], validity: Validity['verdict']): Verdict {
  if (outcome.given !== undefined) return 'unknown';
  if (isVoidedByCollapse(outcome)) return 'fail';
  return phaseVerdict(allSteps(outcome.measurement.total).ledger, judged, validity);
}

/** Our own generator records every arrival and user; where another tool's result has none, their number is not known. */
const notGiven = ({ given }: PhaseOutcome, value: number): number =>
  given !== undefined && value === 0 ? Number.NaN : value;

const givenFor = (
  time: GivenPhase['time'],
  given: GivenPhase | undefined,
  times: GivenTimes | undefined,
): GivenTimes | undefined => (given?.time === time ? times : undefined);

/** Nothing that ended is no evidence; nothing answered well is a failure, whatever the objectives say; void outranks what it voids. */
function phaseVerdict(ledger: Ledger, judged: readonly Judged[], validity: Validity['verdict']): Verdict {
  if (validity === 'void') return 'void';
  if (ledger.sent === 0) return 'unknown';
  if (ledger.ok === 0) return ledger.failed + ledger.timedOut === 0 ? 'unknown' : 'fail';
  return judged.length === 0 ? 'pass' : gravest(judged.map(({ verdict }) => verdict));
}

/** Steps in the plan's order, those never reached included; steps of one name are one. */
function scenariosOf(plan: Plan, { measurement: { total }, given }: PhaseOutcome): PhaseFindings['scenarios'] {
  const steps = planSteps(plan);
  return plan.scenarios.map(({ name }) => {
    const byName = new Map<string, NamedStep>();
    steps.forEach(({ scenario, step }, number) => {
      if (scenario !== name) return;
      const { record } = byName.get(step.name) ?? { record: emptyStep() };
      byName.set(step.name, { record, times: given?.steps.get(number) });
      const seen = total.steps.get(number);
      if (seen !== undefined) addStep(record, seen);
    });
    return {
      name,
      steps: Array.from(byName, ([stepName, { record, times }]): StepFindings => ({
        name: stepName,
        ledger: record.ledger,
        responseTimeUs: timesOf(record.responseTime, givenFor('responseTime', given, times)),
        serviceTimeUs: timesOf(record.serviceTime, givenFor('serviceTime', given, times)),
        ...transferFindings(record),
        ...(record.cases.length > 0 && { cases: record.cases }),
      })),
    };
  });
}

interface NamedStep {
  readonly record: ReturnType<typeof emptyStep>;
  readonly times: GivenTimes | undefined;
}
