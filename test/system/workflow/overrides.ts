import { z } from 'zod';
import type { Json } from './execute.ts';

const variable = z.object({ Name: z.string(), Value: z.string() });
const taskParameters = z.object({
  Overrides: z.object({ ContainerOverrides: z.array(z.object({ Environment: z.array(variable) })) }),
});

/** Environment variables that a state gives to the task that it starts. */
export const overrides = (input: Json): Record<string, string> =>
  Object.fromEntries(
    taskParameters
      .parse(input)
      .Overrides.ContainerOverrides.flatMap(({ Environment }) => Environment.map(({ Name, Value }) => [Name, Value])),
  );
