import { z } from 'zod';

/** Containers of a task as Step Functions describes them, in the words of the ECS API with capitals in front. */
export const endedContainers = z
  .array(z.object({ Reason: z.string().optional(), ExitCode: z.number().optional() }))
  .default([]);

/** Why containers ended; one that ended well has no reason. */
export const reasonsOf = (containers: z.infer<typeof endedContainers>): string[] =>
  containers.flatMap(({ Reason, ExitCode }) => Reason ?? (ExitCode ? `exit code ${ExitCode}` : []));
