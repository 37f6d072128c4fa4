import { z } from 'zod';
import type { Phase } from '../../lib/plan/phase.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { runKeys, type PhaseKeys } from '../../lib/run/archive/keys.ts';
import { phaseAt } from '../../lib/run/archive/phase-files.ts';
import { textAt, type Store } from '../../lib/run/archive/store.ts';
import type { AllowList } from '../../lib/run/safety.ts';
import { readFeeders } from './feeder-rows.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';

const whole = z.coerce.number().int().min(0);

const environment = z.object({
  PLIMSOLL_STORE: z.string().min(1),
  PLIMSOLL_RUN: z.string().min(1),
  PLIMSOLL_PHASE: whole,
  PLIMSOLL_WORKER: z
    .string()
    .regex(/^\d+\/\d+$/, 'is no share; write it as 0/8, counted from 0')
    .transform((text): Share => {
      const [index = 0, of = 0] = text.split('/').map(Number);
      return { index, of };
    })
    .refine(({ index, of }) => index < of, 'is no share: the first number must be less than the second'),
  PLIMSOLL_ENVIRONMENT: z.string().min(1),
  PLIMSOLL_BARRIER_SECONDS: z.coerce.number().positive(),
});

/** A task's input, from its environment variables. */
export interface TaskInput {
  /** `file:///folder` or `s3://bucket/prefix`. */
  readonly storeAddress: string;
  readonly runId: string;
  readonly phase: number;
  readonly share: Share;
  /** The dimension of its metrics. */
  readonly environment: string;
  /** How long it waits for the other workers. */
  readonly barrierSeconds: number;
}

/** The task's input is wrong, so no load was sent, and another try would end the same. */
export class TaskInputInvalid extends Error {}

/** @throws TaskInputInvalid, with a line for each variable that is missing or wrong */
export function taskInputFrom(env: Readonly<Record<string, string | undefined>>): TaskInput {
  const read = environment.safeParse(env);
  if (!read.success)
    throw new TaskInputInvalid(
      read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    );
  const { data } = read;
  return {
    storeAddress: data.PLIMSOLL_STORE,
    runId: data.PLIMSOLL_RUN,
    phase: data.PLIMSOLL_PHASE,
    share: data.PLIMSOLL_WORKER,
    environment: data.PLIMSOLL_ENVIRONMENT,
    barrierSeconds: data.PLIMSOLL_BARRIER_SECONDS,
  };
}

const names = z.array(z.string());
const runRecord = z.object({
  target: z.url(),
  allow: z.object({ hosts: names, production: names }).exactOptional(),
});

/** The plan, checked when the run was prepared, the phase of it to load, and where it goes. */
export interface Assignment {
  readonly plan: Plan;
  readonly phase: Phase;
  readonly target: string;
  readonly allowed?: AllowList;
  readonly keys: PhaseKeys;
}

/** @throws TaskInputInvalid where the store has no such run, or the run no such phase; E-STORE, E-AWS-… */
export async function readAssignment(store: Store, input: TaskInput): Promise<Assignment> {
  const { runId, phase: number } = input;
  const keys = runKeys(runId);
  const [planText, runText] = [await textAt(store, keys.plan), await textAt(store, keys.run)];
  if (planText === undefined || runText === undefined) throw new TaskInputInvalid(`the store has no run ${runId}`);
  const stored = JSON.parse(planText) as Plan;
  const plan = { ...stored, feeders: await readFeeders(store, stored.feeders, input) };
  const { target, allow } = runRecord.parse(JSON.parse(runText));
  const handedOut = await phaseAt(store, keys.phase(number));
  if (handedOut === undefined) throw new TaskInputInvalid(`the run ${runId} has no phase ${number}`);
  return {
    plan,
    phase: handedOut.phase,
    target,
    ...(allow !== undefined && { allowed: allow }),
    keys: keys.phase(number),
  };
}
