import { countFrom } from '../../measure/histogram.ts';
import { addStep, emptyStep, type StepRecord } from '../../measure/interval.ts';
import { parseObjective } from '../../plan/objective.ts';
import { planSteps, type Plan } from '../../plan/plan.ts';
import type { PhaseOutcome } from '../outcome.ts';

/** A step as users met it in a phase. */
export interface StepTrouble {
  readonly name: string;
  readonly ended: number;
  /** Of these failed, timed out, or were slower than the objective allows. */
  readonly bad: number;
}

/** That a phase went wrong at few of its steps, while the others were served. */
export interface Concentration {
  /** The worst first. */
  readonly steps: readonly StepTrouble[];
  /** All other steps together. */
  readonly others: StepTrouble;
}

/** Of what went wrong in a phase, these steps hold this share at least. */
const SHARE = 0.9;

/** The others have fewer bad ones, in their share, than a fifth of it: they are served by what these lack. */
const FAR = 0.2;

/** A few that went wrong may be anywhere by chance. */
const LEAST_BAD = 10;

/** Fewer requests than these say nothing of a step. */
const LEAST_ENDED = 20;

/**
 * Where a phase went wrong at a third of its steps at the most. Steps of one name are one. Failures and time-outs are looked at
 * first; where they are not concentrated, and the objective is on a time, requests that were slower than its target.
 */
export function concentrationOf(plan: Plan, outcome: PhaseOutcome, objective: string): Concentration | undefined {
  const records = recordsByName(plan, outcome);
  const limitUs = slowFrom(objective);
  return concentrated(records, undefined) ?? (limitUs === undefined ? undefined : concentrated(records, limitUs));
}

function concentrated(
  records: ReadonlyMap<string, StepRecord>,
  limitUs: number | undefined,
): Concentration | undefined {
  const troubles = Array.from(records, ([name, record]) => troubleOf(name, record, limitUs))
    .filter(({ ended }) => ended > 0)
    .toSorted((a, b) => b.bad - a.bad);
  const all = sumOf(troubles);
  for (let count = 1; count <= troubles.length / 3; count += 1) {
    const [steps, rest] = [troubles.slice(0, count), sumOf(troubles.slice(count))];
    if (sumOf(steps).bad < SHARE * all.bad) continue;
    return all.bad >= LEAST_BAD && areApart(sumOf(steps), rest) ? { steps, others: rest } : undefined;
  }
  return undefined;
}

const areApart = (worst: StepTrouble, rest: StepTrouble): boolean =>
  worst.ended >= LEAST_ENDED && rest.ended >= LEAST_ENDED && rest.bad / rest.ended < (FAR * worst.bad) / worst.ended;

function slowFrom(objective: string): number | undefined {
  const parsed = parseObjective(objective);
  // A limit of some requests says nothing of others.
  if (parsed?.metric.requests !== undefined) return undefined;
  return parsed?.metric.of === 'responseTime' || parsed?.metric.of === 'serviceTime' ? parsed.target.value : undefined;
}

function recordsByName(plan: Plan, { measurement }: PhaseOutcome): ReadonlyMap<string, StepRecord> {
  const records = new Map<string, StepRecord>();
  planSteps(plan).forEach(({ step }, number) => {
    const seen = measurement.total.steps.get(number);
    const record = records.get(step.name) ?? emptyStep();
    records.set(step.name, record);
    if (seen !== undefined) addStep(record, seen);
  });
  return records;
}

function troubleOf(name: string, { ledger, responseTime }: StepRecord, limitUs: number | undefined): StepTrouble {
  const ended = ledger.ok + ledger.failed + ledger.timedOut;
  const failed = ledger.failed + ledger.timedOut;
  return { name, ended, bad: limitUs === undefined ? failed : Math.max(failed, countFrom(responseTime, limitUs)) };
}

const sumOf = (troubles: readonly StepTrouble[]): StepTrouble => ({
  name: '',
  ended: troubles.reduce((sum, { ended }) => sum + ended, 0),
  bad: troubles.reduce((sum, { bad }) => sum + bad, 0),
});
