import { z } from 'zod';
import { duration, durationUs } from '../../schedule/duration.ts';
import { reference, variableName } from '../name.ts';

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

/** Code of the plan's author, and where it is called. */
export interface PlanHooks {
  /** An absolute path. */
  readonly module: string;
  readonly signatures: z.infer<typeof signatures>;
  readonly beforeJourney: readonly string[];
  readonly beforeRequest: readonly string[];
  readonly afterResponse: readonly string[];
  /** Variable → what templates write where it has no value; null where they can't be written then. */
  readonly sets: Readonly<Record<string, string | number | boolean | null>>;
  readonly limitUs: number;
  /** Undefined: all of them. */
  readonly env?: readonly string[];
  readonly names: Readonly<Record<string, string>>;
}

const DEFAULT_LIMIT = '1s';

export const functionNames = (written: string | readonly string[] | undefined): readonly string[] =>
  [written ?? []].flat();

/** `pathOf`: where a file of the plan lies. */
export function lowerHooks(
  input: HooksInput | undefined,
  pathOf: (file: string) => string = (file) => file,
): { readonly hooks?: PlanHooks } {
  if (input === undefined) return {};
  const { sets = {}, env } = input;
  const hooks: PlanHooks = {
    module: pathOf(input.file),
    signatures: input.signatures ?? 'plan',
    beforeJourney: functionNames(input.beforeJourney),
    beforeRequest: functionNames(input.beforeRequest),
    afterResponse: functionNames(input.afterResponse),
    sets: Array.isArray(sets) ? Object.fromEntries(sets.map((name) => [name, null])) : sets,
    limitUs: durationUs(input.timeout ?? DEFAULT_LIMIT),
    ...(env !== undefined && { env }),
    names: input.names ?? {},
  };
  return { hooks };
}
