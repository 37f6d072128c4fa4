import { z } from 'zod';
import { PlimsollError } from '../../lib/errors.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';

/** Nodes may have to be started, and images fetched. */
const BARRIER_SECONDS = 300;

/** Not coerced, since an empty text would be 0. */
const whole = z.string().regex(/^\d+$/, 'is no whole number').transform(Number);

const environment = z
  .object({
    PLIMSOLL_STORE: z.string().min(1),
    PLIMSOLL_EXECUTION: z.string().regex(/^[\w-]+$/, 'is no name; use letters, digits, - and _'),
    PLIMSOLL_WORKERS: whole,
    // Set by Kubernetes in every pod of an Indexed Job: https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
    JOB_COMPLETION_INDEX: whole,
    PLIMSOLL_ENVIRONMENT: z.string().min(1),
    PLIMSOLL_BARRIER_SECONDS: z.coerce.number().positive().default(BARRIER_SECONDS),
  })
  .refine((given) => given.JOB_COMPLETION_INDEX < given.PLIMSOLL_WORKERS, {
    path: ['JOB_COMPLETION_INDEX'],
    message: 'counts from 0, and must be less than PLIMSOLL_WORKERS',
  });

/** What a worker is, from its environment variables. */
export interface WorkerInput {
  /** `file:///folder` or `s3://bucket/prefix`. */
  readonly storeAddress: string;
  /** What all workers of a run call it before it has an id. */
  readonly execution: string;
  readonly share: Share;
  /** Where it runs, for the report. */
  readonly environment: string;
  /** How long workers that are ready for a phase wait for the others. */
  readonly barrierSeconds: number;
}

/** @throws PlimsollError E-WORKER-INPUT, with a line for each variable that is missing or wrong */
export function workerInputFrom(env: Readonly<Record<string, string | undefined>>): WorkerInput {
  const read = environment.safeParse(env);
  if (!read.success) {
    const lines = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new PlimsollError('E-WORKER-INPUT', 'The environment of this worker is not whole.', lines);
  }
  const { data } = read;
  return {
    storeAddress: data.PLIMSOLL_STORE,
    execution: data.PLIMSOLL_EXECUTION,
    share: { index: data.JOB_COMPLETION_INDEX, of: data.PLIMSOLL_WORKERS },
    environment: data.PLIMSOLL_ENVIRONMENT,
    barrierSeconds: data.PLIMSOLL_BARRIER_SECONDS,
  };
}
