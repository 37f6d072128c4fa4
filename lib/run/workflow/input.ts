import { z } from 'zod';
import { PlimsollError } from '../../errors.ts';
import { problemsOf } from '../../document/issues.ts';
import { describeProblem } from '../../document/problems.ts';
import { MOST_WORKERS } from '../../environment/quotas.ts';

const input = z.strictObject({
  plan: z.union([
    z.string().regex(/^\w[\w-]*$/, 'is no name of a plan; write that of a file in plans/, without .yaml'),
    z.record(z.string(), z.unknown()),
  ]),
  phases: z.array(z.string().min(1)).min(1).optional(),
  capacity: z.boolean().optional(),
  cleanData: z.boolean().optional(),
  workers: z.int().min(1).max(MOST_WORKERS).optional(),
});

/** What an execution is started with: a plan's name or the plan itself, and if wanted only some of its phases, or a search for its capacity. */
export type ExecutionInput = z.infer<typeof input>;

/** @throws PlimsollError E-INPUT-INVALID with one detail a problem */
export function parseInput(value: unknown): ExecutionInput {
  const parsed = input.safeParse(value);
  if (parsed.success) return refuseBoth(parsed.data);
  const details = problemsOf(parsed.error.issues, { schema: input, input: value }).map(describeProblem);
  throw new PlimsollError('E-INPUT-INVALID', "the execution's input is not understood", details);
}

function refuseBoth(given: ExecutionInput): ExecutionInput {
  if (given.phases === undefined || given.capacity !== true) return given;
  const sentence = "a search for the capacity runs none of the plan's phases: give phases or capacity, not both";
  throw new PlimsollError('E-INPUT-INVALID', sentence);
}
