import { z } from 'zod';
import { duration } from '../../../schedule/duration.ts';
import { reference, variableName } from './name.ts';

/** A function of the module: what its author may call one. */
export const functionName = z.string().regex(/^[A-Za-z_$][\w$]*$/, 'is no name of a function');

const names = z.union([functionName, z.array(functionName).min(1)]);

/** How the functions of a module are called. A processor is one that was written for Artillery. */
const signatures = z.enum(['plan', 'processor']);

export const hooksSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe('A module beside the plan, in JavaScript or TypeScript, that exports the functions.'),
  beforeJourney: names.optional().describe("Called before each iteration of a user's steps."),
  beforeRequest: names.optional().describe('Called before each request; it may change it.'),
  afterResponse: names.optional().describe('Called after each reply.'),
  sets: z
    .union([z.array(variableName), z.record(variableName, z.union([z.string(), z.number(), z.boolean()]))])
    .optional()
    .describe('Variables that functions set; of a map, with what templates write until then.'),
  timeout: duration.optional().describe('How long a call may take. Default 1s.'),
  env: z.array(variableName).optional().describe('Environment variables that the module may see; all by default.'),
  signatures: signatures.optional().describe('How functions are called: as docs/plan.md says (plan), or processor.'),
  names: z
    .record(z.string(), reference)
    .optional()
    .describe('Of a processor: what a name in context.vars is in the plan.'),
});

export type HooksInput = z.infer<typeof hooksSchema>;
