import { z } from 'zod';
import type { CloudResource, Quantity } from '../../signals/cloud.ts';

const hosts = z.array(z.string());

const settings = z.strictObject({
  /** Begins the names of alarms, and is the dimension `Environment` of live metrics. */
  environment: z.string(),
  /** Plimsoll's own. */
  version: z.string(),
  /** Where the load goes when the plan names no other place. */
  target: z.url(),
  healthPath: z.string(),
  allow: z.strictObject({ hosts, production: hosts }),
  /** How many tasks share the load when nobody says otherwise, and what each is. */
  workers: z.int(),
  taskVcpus: z.number(),
  capacity: z.enum(['on-demand', 'spot']),
  /** How long tasks that are ready wait for the others. */
  barrierSeconds: z.int(),
  /** To so many tasks the service is raised when an alarm ends a run (R144). */
  mitigation: z.strictObject({ desiredTasks: z.int(), undo: z.string() }).optional(),
  /** Whether the workflow has a task that cleans test data. */
  mayReset: z.boolean().exactOptional(),
  /** Begins the address under which a key of the store is shown in the console. */
  links: z.string(),
  resources: z.partialRecord(z.custom<CloudResource>(), z.array(z.record(z.string(), z.string()))),
  quantities: z.partialRecord(z.custom<Quantity>(), z.number()),
});

/** What the steps of the workflow know of the environment they stand in; plain JSON, in the variable PLIMSOLL_SETTINGS. */
export type CloudSettings = z.infer<typeof settings>;

/** @throws ZodError, SyntaxError; the stack writes this, so it is a defect and no mistake of a person's */
export const parseSettings = (text: string): CloudSettings => settings.parse(JSON.parse(text));
