import { z } from 'zod';
import type { Phase } from '../../lib/plan/phase.ts';
import { runKeys, type PhaseKeys } from '../../lib/run/archive/keys.ts';
import { phaseAt } from '../../lib/run/archive/phase-files.ts';
import { readHandedOn } from '../../lib/run/archive/once-files.ts';
import { textAt, type Store } from '../../lib/run/archive/store.ts';
import type { AllowList } from '../../lib/run/safety.ts';
import { readFeeders } from './feeder-rows.ts';
import type { OnceSteps } from './once.ts';
import { type HandedOn, type Plan, withCaptured } from '../../lib/plan/plan.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';

const whole = z.coerce.number().int().min(0);

const run = z.object({ PLIMSOLL_STORE: z.string().min(1), PLIMSOLL_RUN: z.string().min(1) });

const once = run.extend({ PLIMSOLL_ONCE: z.enum(['setup', 'last']) });

const environment = run.extend({
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

type Variables = Readonly<Record<string, string | undefined>>;

function readVariables<T>(schema: z.ZodType<T>, env: Variables): T {
  const read = schema.safeParse(env);
  if (read.success) return read.data;
  throw new TaskInputInvalid(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
}

/** A task that sends what a run takes once. */
export interface OnceTaskInput extends Pick<TaskInput, 'storeAddress' | 'runId'> {
  readonly steps: OnceSteps;
}

/** Undefined where the task is to load. @throws TaskInputInvalid */
export function onceInputFrom(env: Variables): OnceTaskInput | undefined {
  if (env['PLIMSOLL_ONCE'] === undefined) return undefined;
  const data = readVariables(once, env);
  return { storeAddress: data.PLIMSOLL_STORE, runId: data.PLIMSOLL_RUN, steps: data.PLIMSOLL_ONCE };
}

/** @throws TaskInputInvalid, with a line for each variable that is missing or wrong */
export function taskInputFrom(env: Variables): TaskInput {
  const data = readVariables(environment, env);
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

/** A read fewer where there was no setup. */
const handedOnTo = async (store: Store, { setup }: Plan, runId: string): Promise<HandedOn> =>
  setup === undefined ? { captured: {}, pages: {} } : await readHandedOn(store, runId);

/** @throws TaskInputInvalid where the store has no such run, or the run no such phase; E-STORE, E-AWS-… */
export async function readAssignment(store: Store, input: TaskInput): Promise<Assignment> {
  const { runId, phase: number } = input;
  const keys = runKeys(runId);
  const [planText, runText] = [await textAt(store, keys.plan), await textAt(store, keys.run)];
  if (planText === undefined || runText === undefined) throw new TaskInputInvalid(`the store has no run ${runId}`);
  const stored = JSON.parse(planText) as Plan;
  const feeders = await readFeeders(store, stored.feeders, input);
  const plan = withCaptured({ ...stored, feeders }, await handedOnTo(store, stored, runId));
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
