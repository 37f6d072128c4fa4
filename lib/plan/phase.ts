import { z } from 'zod';
import type { ArrivalProcess } from '../schedule/arrivals.ts';
import { duration } from '../schedule/duration.ts';
import { durationUs } from '../units.ts';
import { totalUs, type Segment } from '../schedule/segment.ts';
import type { Model } from '../schedule/shape.ts';
import { closedSchema, durationFits, hasOwnTime, MISFIT, openSchema, segmentsOf } from './load.ts';
import {
  ABORT_PATTERN,
  OBJECTIVE_PATTERN,
  parseAbort,
  objectivesFrom,
  parseObjective,
  type AbortCondition,
  type Objective,
} from './objective.ts';

export const phaseKinds = ['warm-up', 'sustained', 'stress', 'recovery'] as const;
export type PhaseKind = (typeof phaseKinds)[number];

export const objective = z
  .string()
  .regex(OBJECTIVE_PATTERN, {
    error: 'is no objective; write a metric and a limit, such as "p99 < 500ms, fail > 600ms"',
    abort: true,
  })
  .refine((text) => parseObjective(text) !== undefined, {
    error: 'has a limit whose unit does not fit its metric; write ms or s for times, % for shares, /s for throughput',
  })
  .meta({
    id: 'objective',
    examples: ['p99 < 500ms, fail > 600ms', 'errors < 0.5%', 'p99 of checkout over 10s < 2s', 'service.cpu p99 < 80%'],
  });

const abortCondition = z
  .string()
  .regex(ABORT_PATTERN, {
    error: 'is no condition to end a phase; write a metric, a limit and for how long, such as "p99 > 2s for 30s"',
    abort: true,
  })
  .refine((text) => parseAbort(text) !== undefined, {
    error: 'has a limit whose unit does not fit its metric; write ms or s for times, % for shares, /s for throughput',
  })
  .meta({ id: 'abortCondition', examples: ['p99 > 2s for 30s', 'errors of login over 10s > 50%'] });

export const abortOn = z.union([abortCondition, z.array(abortCondition).min(1)]);

/** Two of a phase's rules can be checked even where other lines of the phase are wrong. */
const isMap = ({ value }: { value: unknown }): boolean => typeof value === 'object' && value !== null;

export const phaseSchema = z
  .strictObject({
    name: z.string().min(1),
    kind: z.enum(phaseKinds),
    duration: duration.optional().describe('May be left out where stages say it.'),
    open: openSchema.optional(),
    closed: closedSchema.optional(),
    objectives: z.array(objective).optional().describe("Instead of the plan's."),
    abortOn: abortOn.optional().describe("What ends the phase before its time, instead of the plan's."),
    stopOnFail: z.boolean().optional().describe('Skip what follows (but recovery) when this phase fails.'),
  })
  .refine((phase) => (phase.open === undefined) !== (phase.closed === undefined), {
    error: 'needs exactly one of open and closed',
    when: isMap,
  })
  .refine((phase) => phase.duration !== undefined || hasOwnTime(phase), {
    error: 'needs a duration, such as 30s',
    when: isMap,
  })
  .refine((phase) => durationFits(phase), {
    error: MISFIT,
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ id: 'phase' });

export type PhaseInput = z.infer<typeof phaseSchema>;

/** Arrivals or requests a second over time, or virtual users over time. */
export interface Load {
  readonly model: Model;
  /** What the levels of an open model count; arrivals where it is not given. */
  readonly counts?: 'requests';
  readonly segments: readonly Segment[];
  /** Of a closed model: from the beginning of a user's journey to that of its next, where the plan says it. */
  readonly paceUs?: number;
}

export interface Phase extends Load {
  readonly name: string;
  readonly kind: PhaseKind;
  readonly durationUs: number;
  /** Of an open model. */
  readonly process: ArrivalProcess;
  readonly patienceUs: number;
  /** Of an open model: the most journeys under way at a time. */
  readonly most?: number;
  readonly objectives: readonly Objective[];
  readonly stopOnFail: boolean;
  /** What ends it early; only recovery phases are run then. */
  readonly abortOn?: readonly AbortCondition[];
  /** Of a phase that a search has asked for: what for, and the whole seconds at its beginning in which queues settle. */
  readonly probe?: {
    readonly purpose: 'warm-up' | 'bracket' | 'close' | 'confirm' | 'cool-down';
    readonly settleSeconds: number;
  };
}

/** Long enough for a short stall of the target to leave no drop, short enough that a queue of arrivals stays bounded. */
const DEFAULT_PATIENCE = '5s';

/** A phase of these kinds is not ended by the plan's conditions: caches are cold, or the service is still ill. */
export const SPARED: readonly PhaseKind[] = ['warm-up', 'recovery'];

type OpenOptions = Pick<Phase, 'process' | 'patienceUs' | 'most'>;

const lowerOpen = ({ arrivals, patience, most }: Partial<NonNullable<PhaseInput['open']>>): OpenOptions => ({
  process: arrivals ?? 'uniform',
  patienceUs: durationUs(patience ?? DEFAULT_PATIENCE),
  ...(most !== undefined && { most }),
});

const lowerLoad = ({ open, closed }: PhaseInput): Omit<Load, 'segments'> => ({
  model: open === undefined ? 'closed' : 'open',
  ...(open?.requests !== undefined && { counts: 'requests' as const }),
  ...(closed?.pacing !== undefined && { paceUs: durationUs(closed.pacing) }),
});

export function lowerPhase(
  input: PhaseInput,
  planObjectives: readonly string[],
  planAbortOn: readonly string[] = [],
): Phase {
  const segments = segmentsOf(input);
  return {
    name: input.name,
    kind: input.kind,
    ...lowerLoad(input),
    segments,
    durationUs: totalUs(segments),
    ...lowerOpen(input.open ?? {}),
    // Warm-up is there to be slow (caches and code are cold), so the plan's objectives are not for it.
    objectives: objectivesFrom(input.objectives ?? (input.kind === 'warm-up' ? [] : planObjectives)),
    stopOnFail: input.stopOnFail ?? false,
    ...lowerAbort(input, planAbortOn),
  };
}

function lowerAbort({ kind, abortOn: own }: PhaseInput, ofPlan: readonly string[]): Pick<Phase, 'abortOn'> {
  const conditions = [own ?? (SPARED.includes(kind) ? [] : ofPlan)].flat();
  return conditions.length === 0 ? {} : { abortOn: conditions.flatMap((text) => parseAbort(text) ?? []) };
}
