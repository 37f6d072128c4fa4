import { z } from 'zod';
import type { ArrivalProcess } from '../schedule/arrivals.ts';
import { duration } from '../schedule/duration.ts';
import { durationUs } from '../units.ts';
import { objective, type Phase, type PhaseKind, SPARED } from './phase.ts';
import { type AbortCondition, objectivesFrom, parseAbort, type Objective } from './objective.ts';

const share = z
  .string()
  .regex(/^\d+(?:\.\d+)?%$/, { error: 'is no share; write a percentage such as 10%', abort: true })
  .refine((text) => Number.parseFloat(text) > 0 && Number.parseFloat(text) <= 100, {
    error: 'must be above 0 % and at most 100 %',
  });

/** How the highest load is looked for at which every objective holds. */
export const capacitySchema = z
  .strictObject({
    from: z.number().positive().optional().describe('Arrivals a second to begin with. Default 10.'),
    max: z.number().positive().optional().describe('Arrivals a second that are never exceeded. Default 10000.'),
    arrivals: z.enum(['uniform', 'poisson']).optional().describe('At random (default), or evenly spaced.'),
    patience: duration.optional().describe('An arrival that cannot start within this is dropped. Default 5s.'),
    objectives: z.array(objective).min(1).optional().describe("Instead of the plan's."),
    interval: share.optional().describe('How wide the interval of the answer may be, of the capacity. Default 10%.'),
    hold: duration.optional().describe('How long the answer is held to confirm it. Default 30s.'),
    budget: z
      .strictObject({
        time: duration.optional().describe('Of load, at most. Default 4m.'),
        requests: z.int().positive().optional().describe('Arrivals, at most.'),
      })
      .optional()
      .describe('What ends the search with the best answer so far.'),
  })
  .meta({ id: 'capacity', description: 'A search for the highest load at which every objective holds.' });

export type CapacityInput = z.infer<typeof capacitySchema>;

/** A search for the capacity, as a plan asks for it. */
export interface CapacitySearch {
  readonly fromPerSecond: number;
  readonly maxPerSecond: number;
  readonly process: ArrivalProcess;
  readonly patienceUs: number;
  readonly objectives: readonly Objective[];
  /** Width of the interval wanted, as a share of the capacity. */
  readonly widthRatio: number;
  readonly holdUs: number;
  readonly budgetUs: number;
  readonly budgetArrivals?: number;
  /** Of the plan: what ends a probe before its time. */
  readonly abortOn?: readonly AbortCondition[];
}

export function lowerCapacity(
  input: CapacityInput,
  planObjectives: readonly string[],
  planAbortOn: readonly string[] = [],
): CapacitySearch {
  const { budget = {} } = input;
  return {
    fromPerSecond: input.from ?? 10,
    maxPerSecond: input.max ?? 10_000,
    process: input.arrivals ?? 'poisson',
    patienceUs: durationUs(input.patience ?? '5s'),
    objectives: objectivesFrom(input.objectives ?? planObjectives),
    widthRatio: Number(`${(input.interval ?? '10%').slice(0, -1)}e-2`),
    holdUs: durationUs(input.hold ?? '30s'),
    budgetUs: durationUs(budget.time ?? '4m'),
    ...(budget.requests !== undefined && { budgetArrivals: budget.requests }),
    ...(planAbortOn.length > 0 && { abortOn: planAbortOn.flatMap((text) => parseAbort(text) ?? []) }),
  };
}

/** What a search wants of a phase: a rate that is held, and what for. */
export interface ProbeLoad {
  readonly purpose: 'warm-up' | 'bracket' | 'close' | 'confirm' | 'cool-down';
  readonly perSecond: number;
  readonly seconds: number;
  readonly settleSeconds: number;
}

const KINDS: Readonly<Record<ProbeLoad['purpose'], PhaseKind>> = {
  'warm-up': 'warm-up',
  bracket: 'stress',
  close: 'stress',
  confirm: 'sustained',
  'cool-down': 'recovery',
};

/** A probe as a phase; `number` counts the phases of the run from 0. */
export function probePhase(
  { process, patienceUs, objectives, abortOn }: CapacitySearch,
  { purpose, perSecond, seconds, settleSeconds }: ProbeLoad,
  number: number,
): Phase {
  const rate = Number(perSecond.toPrecision(4));
  const us = Math.round(seconds * 1e6);
  return {
    name: `probe ${number + 1}: ${purpose}`,
    kind: KINDS[purpose],
    model: 'open',
    segments: [{ durationUs: us, from: rate, to: rate }],
    durationUs: us,
    process,
    patienceUs,
    objectives,
    stopOnFail: false,
    ...(abortOn !== undefined && !SPARED.includes(KINDS[purpose]) && { abortOn }),
    probe: { purpose, settleSeconds },
  };
}
